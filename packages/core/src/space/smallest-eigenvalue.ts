/** The faces of a grid. */
export interface GridFaces {
  /** Interior points of each axis. */
  readonly points: readonly number[];
  /** The node of each interior point, x fastest. */
  readonly nodes: Int32Array;
  /** From a node to the next one along each axis. */
  readonly nodeStrides: readonly number[];
  /** ν/h² of the face between a node and the previous one along an axis, in 1/time. */
  coupling(axis: number, node: number): number;
}

/** How far below the smallest eigenvalue of a line its bound may lie, relatively. */
const ACCURACY = 0.01;

/**
 * A lower bound µ₀ ≤ λ_min(L) for L of −∇·(ν∇·), in 1/time. L = Σ_axes L_axis, and L_axis consists of one tridiagonal matrix a line of points, hence
 *
 *     λ_min(L) ≥ Σ_axes min_lines λ_min(L_line)        (EIG.1)
 *
 * Equality on one axis, but for the accuracy of one per cent, and wherever ν is constant.
 * Cost: one LDLᵀ factorisation of each line, some ten of those that lower the bound: O(points).
 */
export function smallestEigenvalueBound(faces: GridFaces): number {
  return faces.points.reduce((sum, _, axis) => sum + weakestLine(faces, axis), 0);
}

function weakestLine({ points, nodes, nodeStrides, coupling }: GridFaces, axis: number): number {
  const stride = points.slice(0, axis).reduce((a, b) => a * b, 1);
  const line = new Float64Array(points[axis] + 1);
  let bound = Infinity;
  for (let first = 0; first < nodes.length; first++) {
    if (Math.floor(first / stride) % points[axis] > 0) continue;
    for (let k = 0; k < line.length; k++) line[k] = coupling(axis, nodes[first] + k * nodeStrides[axis]);
    if (!exceeds(line, bound)) bound = lineBound(line, bound);
  }
  return bound;
}

/** Whether λ_min > σ for the tridiagonal matrix with the diagonal fₖ + fₖ₊₁ and −fₖ beside it: whether all pivots of its shift by −σ are positive. */
function exceeds(faces: Float64Array, sigma: number): boolean {
  let pivot = faces[0] + faces[1] - sigma;
  for (let k = 1; k < faces.length - 1 && pivot > 0; k++) pivot = faces[k] + faces[k + 1] - sigma - faces[k] ** 2 / pivot;
  return pivot > 0;
}

/** Bisects between λ_min with the weakest face everywhere, and the smallest diagonal entry or `above`. */
function lineBound(faces: Float64Array, above: number): number {
  let low = 4 * Math.sin(Math.PI / (2 * faces.length)) ** 2 * faces.reduce((least, face) => Math.min(least, face));
  let high = above;
  for (let k = 1; k < faces.length; k++) high = Math.min(high, faces[k - 1] + faces[k]);
  while (low < high * (1 - ACCURACY)) {
    const middle = Math.sqrt(low * high);
    if (exceeds(faces, middle)) low = middle;
    else high = middle;
  }
  return low;
}
