import type { LinearOperator } from "@parakkt/core";
import { dot, euclideanNorm } from "./compare-vectors.js";

/**
 * |⟨A x, y⟩ − ⟨x, Aᵀ y⟩| relative to ‖A x‖‖y‖ + ‖x‖‖Aᵀ y‖: zero up to rounding if `applyTranspose` is the transpose of `apply`,
 * of order one if it is not. Outputs are filled with NaN before the calls, so that an entry that is not written shows.
 */
export function adjointDefect(operator: Pick<LinearOperator, "apply" | "applyTranspose">, x: Float64Array, y: Float64Array): number {
  const image = new Float64Array(y.length).fill(NaN);
  const transposed = new Float64Array(x.length).fill(NaN);
  operator.apply(x, image);
  operator.applyTranspose(y, transposed);
  const scale = euclideanNorm(image) * euclideanNorm(y) + euclideanNorm(x) * euclideanNorm(transposed);
  return Math.abs(dot(image, y) - dot(x, transposed)) / scale;
}
