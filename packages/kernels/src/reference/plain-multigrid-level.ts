import { boxNeighbours, boxStencilOfMatrix } from "../box-stencil.js";
import type { AxisInterpolation, MultigridData, MultigridLevelData } from "../multigrid-data.js";
import { stencilShape, variableStencil } from "../stencil-shape.js";

/** A = diag − Σ couplings, each coupling also the other way: entry i couples the points i and i − distance. */
export interface SymmetricStencil {
  readonly diagonal: Float64Array;
  readonly couplings: readonly { readonly distance: number; readonly values: Float64Array }[];
}

/** out ← out + N u, N = diag A − A */
function addNeighbours({ couplings }: SymmetricStencil, u: Float64Array, out: Float64Array): void {
  for (const { distance, values } of couplings) {
    if (distance === 1) addLineNeighbours(values, u, out);
    else {
      for (let i = distance; i < out.length; i++) {
        out[i] += values[i] * u[i - distance];
        out[i - distance] += values[i] * u[i];
      }
    }
  }
}

/** Couplings of points next to each other, each result written once. */
function addLineNeighbours(values: Float64Array, u: Float64Array, out: Float64Array): void {
  let sum = out[0];
  for (let i = 1; i < out.length; i++) {
    out[i - 1] = sum + values[i] * u[i];
    sum = out[i] + values[i] * u[i - 1];
  }
  out[out.length - 1] = sum;
}

/** out ← b − (A + σM) u, with b = 0 if left out. */
export function residualOf({ stencil, mass }: PlainLevel, shift: number, u: Float64Array, { b, out }: { b?: Float64Array; out: Float64Array }): void {
  const { diagonal } = stencil;
  if (b === undefined) for (let i = 0; i < out.length; i++) out[i] = -(diagonal[i] + shift * mass[i]) * u[i];
  else for (let i = 0; i < out.length; i++) out[i] = b[i] - (diagonal[i] + shift * mass[i]) * u[i];
  addNeighbours(stencil, u, out);
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

/** One axis of an interpolation on vectors of [after][axis][before]: fine point j takes lower[j] of coarse point below[j] and upper[j] of above[j]. */
interface AxisTransfer {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly below: Int32Array;
  readonly above: Int32Array;
  readonly coarseCount: number;
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
    transfers.push({ ...axisShares(weights), before, after, fine: new Float64Array(before * points[axis] * after) });
  }
  return transfers;
}

/** Where a share refers to no coarse point it is 0 of some other one. */
function axisShares({ lower, upper }: AxisInterpolation): Pick<AxisTransfer, "lower" | "upper" | "below" | "above" | "coarseCount"> {
  const coarseCount = Math.floor(lower.length / 2);
  const inside = (point: number): boolean => point >= 0 && point < coarseCount;
  const points = Int32Array.from(lower, (_, j) => Math.ceil(j / 2));
  return {
    coarseCount,
    lower: lower.map((share, j) => (inside(points[j] - 1) ? share : 0)),
    upper: upper.map((share, j) => (inside(points[j]) ? share : 0)),
    below: points.map((point) => (inside(point - 1) ? point - 1 : 0)),
    above: points.map((point) => (inside(point) ? point : 0)),
  };
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

function interpolateAxis(transfer: AxisTransfer, coarse: Float64Array): void {
  const { lower, upper, below, above, coarseCount, before, after, fine } = transfer;
  if (before === 1) return interpolateLines(transfer, coarse);
  for (let block = 0, at = 0; block < after; block++) {
    const start = block * coarseCount;
    for (let j = 0; j < lower.length; j++, at += before) {
      const a = lower[j];
      const b = upper[j];
      const p = (start + below[j]) * before;
      const q = (start + above[j]) * before;
      for (let i = 0; i < before; i++) fine[at + i] = a * coarse[p + i] + b * coarse[q + i];
    }
  }
}

function interpolateLines({ lower, upper, below, above, coarseCount, after, fine }: AxisTransfer, coarse: Float64Array): void {
  for (let block = 0, at = 0; block < after; block++) {
    const start = block * coarseCount;
    for (let j = 0; j < lower.length; j++, at++) fine[at] = lower[j] * coarse[start + below[j]] + upper[j] * coarse[start + above[j]];
  }
}

function restrictAxis(transfer: AxisTransfer, fine: Float64Array, coarse: Float64Array): void {
  const { lower, upper, below, above, coarseCount, before, after } = transfer;
  coarse.fill(0);
  if (before === 1) return restrictLines(transfer, fine, coarse);
  for (let block = 0, at = 0; block < after; block++) {
    const start = block * coarseCount;
    for (let j = 0; j < lower.length; j++, at += before) {
      const a = lower[j];
      const b = upper[j];
      const p = (start + below[j]) * before;
      const q = (start + above[j]) * before;
      for (let i = 0; i < before; i++) coarse[p + i] += a * fine[at + i];
      if (b !== 0) for (let i = 0; i < before; i++) coarse[q + i] += b * fine[at + i];
    }
  }
}

function restrictLines({ lower, upper, below, above, coarseCount, after }: AxisTransfer, fine: Float64Array, coarse: Float64Array): void {
  for (let block = 0, at = 0; block < after; block++) {
    const start = block * coarseCount;
    for (let j = 0; j < lower.length; j++, at++) {
      coarse[start + below[j]] += lower[j] * fine[at];
      coarse[start + above[j]] += upper[j] * fine[at];
    }
  }
}
