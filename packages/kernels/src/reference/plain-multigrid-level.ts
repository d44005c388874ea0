import { boxNeighbours, boxStencilOfMatrix } from "../box-stencil.js";
import type { AxisInterpolation, MultigridData, MultigridLevelData } from "../multigrid-data.js";
import { stencilShape, variableStencil } from "../stencil-shape.js";

/** A = diag − Σ couplings, each coupling also the other way: entry i couples the points i and i − distance. */
export interface SymmetricStencil {
  readonly diagonal: Float64Array;
  readonly couplings: readonly { readonly distance: number; readonly values: Float64Array }[];
}

/** out ← A u */
export function applyStencil({ diagonal, couplings }: SymmetricStencil, u: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = diagonal[i] * u[i];
  for (const { distance, values } of couplings) {
    for (let i = distance; i < out.length; i++) {
      out[i] -= values[i] * u[i - distance];
      out[i - distance] -= values[i] * u[i];
    }
  }
}

/** Couplings to earlier points; those that reach another line by their distance only are 0. */
function levelStencil(data: MultigridData, level: MultigridLevelData): SymmetricStencil {
  const { strides, size } = stencilShape(level.points);
  if (level.matrix === undefined) {
    const { diagonal, couplings } = variableStencil(data.finest);
    return { diagonal, couplings: strides.map((distance, axis) => ({ distance, values: couplings[axis] })) };
  }
  const { diagonal, couplings } = boxStencilOfMatrix(level.points, level.matrix);
  const distances = boxNeighbours(level.points.length).map((step) => step.reduce((sum, s, axis) => sum + s * strides[axis], 0));
  const earlier = couplings.map((values, k) => ({ distance: -distances[k], values })).filter(({ distance }) => distance > 0 && distance < size);
  return { diagonal, couplings: earlier };
}

/** One grid: A, what the smoother needs, and the vectors of a cycle. */
export interface PlainLevel {
  readonly stencil: SymmetricStencil;
  readonly mass: Float64Array;
  readonly smootherDiagonal: Float64Array;
  readonly rhs: Float64Array;
  readonly solution: Float64Array;
  readonly residual: Float64Array;
  /** The axes that are interpolated from the next level, first the one that the coarse vector begins with. */
  readonly transfers: readonly AxisTransfer[];
}

/** One axis of an interpolation on vectors of [after][axis][before]. */
interface AxisTransfer {
  readonly weights: AxisInterpolation;
  readonly before: number;
  readonly after: number;
  /** The vector on the fine side of this axis: as fine as the axes done so far. */
  readonly fine: Float64Array;
}

export function plainLevel(data: MultigridData, level: MultigridLevelData): PlainLevel {
  const { size } = stencilShape(level.points);
  return {
    stencil: levelStencil(data, level),
    mass: level.mass,
    smootherDiagonal: level.smootherDiagonal,
    rhs: new Float64Array(size),
    solution: new Float64Array(size),
    residual: new Float64Array(size),
    transfers: axisTransfers(level),
  };
}

function axisTransfers({ points, interpolation = [] }: MultigridLevelData): AxisTransfer[] {
  const counts = points.map((count, axis) => (interpolation[axis] === undefined ? count : Math.floor(count / 2)));
  const transfers: AxisTransfer[] = [];
  for (let axis = points.length - 1; axis >= 0; axis--) {
    const weights = interpolation[axis];
    if (weights === undefined) continue;
    const product = (from: number, to: number): number => counts.slice(from, to).reduce((a, b) => a * b, 1);
    const [before, after] = [product(0, axis), product(axis + 1, points.length)];
    counts[axis] = points[axis];
    transfers.push({ weights, before, after, fine: new Float64Array(before * points[axis] * after) });
  }
  return transfers;
}

/** P coarse; the result is valid until the next call for this level. */
export function interpolated({ transfers }: PlainLevel, coarse: Float64Array): Float64Array {
  return transfers.reduce((from, transfer) => {
    interpolateAxis(transfer, from);
    return transfer.fine;
  }, coarse);
}

/** coarse ← Pᵀ fine */
export function restrict({ transfers }: PlainLevel, fine: Float64Array, coarse: Float64Array): void {
  for (let k = transfers.length - 1; k >= 0; k--) {
    const target = k > 0 ? transfers[k - 1].fine : coarse;
    restrictAxis(transfers[k], k === transfers.length - 1 ? fine : transfers[k].fine, target);
  }
}

function interpolateAxis({ weights: { lower, upper }, before, after, fine }: AxisTransfer, coarse: Float64Array): void {
  const count = lower.length;
  const coarseCount = Math.floor(count / 2);
  for (let block = 0; block < after; block++) {
    for (let j = 0; j < count; j++) {
      const at = (block * count + j) * before;
      const [first, second] = coarseEnds(j, coarseCount, block, before);
      const [a, b] = [first < 0 ? 0 : lower[j], second < 0 ? 0 : upper[j]];
      const [p, q] = [Math.max(first, 0), Math.max(second, 0)];
      for (let i = 0; i < before; i++) fine[at + i] = a * coarse[p + i] + b * coarse[q + i];
    }
  }
}

function restrictAxis({ weights: { lower, upper }, before, after }: AxisTransfer, fine: Float64Array, coarse: Float64Array): void {
  const count = lower.length;
  const coarseCount = Math.floor(count / 2);
  coarse.fill(0);
  for (let block = 0; block < after; block++) {
    for (let j = 0; j < count; j++) {
      const at = (block * count + j) * before;
      const [first, second] = coarseEnds(j, coarseCount, block, before);
      if (first >= 0) for (let i = 0; i < before; i++) coarse[first + i] += lower[j] * fine[at + i];
      if (second >= 0 && upper[j] !== 0) for (let i = 0; i < before; i++) coarse[second + i] += upper[j] * fine[at + i];
    }
  }
}

/** Where the coarse points ⌈j/2⌉ − 1 and ⌈j/2⌉ begin; −1 outside the grid. */
function coarseEnds(j: number, count: number, block: number, before: number): [number, number] {
  const second = Math.ceil(j / 2);
  const position = (point: number): number => (point >= 0 && point < count ? (block * count + point) * before : -1);
  return [position(second - 1), position(second)];
}
