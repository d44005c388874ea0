import { serialCommunicator } from "@parakkt/core";
import { runOnThreads } from "@parakkt/parallel";
import { differingBits } from "@parakkt/testing";
import { trainingStep, type LayerParallelResult, type LayerParallelTask } from "./layer-parallel-program.js";

const program = new URL("./layer-parallel-program.js", import.meta.url);

test.each<[string, number, LayerParallelTask]>([
  ["two levels, c = 4", 2, { coarsening: 4, levels: 2 }],
  ["three levels, c = 4: fewer intervals than ranks on the second", 4, { coarsening: 4, levels: 3 }],
  ["two levels, c = 24: fewer intervals than ranks", 4, { coarsening: 24, levels: 2 }],
])("a training step, %s, has loss, residuals and gradient of the same bits on %i threads as on one rank, and others with another hierarchy", async (_name, threads, task) => {
  const alone = trainingStep(serialCommunicator(), task);
  for (const { bits, messages } of await runOnThreads<LayerParallelResult>(program, { threads, data: task })) {
    expect(differingBits(bits, alone.bits)).toBe(0);
    expect(messages).toBeGreaterThan(0);
  }
  expect(differingBits(trainingStep(serialCommunicator(), { coarsening: 3, levels: 2 }).bits, alone.bits)).toBeGreaterThan(0);
});
