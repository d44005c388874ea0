import { emitLine } from "./multigrid-blocks";
import { moveBlock, solveCoarsest } from "./multigrid-coarsest";
import {
  blockLine, isFinest, isInside, rightLine, word, COEFFICIENT_LINE, COEFFICIENT_PLANE, DIAGONAL, INTERPOLATED_LINE, INTERPOLATED_PLANE,
  ITERATES, LAST, LEVEL, LINES, LOWER_X, MASS, MIDDLE, ON_LAST, ON_MIDDLE, ON_X, PLAN, PLANES, POINTS, RECORDS, RECORD_LINE, RECORD_PLANE,
  RESIDUAL, RESTRICTED_LINES, RESTRICTED_PLANES, RESULT, SCRATCH, SOLUTION, UPPER_X, VECTOR_LINE, VECTOR_PLANE, WEIGHTS,
} from "./multigrid-plan";
import { rescale } from "./multigrid-range";
import { relaxCross, relaxRecords } from "./multigrid-relaxation";
import { correctLine, smoothLine } from "./multigrid-smoothing";
import { addOuter, blend, restrictLine } from "./multigrid-transfer";
import { packed } from "./multigrid-vectors";
import { Eight, Four, No, One, Two, Yes } from "./specialise";

export * from "./lane-krylov";

// A symmetric V(1,1)-cycle on a box grid. A grid is planes of lines of points; in two dimensions a plane is one line, in one there is one plane.
// Each level is passed through twice, plane by plane, so that only a few planes of it are ever held besides the right-hand side:
// down, first smoothing from zero, residual and restriction; up, first smoothing again, interpolated correction and second smoothing.

/** Plane t of a ring of three. */
// @ts-ignore: decorator
@inline
function third(ring: usize, t: usize, bytes: usize): usize {
  return ring + (t % 3) * bytes;
}

/** First smoothing on plane t. */
function smoothPlane<T, K>(plan: usize, level: usize, t: usize): void {
  const n = word(level, POINTS), masses = word(level, MASS), s = third(word(level, ITERATES), t, word(level, VECTOR_PLANE)), shifts = word(plan, 7);
  const finest = isFinest(plan, level), factors = word(plan, 6), stride = word(plan, 5);
  for (let y: usize = 0, lines = word(level, LINES); y < lines; y++) {
    const at = t * word(level, COEFFICIENT_PLANE) + y * word(level, COEFFICIENT_LINE), d = word(level, DIAGONAL) + at, mass = masses + at;
    const f = rightLine(level, t, y), line = s + y * word(level, VECTOR_LINE), start = finest ? blockLine(plan, level, t, y) : 0;
    const inside = isInside(level, t, y), bx = word(plan, 2) + start, by = word(plan, 3) + start;
    if (!finest) smoothLine<T, K, Yes, No>(n, d, mass, shifts, f, line, factors, stride, inside, bx, by);
    else if (masses) smoothLine<T, K, Yes, Yes>(n, d, mass, shifts, f, line, factors, stride, inside, bx, by);
    else smoothLine<T, K, No, Yes>(n, d, mass, shifts, f, line, factors, stride, inside, bx, by);
  }
}

/** `relaxRecords` or `relaxCross` on line y of plane t. */
function relaxLine<T, K, F>(plan: usize, level: usize, t: usize, y: usize, f: usize, q: usize, out: usize): void {
  const n = word(level, POINTS), line = word(level, VECTOR_LINE), plane = word(level, VECTOR_PLANE), ring = word(level, ITERATES), at = y * line;
  const u = third(ring, t, plane) + at, zeros = word(plan, 11), dimensions = word(plan, 1), records = word(level, RECORDS);
  const below = (t > 0 ? third(ring, t - 1, plane) : zeros) + at, above = (t + 1 < word(level, PLANES) ? third(ring, t + 1, plane) : zeros) + at;
  if (records) {
    const scratch = plan + SCRATCH, record = records + t * word(level, RECORD_PLANE) + y * word(level, RECORD_LINE);
    if (dimensions == 3) relaxRecords<T, K, Four, F>(n, record, u, below, above, line, f, q, out, scratch);
    else if (dimensions == 2) relaxRecords<T, K, Two, F>(n, record, u, below, above, line, f, q, out, scratch);
    else relaxRecords<T, K, One, F>(n, record, u, below, above, line, f, q, out, scratch);
  } else {
    const nextLine = word(level, COEFFICIENT_LINE), nextPlane = word(level, COEFFICIENT_PLANE), entry = t * nextPlane + y * nextLine;
    const w = word(level, ON_X) + entry, s = word(level, ON_MIDDLE) + entry, l = word(level, ON_LAST) + entry;
    if (dimensions == 3) relaxCross<T, K, Four, F>(n, w, s, s + nextLine, l, l + nextPlane, u, below, above, line, f, q, out);
    else if (dimensions == 2) relaxCross<T, K, Two, F>(n, w, s, s, l, l + nextPlane, u, below, above, line, f, q, out);
    else relaxCross<T, K, One, F>(n, w, s, s, l, l, u, below, above, line, f, q, out);
  }
}

