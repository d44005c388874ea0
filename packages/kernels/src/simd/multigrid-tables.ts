import { boxStencilOfCross, boxStencilOfMatrix, type BoxStencil } from "../box-stencil.js";
import type { AxisInterpolation, MultigridData, MultigridLevelData } from "../multigrid-data.js";
import { stencilShape, variableStencil } from "../stencil-shape.js";
import type { KernelMemory } from "./kernel-memory.js";

/** A grid as planes of lines of points. */
export interface GridShape {
  readonly points: number;
  readonly lines: number;
  readonly planes: number;
}

export function gridShape(points: readonly number[]): GridShape {
  return { points: points[0], lines: points.length > 2 ? points[1] : 1, planes: points.length > 1 ? points.at(-1)! : 1 };
}

/** Addresses and strides, in bytes, of what does not depend on the number of lanes; 0: not there. See assembly/multigrid.ts. */
export interface LevelTables {
  readonly shape: GridShape;
  readonly coefficientLine: number;
  readonly coefficientPlane: number;
  readonly diagonal: number;
  readonly mass: number;
  readonly records: number;
  readonly recordLine: number;
  readonly recordPlane: number;
  readonly onX: number;
  readonly onMiddle: number;
  readonly onLast: number;
  readonly lowerX: number;
  readonly upperX: number;
  readonly middle: number;
  readonly last: number;
}

/** Memory for numbers in the arithmetic of the cycle. */
export interface RealMemory {
  readonly memory: KernelMemory;
  /** Bytes of a number: 4 or 8. */
  readonly real: 4 | 8;
}

export type Reals = Float32Array | Float64Array;

export function reals({ memory, real }: RealMemory, length: number): Reals {
  const doubles = memory.doubles(Math.ceil((length * real) / 8));
  return real === 8 ? doubles : new Float32Array(doubles.buffer, doubles.byteOffset, length);
}

/** Points of two vectors: lines of coefficients are that long at least and a multiple of it, with a zero at their end. */
export function paddedPoints(points: number, real: 4 | 8): number {
  const two = 32 / real;
  return Math.ceil((points + 1) / two) * two;
}

/** Storage in numbers: two a point for diagonal and mass; the finest level one each axis (and no masses), the others 3ᵈ a point; weights a line. */
export function levelTables(memory: RealMemory, data: MultigridData, index: number): LevelTables {
  const level = data.levels[index];
  const { couplings, ...words } = index === 0 ? finestCouplings(memory, data) : recordCouplings(memory, level, boxStencilOfMatrix(level.points, level.matrix!));
  const shape = gridShape(level.points);
  const line = memory.real * paddedPoints(shape.points, memory.real);
  const crossed = couplings.length > 0;
  const spread = (values: Float64Array, padding: number): number => spreadLines(memory, shape, { values, padding }).byteOffset;
  const interpolation = level.interpolation ?? [];
  return {
    shape,
    coefficientLine: line,
    coefficientPlane: line * shape.lines,
    diagonal: spread(level.smootherDiagonal, 1),
    mass: crossed ? 0 : spread(level.mass, 0),
    onX: crossed ? spread(couplings[0], 0) : 0,
    onMiddle: couplings.length > 2 ? spread(couplings[1], 0) : 0,
    onLast: couplings.length > 1 ? spread(couplings.at(-1)!, 0) : 0,
    ...words,
    ...lineWeights(memory, interpolation[0]),
    middle: level.points.length > 2 ? weightPairs(memory, interpolation[1]) : 0,
    last: level.points.length > 1 ? weightPairs(memory, interpolation[level.points.length - 1]) : 0,
  };
}

interface Couplings {
  /** Along the axes; none when they are in the records. */
  readonly couplings: readonly Float64Array[];
  readonly records: number;
  readonly recordLine: number;
  readonly recordPlane: number;
}

/** Along the axes, if masses are 1 and the smoother divides by the diagonal. */
function finestCouplings(memory: RealMemory, { finest, levels: [level] }: MultigridData): Couplings {
  const cross = variableStencil(finest);
  const plain = level.mass.every((m) => m === 1) && level.smootherDiagonal.every((d, i) => Math.abs(d - cross.diagonal[i]) <= 4 * Number.EPSILON * d);
  return plain ? { couplings: cross.couplings, records: 0, recordLine: 0, recordPlane: 0 } : recordCouplings(memory, level, boxStencilOfCross(cross));
}

/** One value a point, line after line, each line padded, and a plane of zeros behind the last. */
function spreadLines(memory: RealMemory, { points, lines, planes }: GridShape, { values, padding }: { values: Float64Array; padding: number }): Reals {
  const padded = paddedPoints(points, memory.real);
  const spread = reals(memory, padded * (lines * (planes + 1) + 1));
  for (let line = 0; line < lines * planes; line++) {
    spread.fill(padding, line * padded, (line + 1) * padded);
    spread.set(values.subarray(line * points, (line + 1) * points), line * padded);
  }
  return spread;
}

/** Records of a group of points that share a vector: couplings in the order of `boxNeighbours`, in their middle D − diag A, 16 bytes each. */
function recordCouplings(memory: RealMemory, level: MultigridLevelData, { diagonal, couplings }: BoxStencil): Couplings {
  const { points, lines, planes } = gridShape(level.points);
  const group = 16 / memory.real;
  const slots = couplings.length + 1;
  const line = slots * paddedPoints(points, memory.real);
  const records = reals(memory, line * lines * planes);
  const { size } = stencilShape(level.points);
  for (let i = 0; i < size; i++) {
    const x = i % points;
    const at = ((i - x) / points) * line + Math.floor(x / group) * slots * group + (x % group);
    records[at + (couplings.length / 2) * group] = level.smootherDiagonal[i] - diagonal[i];
    couplings.forEach((ofStep, k) => (records[at + (k < couplings.length / 2 ? k : k + 1) * group] = ofStep[i]));
  }
  return { couplings: [], records: records.byteOffset, recordLine: memory.real * line, recordPlane: memory.real * line * lines };
}

/** Weights of the even points of a line, zeros where they refer to no coarse point. */
function lineWeights(memory: RealMemory, weights: AxisInterpolation | undefined): { lowerX: number; upperX: number } {
  if (weights === undefined) return { lowerX: 0, upperX: 0 };
  const points = weights.lower.length;
  const [lower, upper] = [0, 1].map(() => reals(memory, paddedPoints(points, memory.real) + 64 / memory.real));
  for (let j = 0; 2 * j < points; j++) {
    if (j > 0) lower[j] = weights.lower[2 * j];
    if (2 * j + 1 < points) upper[j] = weights.upper[2 * j];
  }
  return { lowerX: lower.byteOffset, upperX: upper.byteOffset };
}

function weightPairs({ memory }: RealMemory, weights: AxisInterpolation | undefined): number {
  if (weights === undefined) return 0;
  const pairs = memory.doubles(2 * weights.lower.length);
  for (let j = 0; j < weights.lower.length; j++) pairs.set([weights.lower[j], weights.upper[j]], 2 * j);
  return pairs.byteOffset;
}
