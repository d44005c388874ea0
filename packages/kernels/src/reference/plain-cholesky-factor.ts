import type { CholeskyData, CholeskyOptions } from "../cholesky-data.js";
import { powerOfTwoScale } from "../power-of-two-scale.js";
import { assemblePanels, factorisePanels } from "./cholesky-panels.js";
import { solveBackward, solveForward } from "./cholesky-triangles.js";

/** P (A + σI) Pᵀ = L Lᵀ, ready to solve. */
export interface PlainCholeskyFactor {
  /** out ← (A + σI)⁻¹ rhs; `out` may be `rhs`. Cost: 2 nnz(L) multiply-adds, no allocation. */
  solve(rhs: Float64Array, out: Float64Array): void;
}

/**
 * Numeric Cholesky factorisation of A + σI in plain TypeScript. Storage: `pattern.doubles` + size numbers of the precision.
 * Errors: `NotPositiveDefiniteError`.
 */
export function plainCholeskyFactor(data: CholeskyData, shift: number, { precision = "double" }: CholeskyOptions = {}): PlainCholeskyFactor {
  const { pattern } = data;
  const { size, order, supernodes } = pattern;
  const values = new Float64Array(pattern.doubles);
  assemblePanels(data, shift, values);
  factorisePanels({ pattern, values });
  const single = precision === "single";
  const panels = { pattern, values: single ? new Float32Array(values) : values };
  const work = single ? new Float32Array(size) : new Float64Array(size);
  return {
    solve(rhs, out) {
      const scale = single ? powerOfTwoScale(largestEntry(rhs)) : 1;
      for (let k = 0; k < size; k++) work[k] = rhs[order[k]] * scale;
      for (let s = 0; s < supernodes; s++) solveForward(panels, s, work);
      for (let s = supernodes - 1; s >= 0; s--) solveBackward(panels, s, work);
      for (let k = 0; k < size; k++) out[order[k]] = work[k] / scale;
    },
  };
}

/** NaN aside. */
function largestEntry(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) if (Math.abs(x[i]) > largest) largest = Math.abs(x[i]);
  return largest;
}
