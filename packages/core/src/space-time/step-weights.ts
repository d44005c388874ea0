import type { SpaceTimeLayout } from "./space-time-layout.js";

/** W = diag(τₙ): the quadrature weights of the steps in (OBJ.1). */
export interface StepWeights {
  /** out ← factor · W x; `out` may alias `x`. */
  multiply(factor: number, x: Float64Array, out: Float64Array): void;
  /** out ← out + factor · W x */
  addProduct(factor: number, x: Float64Array, out: Float64Array): void;
  /** out ← factor · W⁻¹ x; `out` may alias `x`. */
  divide(factor: number, x: Float64Array, out: Float64Array): void;
}

/** The weights of a layout's own steps. No communication, no storage. */
export function stepWeights(layout: SpaceTimeLayout): StepWeights {
  const { grid } = layout.partition;
  const forEachStep = (visit: (size: number, place: { begin: number; end: number; stride: number }) => void): void => {
    for (let n = layout.steps.first; n <= layout.steps.last; n++) {
      const [begin, stride] = [layout.offsetOf(n), layout.strideOf(n)];
      visit(grid.step(n).size, { begin, end: begin + layout.dofs * stride, stride });
    }
  };
  const scaleAll = (factor: number, x: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < out.length; i++) out[i] = factor * x[i];
  };
  const scaleSteps = (factorOf: (size: number) => number, x: Float64Array, out: Float64Array): void =>
    grid.uniform ? scaleAll(factorOf(grid.step(1).size), x, out) : forEachStep((size, { begin, end, stride }) => {
      const factor = factorOf(size);
      for (let i = begin; i < end; i += stride) out[i] = factor * x[i];
    });
  return {
    multiply: (factor, x, out) => scaleSteps((size) => factor * size, x, out),
    addProduct: (factor, x, out) =>
      forEachStep((size, { begin, end, stride }) => {
        for (let i = begin; i < end; i += stride) out[i] += factor * size * x[i];
      }),
    divide: (factor, x, out) => scaleSteps((size) => factor / size, x, out),
  };
}
