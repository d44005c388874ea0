import {
  adam,
  adaptedEffort,
  composedMap,
  convergenceIndicator,
  crossEntropy,
  denseMap,
  encoderLayer,
  network,
  normalizedTokens,
  strings,
  tokenEmbedding,
  training,
  type DataSet,
  type Effort,
  type NetworkFamily,
  type Training,
  type TrainingOptions,
} from "@parakkt/layers";
import { recordsOf, trainToTheEnd } from "./training-cases.js";

const [tokens, features, vocabulary] = [6, 8, 6];

/** An encoder that writes to every place what it reads, sorted; weights three times as large as usual: rough. */
const roughEncoder: NetworkFamily = {
  build({ batch, depth }, parameters) {
    const rows = batch * tokens;
    return network({
      opening: tokenEmbedding({ batch, tokens, vocabulary, features }),
      phases: [{ layer: encoderLayer({ batch, tokens, features, heads: 2, hidden: 16 }), steps: depth }],
      closing: composedMap(normalizedTokens(rows, features), denseMap({ batch: rows, inputs: features, outputs: vocabulary })),
      loss: crossEntropy(rows),
      duration: 8,
      ...(parameters && { parameters }),
    });
  },
  inputs: ({ inputs }) => ({ data: inputs }),
};

/** The strings without the part that a decoder reads. */
function sorting(count: number, seed: number): DataSet {
  const set = strings({ count, seed, task: "sort", length: tokens, symbols: vocabulary });
  return { ...set, inputShape: [tokens], inputs: Float64Array.from({ length: count * tokens }, (_, j) => set.inputs[Math.floor(j / tokens) * 2 * tokens + (j % tokens)]) };
}

function encoderTraining(options: Partial<TrainingOptions>): Training {
  return training({
    family: roughEncoder,
    data: { training: sorting(40, 1), validation: sorting(8, 2) },
    epochs: 3,
    seed: 1,
    batchSize: [{ from: 0, size: 10 }],
    depth: [{ from: 0, size: 32 }],
    rate: { rate: 5e-3 },
    effort: { kind: "inexact", forward: 2, backward: 1 },
    classification: true,
    optimizer: (size) => adam(size),
    solver: { coarsening: 4, levels: 2 },
    warmStart: "none",
    guess: "constant",
    dropout: 0,
    layerScale: 3,
    checkEvery: 1,
    ...options,
  });
}

describe("the encoder with rough weights, T = 8, c = 4", () => {
  const switching = encoderTraining({ indicator: { every: 1 } });
  const records = switching.advance();
  const [look] = recordsOf(records, "indicator");
  const atSwitch = switching.snapshot();
  const later = trainToTheEnd(switching);

  test("has ρ > 1 in the backward solve, which switches to serial propagation for good", () => {
    expect(look.backward).toBeGreaterThan(1);
    expect(look).toMatchObject({ switched: true, effort: "serial" });
    expect(recordsOf(later, "update").every(({ effort }) => effort === "serial")).toBe(true);
  });

  test("then has the serial gradients, and the losses of a serial training from there, bit for bit", () => {
    for (const { cosine, relativeError } of recordsOf(later, "agreement")) expect([Math.abs(cosine - 1) < 1e-12, relativeError]).toEqual([true, 0]);
    const serial = encoderTraining({ effort: { kind: "serial" } });
    serial.restore(atSwitch);
    expect(recordsOf(trainToTheEnd(serial), "epoch")).toEqual(recordsOf(later, "epoch"));
  });

  test("without the indicator gradients point elsewhere (negative control)", () => {
    const cosines = recordsOf(trainToTheEnd(encoderTraining({ epochs: 1 })), "agreement").map(({ cosine }) => cosine);
    expect(Math.min(...cosines)).toBeLessThan(0.7);
  });

  test("may take twice the cycles instead, whose last one then converges: 8 forward ones are exact", () => {
    const looks = recordsOf(trainToTheEnd(encoderTraining({ epochs: 1, checkEvery: 1000, indicator: { every: 1, action: "more-iterations" } })), "indicator");
    expect(looks.map(({ effort }) => effort)).toEqual(["4/2", "4/2", "4/2", "4/2"]);
    for (const { forward } of looks.slice(1)) expect(forward).toBe(0);
  });
});

describe("the indicator", () => {
  const reason = { kind: "stopped", by: "max-iterations" } as const;
  const rho = (...residualNorms: number[]): number => convergenceIndicator({ reason, iterations: residualNorms.length - 1, residualNorms });

  test("is the ratio of the last two residuals, 0 at rounding and without cycles, ∞ after a breakdown", () => {
    expect(rho(8, 4, 1)).toBe(0.25);
    expect(rho(1, 1e-13, 1e-14)).toBe(0);
    expect(rho(1, 1e-14, 1e-13)).toBe(0);
    expect(rho()).toBe(0);
    expect(convergenceIndicator({ reason: { kind: "fell-back", by: "non-finite", iteration: 1, evidence: "" }, iterations: 1, residualNorms: [1, Infinity] })).toBe(Infinity);
  });

  test("below the threshold changes nothing; above it doubles up to the limit; serial stays serial", () => {
    const effort: Effort = { kind: "inexact", forward: 2, backward: 1 };
    expect(adaptedEffort(effort, 0.99, { every: 1 })).toBe(effort);
    expect(adaptedEffort(effort, 2, { every: 1, action: "more-iterations", maxIterations: 4 })).toEqual({ kind: "inexact", forward: 4, backward: 2 });
    expect(adaptedEffort(effort, 2, { every: 1, action: "more-iterations", maxIterations: 3 })).toEqual({ kind: "serial" });
    expect(adaptedEffort({ kind: "serial" }, 5, { every: 1, action: "more-iterations" })).toEqual({ kind: "serial" });
  });
});
