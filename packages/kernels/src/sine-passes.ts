/** Lines of one vector: entry j of line l lies at offset + j · entryStride + l · lineStride. */
export interface Lines {
  readonly data: Float64Array;
  readonly offset: number;
  readonly entryStride: number;
  readonly lineStride: number;
}

/** target ← DST-I of the source, `count` lines of n entries each. Source and target are the same lines or do not overlap. */
export type LineTransform = (source: Lines, target: Lines, count: number) => void;

/** One axis: `slabs` blocks of `lines` lines of `points` entries, a line contiguous. */
interface AxisPass {
  readonly points: number;
  readonly slabs: number;
  readonly lines: number;
  readonly transform: LineTransform;
}

/** Where a state begins in a vector. */
interface Place {
  readonly data: Float64Array;
  readonly offset: number;
}

/**
 * The sine transform of a box as one pass an axis. The slowest axis is first: its lines lie side by side, [n][lines], and stay so. Then, x first,
 * a pass reads the lines of the fastest axis and makes that axis the slowest of those still to come: [lines][n] becomes [n][lines]. The first
 * pass reads, and every pass writes, entries of neighbouring lines side by side. After all passes the axes are reversed. `work`: d − 1 states.
 */
export function sinePasses(points: readonly number[], transforms: readonly LineTransform[], work: readonly Float64Array[]): (x: Float64Array) => void {
  const size = product(points);
  const passes = points.map((count, axis) => ({
    points: count,
    slabs: product(points.slice(0, axis)),
    lines: product(points.slice(axis + 1)),
    transform: transforms[axis],
  }));
  if (passes.length === 1) return (x) => separateLines(passes[0], x);
  return (x) => {
    for (let offset = 0; offset < x.length; offset += size) transformState(passes, work, { data: x, offset });
  };
}

/** States of one line each, in place. */
function separateLines({ points, transform }: AxisPass, data: Float64Array): void {
  const lines = { data, offset: 0, entryStride: 1, lineStride: points };
  transform(lines, lines, data.length / points);
}

function transformState(passes: readonly AxisPass[], work: readonly Float64Array[], state: Place): void {
  const slowest = work.length;
  let source = { data: work[0], offset: 0 };
  slowestPass(passes[slowest], state, source);
  for (let axis = 0; axis < slowest; axis++) {
    const target = axis + 1 < slowest ? { data: work[axis + 1], offset: 0 } : state;
    rotatingPass(passes[axis], source, target);
    source = target;
  }
}

/** [points][lines], order kept. */
function slowestPass({ slabs: lines, transform }: AxisPass, source: Place, target: Place): void {
  transform(
    { data: source.data, offset: source.offset, entryStride: lines, lineStride: 1 },
    { data: target.data, offset: target.offset, entryStride: lines, lineStride: 1 },
    lines,
  );
}

/** Each slab [lines][points] becomes [points][lines]. */
function rotatingPass({ points, slabs, lines, transform }: AxisPass, source: Place, target: Place): void {
  for (let slab = 0; slab < slabs; slab++) {
    const start = slab * points * lines;
    const rows = { data: source.data, offset: source.offset + start, entryStride: 1, lineStride: points };
    transform(rows, { data: target.data, offset: target.offset + start, entryStride: lines, lineStride: 1 }, lines);
  }
}

function product(factors: readonly number[]): number {
  return factors.reduce((a, b) => a * b, 1);
}
