import { boxNeighbours, type BoxStencil } from "./box-stencil.js";
import { stencilShape } from "./stencil-shape.js";

/** The lower half of a symmetric band matrix: row i holds A(i, i − width) … A(i, i), zeros left of the first column. */
export interface BandMatrix {
  readonly size: number;
  readonly width: number;
  readonly rows: Float64Array;
}

export function bandMatrix(points: readonly number[], { diagonal, couplings }: BoxStencil): BandMatrix {
  const { size, strides } = stencilShape(points);
  const distances = boxNeighbours(points.length).map((step) => step.reduce((sum, s, axis) => sum + s * strides[axis], 0));
  const width = Math.min(size - 1, Math.max(...distances));
  const rows = new Float64Array(size * (width + 1));
  for (let i = 0; i < size; i++) {
    rows[i * (width + 1) + width] = diagonal[i];
    couplings.forEach((ofStep, k) => {
      if (distances[k] < 0 && ofStep[i] !== 0) rows[i * (width + 1) + width + distances[k]] -= ofStep[i];
    });
  }
  return { size, width, rows };
}

/** L and 1/D of A + σM = LDLᵀ, row by row as in the band matrix: L(i, i − width) … L(i, i − 1), 1/D(i). Errors: A + σM is not positive definite. */
export function bandFactor({ size, width, rows }: BandMatrix, mass: Float64Array, shift: number): Float64Array {
  const row = width + 1;
  const factor = rows.slice();
  for (let i = 0; i < size; i++) {
    const at = i * row + width - i;
    let pivot = factor[i * row + width] + shift * mass[i];
    for (let j = Math.max(0, i - width); j < i; j++) {
      let entry = factor[at + j];
      for (let k = Math.max(0, i - width); k < j; k++) entry -= factor[at + k] * factor[j * row + width - j + k];
      factor[at + j] = entry;
    }
    for (let j = Math.max(0, i - width); j < i; j++) {
      const scaled = factor[at + j] * factor[j * row + width];
      pivot -= factor[at + j] * scaled;
      factor[at + j] = scaled;
    }
    if (!(pivot > 0)) throw new Error(`multigrid: the coarsest matrix with shift ${shift} is not positive definite (pivot ${i} is ${pivot})`);
    factor[i * row + width] = 1 / pivot;
  }
  return factor;
}

/** x ← (LDLᵀ)⁻¹ x */
export function solveBandFactor({ size, width }: BandMatrix, factor: Float64Array, x: Float64Array): void {
  const row = width + 1;
  for (let i = 0; i < size; i++) {
    for (let k = Math.max(0, i - width); k < i; k++) x[i] -= factor[i * row + width - i + k] * x[k];
  }
  for (let i = 0; i < size; i++) x[i] *= factor[i * row + width];
  for (let i = size - 1; i >= 0; i--) {
    for (let k = Math.max(0, i - width); k < i; k++) x[k] -= factor[i * row + width - i + k] * x[i];
  }
}