/** Restriction on an outer axis of `count` points once point j has arrived in a ring of three: coarse point J needs 2J, 2J + 1 and 2J + 2. */
function collect<T>(j: usize, count: usize, weights: usize, ring: usize, stride: usize, bytes: usize, out: usize, zeros: usize): void {
  const here = third(ring, j, stride), pair = weights + 16 * j;
  if (j & 1) {
    if (j + 1 == count) addOuter<T>(bytes, load<f64>(pair - 8), third(ring, j - 1, stride), here, 0, zeros, out + (j >> 1) * stride);
  } else if (j > 0) {
    addOuter<T>(bytes, load<f64>(pair - 24), third(ring, j - 2, stride), third(ring, j - 1, stride), load<f64>(pair), here, out + ((j >> 1) - 1) * stride);
  }
}

/** Residual of the first smoothing step on plane t, restricted. */
function restrictPlane<T, K>(plan: usize, level: usize, t: usize): void {
  const coarse = level + LEVEL, line = word(coarse, VECTOR_LINE), plane = word(coarse, VECTOR_PLANE), lines = word(level, LINES), zeros = word(plan, 11);
  const middle = word(level, MIDDLE), last = word(level, LAST), solution = word(coarse, SOLUTION), upper = word(level, UPPER_X);
  const target = last ? third(word(level, RESTRICTED_PLANES), t, plane) : solution + t * plane;
  for (let y: usize = 0; y < lines; y++) {
    const f = rightLine(level, t, y), out = middle ? third(word(level, RESTRICTED_LINES), y, line) : target + y * line;
    relaxLine<T, K, No>(plan, level, t, y, f, f, upper ? word(level, RESIDUAL) : out);
    if (upper) restrictLine<T, K>(word(coarse, POINTS), word(level, RESIDUAL), word(level, LOWER_X), upper, out);
    if (middle) collect<T>(y, lines, middle, word(level, RESTRICTED_LINES), line, line, target, zeros);
  }
  if (last) collect<T>(t, word(level, PLANES), last, word(level, RESTRICTED_PLANES), plane, word(coarse, LINES) * line, solution, zeros);
}

function descend<T, K>(plan: usize, level: usize): void {
  const planes = word(level, PLANES);
  for (let t: usize = 0; t < planes; t++) {
    smoothPlane<T, K>(plan, level, t);
    if (t > 0) restrictPlane<T, K>(plan, level, t - 1);
  }
  restrictPlane<T, K>(plan, level, planes - 1);
}

/** Interpolation on an outer axis to point j from `count` coarse points at e: where the result is, computed into `buffer` if need be. */
function interpolate<T>(j: usize, count: usize, weights: usize, e: usize, stride: usize, bytes: usize, buffer: usize, zeros: usize): usize {
  if (!weights) return e + j * stride;
  const next = j >> 1;
  if (j & 1) return e + next * stride;
  const before = j > 0 ? e + (next - 1) * stride : zeros, behind = next < count ? e + next * stride : zeros;
  blend<T>(bytes, load<f64>(weights + 16 * j), before, load<f64>(weights + 16 * j + 8), behind, buffer);
  return buffer;
}

