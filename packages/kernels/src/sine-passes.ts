import type { Lanes } from "./lane-kernels.js";

/** Lines of one vector: entry j of line l lies at offset + j · entryStride + l · lineStride. */
export interface Lines {
  readonly data: Float64Array;
  readonly offset: number;
  readonly entryStride: number;
  readonly lineStride: number;
}

/** Lanes that pass side by side: two blocks of work of so many lanes fit into the caches better than those of eight. */
export type LinesSideBySide = Exclude<Lanes, 8>;

/**
 * target ← DST-I of the source, `count` lines of n entries each. Source and target are the same lines or do not overlap. With `lanes` = K each of
 * these is K lines side by side, entry j of lane i at offset + j · entryStride + l · lineStride + i.
 */
export type LineTransform = (source: Lines, target: Lines, count: number, lanes: LinesSideBySide) => void;

/** One axis: `slabs` blocks of `lines` lines of `points` entries, a line contiguous. */
interface AxisPass {
  readonly points: number;
  readonly slabs: number;
  readonly lines: number;
  readonly transform: LineTransform;
}

/** K lanes of a block: where they begin in a vector, and how far apart neighbouring dofs lie. */
interface Place {
  readonly data: Float64Array;
  readonly offset: number;
  readonly cell: number;
  readonly lanes: LinesSideBySide;
}

/**
 * The sine transform of a box as one pass an axis. The slowest axis is first: its lines lie side by side, [n][lines], and stay so. Then, x first,
 * a pass reads the lines of the fastest axis and makes that axis the slowest of those still to come: [lines][n] becomes [n][lines]. The first
 * pass reads, and every pass writes, entries of neighbouring lines side by side. After all passes the axes are reversed.
 * `work`: d − 1 vectors of a block of up to four lanes.
 */
export function sinePasses(points: readonly number[], transforms: readonly LineTransform[], work: readonly Float64Array[]): (x: Float64Array, lanes: Lanes) => void {
  const size = product(points);
  const passes = points.map((count, axis) => ({
    points: count,
    slabs: product(points.slice(0, axis)),
    lines: product(points.slice(axis + 1)),
    transform: transforms[axis],
  }));
  const transformLanes = passes.length === 1 ? lineInPlace(passes[0]) : boxInPlace(passes, work);
  return (data, cell) => {
    if (passes.length === 1 && cell === 1) return separateLines(passes[0], data);
    const lanes = sideBySide(cell);
    for (let block = 0; block < data.length; block += cell * size) {
      for (let lane = 0; lane < cell; lane += lanes) transformLanes({ data, offset: block + lane, cell, lanes });
    }
  };
}

export function sideBySide(lanes: Lanes): LinesSideBySide {
  return lanes === 8 ? 4 : lanes;
}

/** States of one line each: as many at a time as the transform takes. */
function separateLines({ points, transform }: AxisPass, data: Float64Array): void {
  const lines = { data, offset: 0, entryStride: 1, lineStride: points };
  transform(lines, lines, data.length / points, 1);
}

function lineInPlace({ points, transform }: AxisPass) {
  return ({ data, offset, cell, lanes }: Place): void => {
    const line = { data, offset, entryStride: cell, lineStride: cell * points };
    transform(line, line, 1, lanes);
  };
}

function boxInPlace(passes: readonly AxisPass[], work: readonly Float64Array[]) {
  const slowest = work.length;
  return (block: Place): void => {
    const { lanes } = block;
    let source: Place = { data: work[0], offset: 0, cell: lanes, lanes };
    slowestPass(passes[slowest], block, source);
    for (let axis = 0; axis < slowest; axis++) {
      const target = axis + 1 < slowest ? { data: work[axis + 1], offset: 0, cell: lanes, lanes } : block;
      rotatingPass(passes[axis], source, target);
      source = target;
    }
  };
}

/** [points][lines], order kept. */
function slowestPass({ slabs: lines, transform }: AxisPass, source: Place, target: Place): void {
  transform(
    { data: source.data, offset: source.offset, entryStride: source.cell * lines, lineStride: source.cell },
    { data: target.data, offset: target.offset, entryStride: target.cell * lines, lineStride: target.cell },
    lines,
    source.lanes,
  );
}

/** Each slab [lines][points] becomes [points][lines]. */
function rotatingPass({ points, slabs, lines, transform }: AxisPass, source: Place, target: Place): void {
  for (let slab = 0; slab < slabs; slab++) {
    const start = slab * points * lines;
    const rows = { data: source.data, offset: source.offset + start * source.cell, entryStride: source.cell, lineStride: source.cell * points };
    const columns = { data: target.data, offset: target.offset + start * target.cell, entryStride: target.cell * lines, lineStride: target.cell };
    transform(rows, columns, lines, source.lanes);
  }
}

function product(factors: readonly number[]): number {
  return factors.reduce((a, b) => a * b, 1);
}
