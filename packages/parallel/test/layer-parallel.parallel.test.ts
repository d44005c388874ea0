import { serialCommunicator } from "@parakkt/core";
import { runOnThreads } from "@parakkt/parallel";
import { differingBits } from "@parakkt/testing";
import { fileURLToPath } from "node:url";
import { digestOf } from "./layer-parallel-mpi-program.js";
import { trainingStep, type LayerParallelResult, type LayerParallelTask } from "./layer-parallel-program.js";
import { installedMpis, mpirun } from "./mpirun.js";

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

const MPI_PROGRAM = fileURLToPath(new URL("./mpi-program.js", import.meta.url));
const ON_MPI = new URL("./layer-parallel-mpi-program.js", import.meta.url).href;
/** Where an MPI is missing its tests are not there, and mpirun.ts has said so; jest wants one row at least. */
const mpis = installedMpis.map((mpi) => [mpi.family, mpi] as const);

(mpis.length > 0 ? test : test.skip).each(mpis.length > 0 ? mpis : [["MPI", undefined!] as const])("a training step has the same bits on every one of 2 and 4 ranks of %s as on one", (_family, mpi) => {
  const alone = digestOf(trainingStep(serialCommunicator(), { coarsening: 4, levels: 2 }).bits);
  for (const ranks of [2, 4]) {
    const { code, stdout, stderr } = mpirun(mpi, ranks, [MPI_PROGRAM, ON_MPI]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(Array.from({ length: ranks }, () => alone).flat());
  }
  expect(digestOf(trainingStep(serialCommunicator(), { coarsening: 3, levels: 2 }).bits)).not.toEqual(alone);
});
