import type { Effort, EpochRecord, WarmStart } from "@parakkt/layers";
import { peaksTraining, recordsOf, trainToTheEnd } from "./training-cases.js";

const SEEDS = [1, 2, 3];
const SERIAL: Effort = { kind: "serial" };
const inexact = (forward: number, backward: number): Effort => ({ kind: "inexact", forward, backward });
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

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

describe("peaks, N = 32, width 16, T = 2, rate 2e-2 with a cosine, smoothness 1e-4, 60 epochs of 2000 samples, three seeds", () => {
  const endings = (effort: Effort): number[] =>
    lastEpochs((seed) =>
      peaksTraining({
        ...{ samples: 2000, validation: 2000, width: 16, duration: 2, epochs: 60, seed, effort, regularization: { decay: 0, smoothness: 1e-4 } },
        ...{ batchSize: [{ from: 0, size: 50 }], depth: [{ from: 0, size: 32 }], rate: { rate: 2e-2, schedule: { kind: "cosine", final: 0.05 } } },
      }),
    ).map(({ validationAccuracy }) => validationAccuracy!);

  test("serial and layer-parallel training reach 90 % validation accuracy with each seed, the means within 2 points", () => {
    const [serial, parallel] = [endings(SERIAL), endings(inexact(2, 1))];
    expect(Math.min(...serial, ...parallel)).toBeGreaterThanOrEqual(0.9);
    expect(Math.abs(mean(parallel) - mean(serial))).toBeLessThan(0.02);
  });
});

describe("one-shot under Adam, 1/1 cycles, 300 updates at 2e-2 of 200 samples, T = 2, five seeds", () => {
  /** Of every fifth update: median error of its gradient; mean serial loss over the last hundred updates. The loss that an update sees is that of inexact states. */
  const measured = (warmStart: WarmStart): { readonly error: number; readonly loss: number }[] =>
    [1, 2, 3, 4, 5].map((seed) => {
      const everything = { warmStart, seed, epochs: 300, rate: { rate: 2e-2 }, effort: inexact(1, 1), batchSize: [{ from: 0, size: 200 }], depth: [{ from: 0, size: 32 }] };
      const agreement = recordsOf(trainToTheEnd(peaksTraining({ samples: 200, width: 8, duration: 2, checkEvery: 5, ...everything })), "agreement");
      return { error: median(agreement.map(({ relativeError }) => relativeError)), loss: mean(agreement.slice(-20).map(({ exactLoss }) => exactLoss)) };
    });
  const [afresh, states, adjointsToo] = (["none", "states", "states-and-adjoints"] as const).map(measured);
  const meanOf = (runs: typeof afresh, key: "error" | "loss"): number => mean(runs.map((run) => run[key]));

  test("warm-started states at least halve the error of the gradient and the serial loss in the end", () => {
    expect(meanOf(states, "error")).toBeLessThan(0.5 * meanOf(afresh, "error"));
    expect(meanOf(states, "loss")).toBeLessThan(0.5 * meanOf(afresh, "loss"));
  });

  test("warm-started adjoints beside them do not pay: the serial loss in the end is larger, geometric mean over the seeds", () => {
    expect(mean(adjointsToo.map(({ loss }, k) => Math.log(loss / states[k].loss)))).toBeGreaterThan(0.05);
  });
});
