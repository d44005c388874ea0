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
 * The sine transform of a box as one pass an axis, x first. A pass reads the lines of the fastest axis and makes that axis the slowest
 * of those still to come: [lines][n] becomes [n][lines], so that both sides are contiguous; the last pass keeps the order.
 * After all passes the axes are reversed. `work`: d − 1 states.
 */
export function sinePasses(points: readonly number[], transforms: readonly LineTransform[], work: readonly Float64Array[]): (x: Float64Array) => void {
  const passes = axisPasses(points, transforms);
  const size = product(points);
  if (passes.length === 1) return (x) => lastPass({ ...passes[0], lines: x.length / size }, { data: x, offset: 0 }, { data: x, offset: 0 });
  return (x) => {
    for (let offset = 0; offset < x.length; offset += size) transformState(passes, work, { data: x, offset });
  };
}

function axisPasses(points: readonly number[], transforms: readonly LineTransform[]): AxisPass[] {
  return points.map((count, axis) => ({
    points: count,
    slabs: product(points.slice(0, axis)),
    lines: product(points.slice(axis + 1)),
    transform: transforms[axis],
  }));
}

function transformState(passes: readonly AxisPass[], work: readonly Float64Array[], state: Place): void {
  let source = state;
  for (let axis = 0; axis < work.length; axis++) {
    const target = { data: work[axis], offset: 0 };
    rotatingPass(passes[axis], source, target);
    source = target;
  }
  const last = passes[work.length];
  lastPass({ ...last, lines: last.slabs }, source, state);
}

/** Each slab [lines][points] becomes [points][lines]. */
function rotatingPass({ points, slabs, lines, transform }: AxisPass, source: Place, target: Place): void {
  for (let slab = 0; slab < slabs; slab++) {
    const start = slab * points * lines;
    const rows = { data: source.data, offset: source.offset + start, entryStride: 1, lineStride: points };
    transform(rows, { data: target.data, offset: target.offset + start, entryStride: lines, lineStride: 1 }, lines);
  }
}

/** [lines][points], order kept. */
function lastPass({ points, lines, transform }: AxisPass, source: Place, target: Place): void {
  const shape = { entryStride: 1, lineStride: points };
  transform({ ...source, ...shape }, { ...target, ...shape }, lines);
}

function product(factors: readonly number[]): number {
  return factors.reduce((a, b) => a * b, 1);
}
