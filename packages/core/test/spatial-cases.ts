import { boxGrid, type BoxGrid, type PointFunction, type SpatialOperator, type SpatialSolver } from "@parakkt/core";

/** An inclusion of ν = 1e4 in (¼,½)×(¼,¾), an open set, 1 outside: section 7 of the design. */
export const inclusion: PointFunction = (x, y) => (x > 0.25 && x < 0.5 && (y === 0 || (y > 0.25 && y < 0.75)) ? 1e4 : 1);

/** Positive and smooth on the unit box. */
export const smoothDiffusivity: PointFunction = (x, y, z) => 1 + x * x + 0.5 * Math.sin(3 * y) + 0.3 * x * z;

export function unitGrid(...cells: number[]): BoxGrid {
  return boxGrid({ extent: cells.map(() => 1), cells });
}

export function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

export function norm2(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

export function minus(x: Float64Array, y: Float64Array): Float64Array {
  return x.map((value, i) => value - y[i]);
}

export function maxNorm(x: Float64Array): number {
  return x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** (L + σI) x */
export function applyShifted(operator: SpatialOperator, shift: number, x: Float64Array): Float64Array {
  const image = new Float64Array(x.length);
  operator.apply(x, image);
  return image.map((value, i) => value + shift * x[i]);
}

export function solved(solver: SpatialSolver, shift: number, rhs: Float64Array): Float64Array {
  const out = new Float64Array(rhs.length);
  solver.shifted(shift).solve(rhs, out);
  return out;
}

/** Gershgorin's bound of the largest eigenvalue of L + σI: twice the largest diagonal entry of L, plus σ. */
export function normBound(operator: SpatialOperator, shift: number): number {
  const diagonal = new Float64Array(operator.rows);
  operator.diagonal(diagonal);
  return 2 * maxNorm(diagonal) + shift;
}

/** ‖b − (L + σI)x‖ / (‖L + σI‖ ‖x‖ + ‖b‖): the normwise backward error of a solve. */
export function backwardError(operator: SpatialOperator, { shift, x, rhs }: { shift: number; x: Float64Array; rhs: Float64Array }): number {
  const residual = minus(rhs, applyShifted(operator, shift, x));
  return norm2(residual) / (normBound(operator, shift) * norm2(x) + norm2(rhs));
}

/** A − B P-style check value: largest |Σ| of a dense matrix difference, both given row by row. */
export function largestDifference(a: number[][], b: number[][]): number {
  return Math.max(...a.map((row, i) => Math.max(...row.map((value, j) => Math.abs(value - b[i][j])))));
}
