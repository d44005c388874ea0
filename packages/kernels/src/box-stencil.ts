import type { SparseMatrixData, StencilData } from "./lane-kernels.js";
import { stencilShape } from "./stencil-shape.js";

/** A symmetric matrix on the points of a box in which each point couples to its 3ᵈ − 1 neighbours at most. */
export interface BoxStencil {
  readonly diagonal: Float64Array;
  /** In the order of `boxNeighbours`: entry i is −A between point i and that neighbour, 0 where there is none. */
  readonly couplings: readonly Float64Array[];
}

/** The 3ᵈ − 1 steps to a neighbour, x fastest. */
export function boxNeighbours(dimensions: number): number[][] {
  return Array.from({ length: 3 ** dimensions }, (_, code) => stepOf(code, dimensions)).filter((step) => step.some((s) => s !== 0));
}

function stepOf(code: number, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, axis) => (Math.floor(code / 3 ** axis) % 3) - 1);
}

/** Errors: an entry that couples points which are not neighbours. */
export function boxStencilOfMatrix(points: readonly number[], matrix: SparseMatrixData): BoxStencil {
  const centre = (3 ** points.length - 1) / 2;
  const entries = Array.from({ length: 2 * centre + 1 }, () => new Float64Array(matrix.rows));
  const coordinates = coordinatesOf(points, matrix.rows);
  for (let i = 0; i < matrix.rows; i++) {
    for (let k = matrix.rowPointers[i]; k < matrix.rowPointers[i + 1]; k++) {
      const j = matrix.columns[k];
      const code = coordinates.reduce((sum, axis, a) => sum + stepCode(axis[j] - axis[i], i, j) * 3 ** a, 0);
      entries[code][i] += code === centre ? matrix.values[k] : -matrix.values[k];
    }
  }
  return { diagonal: entries[centre], couplings: entries.filter((_, code) => code !== centre) };
}

function stepCode(step: number, i: number, j: number): number {
  if (Math.abs(step) > 1) throw new Error(`multigrid: the matrix couples points ${i} and ${j}, which are not neighbours`);
  return step + 1;
}

/** Coordinate of each point, axis by axis. */
function coordinatesOf(points: readonly number[], size: number): Int32Array[] {
  const { strides } = stencilShape(points);
  return points.map((count, axis) => Int32Array.from({ length: size }, (_, i) => Math.floor(i / strides[axis]) % count));
}

export function boxStencilOfCross({ points, diagonal, couplings }: StencilData): BoxStencil {
  const { size, strides } = stencilShape(points);
  const ofStep = (step: readonly number[]): Float64Array => {
    const axis = step.findIndex((s) => s !== 0);
    if (step.filter((s) => s !== 0).length > 1) return new Float64Array(size);
    const to = step[axis] > 0 ? strides[axis] : 0;
    return Float64Array.from({ length: size }, (_, i) => (i + to < size ? couplings[axis][i + to] : 0));
  };
  return { diagonal: diagonal.slice(0, size), couplings: boxNeighbours(points.length).map(ofStep) };
}
