import { clearMemory, type Optimizer } from "./optimizer.js";

export interface AdamOptions {
  /** β₁, default 0.9. */
  readonly firstDecay?: number;
  /** β₂, default 0.999. */
  readonly secondDecay?: number;
  /** ε, default 1e-8. */
  readonly offset?: number;
}

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − α m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵏ) and v̂ = v/(1 − β₂ᵏ) [Kingma2015].
 *
 * The step does not shrink with the gradient: that is why an adjoint that lags behind does more harm here than under plain descent.
 */
export function adam(size: number, { firstDecay = 0.9, secondDecay = 0.999, offset = 1e-8 }: AdamOptions = {}): Optimizer {
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  /** k */
  const updates = new Float64Array(1);
  const memory = [first, second, updates];
  return {
    name: "adam",
    memory,
    reset: () => clearMemory(memory),
    update({ parameters, gradient, rate }) {
      updates[0]++;
      const firstScale = 1 - firstDecay ** updates[0];
      const secondScale = 1 - secondDecay ** updates[0];
      for (let j = 0; j < size; j++) {
        first[j] += (1 - firstDecay) * (gradient[j] - first[j]);
        second[j] += (1 - secondDecay) * (gradient[j] * gradient[j] - second[j]);
        parameters[j] -= (rate * (first[j] / firstScale)) / (Math.sqrt(second[j] / secondScale) + offset);
      }
      return { step: rate, evaluations: 0 };
    },
  };
}
