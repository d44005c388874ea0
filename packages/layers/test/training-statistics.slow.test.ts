import type { Effort, EpochRecord, WarmStart } from "@parakkt/layers";
import { peaksTraining, recordsOf, trainToTheEnd } from "./training-cases.js";

const SEEDS = [1, 2, 3];
const SERIAL: Effort = { kind: "serial" };
const inexact = (forward: number, backward: number): Effort => ({ kind: "inexact", forward, backward });
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The last epochs of trainings with three seeds. */
function lastEpochs(train: (seed: number) => ReturnType<typeof peaksTraining>): EpochRecord[] {
  return SEEDS.map((seed) => recordsOf(trainToTheEnd(train(seed)), "epoch").at(-1)!);
}

describe("peaks, N = 32, width 8, mini-batch 50, Adam 5e-3, T = 1, 40 epochs, three seeds", () => {
  const endings = (effort: Effort): EpochRecord[] =>
    lastEpochs((seed) => peaksTraining({ samples: 1000, validation: 500, width: 8, epochs: 40, seed, batchSize: [{ from: 0, size: 50 }], depth: [{ from: 0, size: 32 }], effort }));
  const serial = endings(SERIAL);

  test.each([[1, 1], [2, 1]])("%d forward and %d backward cycles: mean final loss within 2 %% and mean accuracy within 2 points of serial", (forward, backward) => {
    const parallel = endings(inexact(forward, backward));
    const [loss, serialLoss] = [parallel, serial].map((epochs) => mean(epochs.map(({ trainingLoss }) => trainingLoss)));
    const [right, serialRight] = [parallel, serial].map((epochs) => mean(epochs.map(({ validationAccuracy }) => validationAccuracy!)));
    expect(Math.abs(loss / serialLoss - 1)).toBeLessThan(0.02);
    expect(Math.abs(right - serialRight)).toBeLessThan(0.02);
  });
});

describe("peaks, N = 32, width 16, T = 2, rate 2e-2 with a cosine, 60 epochs of 2000 samples, three seeds", () => {
  const endings = (effort: Effort): number[] =>
    lastEpochs((seed) =>
      peaksTraining({
        ...{ samples: 2000, validation: 500, width: 16, duration: 2, epochs: 60, seed, effort },
        ...{ batchSize: [{ from: 0, size: 50 }], depth: [{ from: 0, size: 32 }], rate: { rate: 2e-2, schedule: { kind: "cosine", final: 0.05 } } },
      }),
    ).map(({ validationAccuracy }) => validationAccuracy!);

  test("serial and layer-parallel training reach 90 % validation accuracy with each seed, the means within 2 points", () => {
    const [serial, parallel] = [endings(SERIAL), endings(inexact(2, 1))];
    expect(Math.min(...serial, ...parallel)).toBeGreaterThanOrEqual(0.9);
    expect(Math.abs(mean(parallel) - mean(serial))).toBeLessThan(0.02);
  });
});

test("under Adam warm-started states do no harm, warm-started adjoints do: one-shot, 1/1 cycles, 300 updates of 200 samples, T = 5", () => {
  const loss = (warmStart: WarmStart): number => {
    const everything = { warmStart, epochs: 300, rate: { rate: 2e-2 }, effort: inexact(1, 1), batchSize: [{ from: 0, size: 200 }], depth: [{ from: 0, size: 32 }] };
    const epochs = recordsOf(trainToTheEnd(peaksTraining({ samples: 200, width: 8, duration: 5, ...everything })), "epoch");
    return mean(epochs.slice(-20).map(({ trainingLoss }) => trainingLoss));
  };
  const [afresh, states, adjointsToo] = (["none", "states", "states-and-adjoints"] as const).map(loss);
  expect(states).toBeLessThan(1.25 * afresh);
  expect(adjointsToo).toBeGreaterThan(1.5 * states);
});