/** First smoothing and interpolated correction on plane t. */
function correctPlane<T, K>(plan: usize, level: usize, t: usize): void {
  const coarse = level + LEVEL, n = word(level, POINTS), masses = word(level, MASS), shifts = word(plan, 7), zeros = word(plan, 11), lines = word(level, LINES);
  const line = word(coarse, VECTOR_LINE), plane = word(coarse, VECTOR_PLANE), ownPlane = word(level, VECTOR_PLANE), lower = word(level, LOWER_X), upper = word(level, UPPER_X);
  const e = interpolate<T>(t, word(coarse, PLANES), word(level, LAST), word(coarse, SOLUTION), plane, word(coarse, LINES) * line, word(level, INTERPOLATED_PLANE), zeros);
  const finest = isFinest(plan, level), factors = word(plan, 6), stride = word(plan, 5);
  for (let y: usize = 0; y < lines; y++) {
    const v = interpolate<T>(y, word(coarse, LINES), word(level, MIDDLE), e, line, line, word(level, INTERPOLATED_LINE), zeros);
    const at = t * word(level, COEFFICIENT_PLANE) + y * word(level, COEFFICIENT_LINE), d = word(level, DIAGONAL) + at, mass = masses + at, own = y * word(level, VECTOR_LINE);
    const f = rightLine(level, t, y), q = word(level, WEIGHTS) + (t & 1) * ownPlane + own, u = third(word(level, ITERATES), t, ownPlane) + own;
    const start = finest ? blockLine(plan, level, t, y) : 0, inside = isInside(level, t, y), bx = word(plan, 2) + start, by = word(plan, 3) + start;
    if (sizeof<T>() == 4 && !masses) correctLine<T, K, No, No>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, inside, bx, by);
    else if (sizeof<T>() == 4 || !finest) correctLine<T, K, Yes, No>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, inside, bx, by);
    else if (masses) correctLine<T, K, Yes, Yes>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, inside, bx, by);
    else correctLine<T, K, No, Yes>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, inside, bx, by);
  }
}

/** Whether the result of the finest level can go to the block at once: the layout is the same. With one lane some dofs too many are written. */
// @ts-ignore: decorator
@inline
function writesBlock<T, K>(stride: usize, inside: bool): bool {
  if (sizeof<T>() == 4) return false;
  return !packed<K>() || (stride == 8 && inside);
}

/** Second smoothing on plane t. */
function finishPlane<T, K>(plan: usize, level: usize, t: usize): void {
  const finest = isFinest(plan, level), stride = word(plan, 5), n = word(level, POINTS), lines = word(level, LINES);
  for (let y: usize = 0; y < lines; y++) {
    const f = rightLine(level, t, y), q = word(level, WEIGHTS) + (t & 1) * word(level, VECTOR_PLANE) + y * word(level, VECTOR_LINE);
    if (!finest) relaxLine<T, K, Yes>(plan, level, t, y, f, q, f);
    else {
      const target = word(plan, 4) + blockLine(plan, level, t, y), direct = writesBlock<T, K>(stride, isInside(level, t, y));
      const out = direct ? target : word(level, RESULT);
      relaxLine<T, K, Yes>(plan, level, t, y, f, q, out);
      if (!direct) emitLine<T, K>(n, word(plan, 9), stride, out, target);
    }
  }
}

function ascend<T, K>(plan: usize, level: usize): void {
  const planes = word(level, PLANES);
  for (let t: usize = 0; t < planes; t++) {
    correctPlane<T, K>(plan, level, t);
    if (t > 0) finishPlane<T, K>(plan, level, t - 1);
  }
  finishPlane<T, K>(plan, level, planes - 1);
}

/** The finest level down. */
function start<T, K>(plan: usize): void {
  if (word(plan, 0) == 1) moveBlock<T, K>(plan, plan + PLAN, false);
  else descend<T, K>(plan, plan + PLAN);
}

function cycle<T, K>(plan: usize): void {
  const levels = word(plan, 0), coarsest = plan + PLAN + (levels - 1) * LEVEL;
  start<T, K>(plan);
  if (sizeof<T>() == 4 && rescale<K>(plan)) start<T, K>(plan);
  for (let level = plan + PLAN + LEVEL; level < coarsest; level += LEVEL) descend<T, K>(plan, level);
  solveCoarsest<T, K>(plan, coarsest);
  for (let level = coarsest; level > plan + PLAN; ) {
    level -= LEVEL;
    ascend<T, K>(plan, level);
  }
  if (levels == 1) moveBlock<T, K>(plan, coarsest, true);
}

/** One cycle on blocks of one, four or eight lanes, in single or double precision: out ← B(αx + βy). */
export function multigridCycle(plan: usize, lanes: usize, single: bool): void {
  if (single) {
    if (lanes == 8) cycle<f32, Eight>(plan);
    else if (lanes == 4) cycle<f32, Four>(plan);
    else cycle<f32, One>(plan);
  } else if (lanes == 8) cycle<f64, Eight>(plan);
  else if (lanes == 4) cycle<f64, Four>(plan);
  else cycle<f64, One>(plan);
}
