import { axpy } from "@parakkt/core";
import { splineBasis } from "./b-splines.js";

/**
 * How the weights θ₁ … θ_N of the layers depend, linearly, on what is trained.
 *
 * Weights and their gradients are row-major, [layers][entries]; coefficients too.
 */
export interface LayerWeights {
  /** Rows of coefficients. */
  readonly rows: number;
  /** weights ← θ(coefficients) */
  expand(coefficients: Float64Array, weights: Float64Array): void;
  /** out ← (∂θ/∂coefficients)ᵀ gradients */
  collect(gradients: Float64Array, out: Float64Array): void;
  /** The same weights for twice as many layers of half the step size. */
  refine(coefficients: Float64Array): Float64Array;
}

/** B-splines over the depth of the network. */
export interface SplineOptions {
  /** Basis functions. */
  readonly knots: number;
  readonly degree: number;
}

/** Every layer has weights of its own; twice as many layers: θ₂ₙ₋₁ = θ₂ₙ = θₙ [Cyr2019]. */
export function perLayerWeights(layers: number): LayerWeights {
  return {
    rows: layers,
    expand: (coefficients, weights) => weights.set(coefficients),
    collect: (gradients, out) => out.set(gradients),
    refine(coefficients) {
      const entries = coefficients.length / layers;
      const finer = new Float64Array(2 * coefficients.length);
      for (let n = 0; n < 2 * layers; n++) finer.set(row(coefficients, n >> 1, entries), n * entries);
      return finer;
    },
  };
}

/**
 * θₙ = Σₖ Bₖ((n − 1)/N) cₖ with B-splines Bₖ over the depth (TRN.6): the number of trained weights does not depend on the number of
 * layers, and a finer network is the same function of time [Gunther2021].
 */
export function splineWeights(layers: number, { knots, degree }: SplineOptions): LayerWeights {
  const basis = splineBasis(knots, degree);
  const values = Array.from({ length: layers }, (_, n) => {
    const out = new Float64Array(knots);
    basis.evaluate(n / layers, out);
    return out;
  });
  const visit = (act: (n: number, k: number, value: number) => void): void =>
    values.forEach((at, n) => at.forEach((value, k) => (value === 0 ? undefined : act(n, k, value))));
  return {
    rows: knots,
    expand(coefficients, weights) {
      const entries = coefficients.length / knots;
      weights.fill(0);
      visit((n, k, value) => axpy(value, row(coefficients, k, entries), row(weights, n, entries)));
    },
    collect(gradients, out) {
      const entries = out.length / knots;
      out.fill(0);
      visit((n, k, value) => axpy(value, row(gradients, n, entries), row(out, k, entries)));
    },
    refine: (coefficients) => coefficients.slice(),
  };
}

function row(matrix: Float64Array, index: number, entries: number): Float64Array {
  return matrix.subarray(index * entries, (index + 1) * entries);
}
