import { seededRandom } from "@parakkt/core";
import { denseMap, encoderLayer, initialiseParameters, meanSquare, network, propagation, tokenEmbedding, type CoarseValues } from "@parakkt/layers";

const [batch, tokens, features, N] = [2, 6, 16, 128];
const layer = encoderLayer({ batch, tokens, features, heads: 2, hidden: 32 });

interface Setting {
  readonly duration: number;
  /** Deviation of the layers' weights times √n. */
  readonly deviation: number;
  readonly coarse: CoarseValues;
}

/** ‖r₂‖/‖r₁‖: the indicator after two forward cycles, c = 4. */
function indicator({ duration, deviation, coarse }: Setting, seed: number): number {
  const opening = tokenEmbedding({ batch, tokens, features, vocabulary: 10 });
  const closing = denseMap({ batch, inputs: tokens * features, outputs: 2 });
  const made = network({ opening, phases: [{ layer, steps: N }], closing, loss: meanSquare(batch), duration, coarse });
  initialiseParameters(made, seededRandom(seed), deviation);
  const data = Float64Array.from({ length: batch * tokens }, (_, i) => i % 10);
  const { residualNorms } = propagation(made, { levels: 2, coarsening: 4 }).propagate({ data }, { relativeTolerance: 0, maxIterations: 2 });
  return residualNorms[2] / residualNorms[1];
}

describe.each([1, 2])("an encoder of 128 layers with random weights, seed %i", (seed) => {
  test("diverges for T = 8 with injected coarse weights: ρ > 1, so that training must switch", () => {
    expect(indicator({ duration: 8, deviation: 2, coarse: "inject" }, seed)).toBeGreaterThan(1);
  });

  test("has a smaller ρ with averaged ones, and ρ < 0.2 for T = 1 and weights as networks are initialised", () => {
    expect(indicator({ duration: 8, deviation: 2, coarse: "average" }, seed)).toBeLessThan(0.9);
    expect(indicator({ duration: 1, deviation: 1, coarse: "average" }, seed)).toBeLessThan(0.2);
  });
});
