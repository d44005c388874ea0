import { differingBits, simulateRanks } from "@parakkt/testing";
import type { Communicator } from "@parakkt/core";
import type { TrainingOptions } from "@parakkt/layers";
import { peaksTraining, trainToTheEnd } from "./training-cases.js";

/** One epoch of three updates; the snapshot in the middle too. */
function bitsOf(options: Partial<TrainingOptions>, communicator?: Communicator): Float64Array[] {
  const run = peaksTraining({ epochs: 1, samples: 45, ...options, solver: { coarsening: 4, levels: 2, ...(communicator && { communicator }) } });
  run.advance();
  const { vectors } = run.snapshot();
  trainToTheEnd(run);
  return [...vectors, run.parameters];
}

describe.each([
  ["mini-batches", { batchSize: [{ from: 0, size: 15 }], dropout: 0.1, checkEvery: 1 }],
  ["one-shot with warm-started states and adjoints", { batchSize: [{ from: 0, size: 45 }], epochs: 3, warmStart: "states-and-adjoints" as const }],
])("training on %s", (_name, options: Partial<TrainingOptions>) => {
  const alone = bitsOf(options);

  test.each([2, 3, 4])("has the same parameters and snapshots, bit for bit, on every one of %d ranks", (ranks) => {
    for (const vectors of simulateRanks(ranks, (communicator) => bitsOf(options, communicator))) {
      expect(vectors.length).toBe(alone.length);
      vectors.forEach((vector, k) => expect(differingBits(vector, alone[k])).toBe(0));
    }
  });

  test("has other parameters with another seed (negative control)", () => {
    expect(differingBits(bitsOf({ ...options, seed: 2 }).at(-1)!, alone.at(-1)!)).toBeGreaterThan(0);
  });
});
