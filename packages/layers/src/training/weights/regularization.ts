/** γ and γ_t of (TRN.2). */
export interface RegularizationOptions {
  /** γ, weight decay. Default 0. */
  readonly decay?: number;
  /** γ_t, for weights that vary smoothly from layer to layer. Default 0. */
  readonly smoothness?: number;
}

/** Weights of N layers, [layers][entries], h apart in time. */
export interface LayeredWeights {
  readonly layers: number;
  readonly stepSize: number;
  readonly weights: Float64Array;
}

/** A penalty on the weights of the layers. */
export interface Regularization {
  value(layered: LayeredWeights): number;
  /** gradient ← gradient + ∂/∂θ */
  addGradient(layered: LayeredWeights, gradient: Float64Array): void;
}

/** γ/2 Σ ‖θₙ‖² + γ_t/2 Σ h ‖(θₙ − θₙ₋₁)/h‖² (TRN.2). */
export function regularization({ decay = 0, smoothness = 0 }: RegularizationOptions): Regularization {
  return {
    value({ layers, stepSize, weights }) {
      const entries = weights.length / layers;
      let [squares, differences] = [0, 0];
      for (let j = 0; j < weights.length; j++) squares += weights[j] * weights[j];
      for (let j = entries; j < weights.length; j++) differences += (weights[j] - weights[j - entries]) ** 2;
      return (decay * squares + (smoothness * differences) / stepSize) / 2;
    },
    addGradient({ layers, stepSize, weights }, gradient) {
      const entries = weights.length / layers;
      for (let j = 0; j < weights.length; j++) gradient[j] += decay * weights[j];
      for (let j = entries; j < weights.length; j++) {
        const slope = (smoothness / stepSize) * (weights[j] - weights[j - entries]);
        gradient[j] += slope;
        gradient[j - entries] -= slope;
      }
    },
  };
}
