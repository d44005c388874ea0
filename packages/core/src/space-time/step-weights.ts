import type { SpaceTimeLayout } from "./space-time-layout.js";

/** W = diag(τₙ): the quadrature weights of the steps in (OBJ.1). */
export interface StepWeights {
  /** out ← factor · W x; `out` may alias `x`. */
  multiply(factor: number, x: Float64Array, out: Float64Array): void;
  /** out ← factor · W⁻¹ x; `out` may alias `x`. */
  divide(factor: number, x: Float64Array, out: Float64Array): void;
}

/** The weights of a layout's own steps. No communication, no storage. */
export function stepWeights(layout: SpaceTimeLayout): StepWeights {
  const { grid } = layout.partition;
  const scaleSteps = (factorOf: (size: number) => number, x: Float64Array, out: Float64Array): void => {
    for (let n = layout.steps.first; n <= layout.steps.last; n++) {
      const factor = factorOf(grid.step(n).size);
      const stride = layout.strideOf(n);
      const begin = layout.offsetOf(n);
      const end = begin + layout.dofs * stride;
      for (let i = begin; i < end; i += stride) out[i] = factor * x[i];
    }
  };
  return {
    multiply: (factor, x, out) => scaleSteps((size) => factor * size, x, out),
    divide: (factor, x, out) => scaleSteps((size) => factor / size, x, out),
  };
}
