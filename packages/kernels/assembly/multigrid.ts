import { emitLine, formLine, largestInLane } from "./multigrid-blocks";
import { solveBand } from "./multigrid-coarsest";
import { relaxCross, relaxRecords } from "./multigrid-relaxation";
import { correctLine, smoothLine } from "./multigrid-smoothing";
import { addOuter, blend, restrictLine } from "./multigrid-transfer";
import { cellBytes, packed } from "./multigrid-vectors";
import { Eight, Four, No, One, Two, Yes } from "./specialise";

export * from "./lane-krylov";

// A symmetric V(1,1)-cycle on a box grid. A grid is planes of lines of points; in two dimensions a plane is one line, in one there is one plane.
// Each level is passed through twice, plane by plane, so that only a few planes of it are ever held besides the right-hand side:
// down, first smoothing from zero, residual and restriction; up, first smoothing again, interpolated correction and second smoothing.
//
// Plan, in u32: 0 levels, 1 dimensions, 2 x, 3 y, 4 out, 5 bytes between the doubles of a lane, 6 factors α [K] β [K] in f64, 7 shifts in T,
// 8 largest sizes (single precision only), 9 scales of the result in f64, 11 a plane of zeros; of the coarsest level: 12 unknowns,
// 13 width of the band, 14 work space, 16 … 23 factor of each lane; from PLAN on the levels, finest first, as listed below.
// Vectors have K lanes and T; `lines`, `planes`: bytes from one to the next.

const PLAN: usize = 192;
const LEVEL: usize = 128;
/** Room for four vectors in the plan. */
const SCRATCH: usize = 128;

const POINTS: usize = 0, LINES: usize = 1, PLANES: usize = 2;
/** Of arrays with one coefficient a point, and of records. */
const COEFFICIENT_LINE: usize = 3, COEFFICIENT_PLANE: usize = 4, RECORD_LINE: usize = 11, RECORD_PLANE: usize = 12;
/** What the smoother divides by; mass, 0 if all ones; couplings in records, or if 0 those on x, the middle and the last axis. */
const DIAGONAL: usize = 5, MASS: usize = 6, RECORDS: usize = 7, ON_X: usize = 8, ON_MIDDLE: usize = 9, ON_LAST: usize = 10;
const VECTOR_LINE: usize = 13, VECTOR_PLANE: usize = 14;
/** Right-hand side and then solution (not on the finest level); three planes of iterates, two of ω(D + σM)⁻¹, two of the right-hand side (finest only). */
const SOLUTION: usize = 15, ITERATES: usize = 16, WEIGHTS: usize = 17, RIGHT: usize = 18;
/** One line: a residual, and the result (finest only). */
const RESIDUAL: usize = 19, RESULT: usize = 28;
/** Interpolation on x: weights in T of the even points; on the middle and the last axis: pairs in f64, a pair a point. 0: the axis is kept. */
const LOWER_X: usize = 20, UPPER_X: usize = 21, MIDDLE: usize = 22, LAST: usize = 23;
/** Restricted along x: three lines; also along the middle axis: three planes. Interpolated on the middle axis: a line, on the last one: a plane. */
const RESTRICTED_LINES: usize = 24, RESTRICTED_PLANES: usize = 25, INTERPOLATED_LINE: usize = 26, INTERPOLATED_PLANE: usize = 27;

// @ts-ignore: decorator
@inline
function word(p: usize, index: usize): usize {
  return load<u32>(p + 4 * index);
}

/** Plane t of a ring of three. */
// @ts-ignore: decorator
@inline
function third(ring: usize, t: usize, bytes: usize): usize {
  return ring + (t % 3) * bytes;
}

// @ts-ignore: decorator
@inline
function isFinest(plan: usize, level: usize): bool {
  return level == plan + PLAN;
}

/** Line y of plane t of the right-hand side. */
// @ts-ignore: decorator
@inline
function rightLine(level: usize, t: usize, y: usize): usize {
  const solution = word(level, SOLUTION), line = y * word(level, VECTOR_LINE);
  return (solution ? solution + t * word(level, VECTOR_PLANE) : word(level, RIGHT) + (t & 1) * word(level, VECTOR_PLANE)) + line;
}

/** Bytes from the beginning of a block of doubles to line y of plane t. */
// @ts-ignore: decorator
@inline
function blockLine(plan: usize, level: usize, t: usize, y: usize): usize {
  return (t * word(level, LINES) + y) * word(level, POINTS) * word(plan, 5);
}

/** First smoothing on plane t. */
function smoothPlane<T, K>(plan: usize, level: usize, t: usize): void {
  const n = word(level, POINTS), masses = word(level, MASS), s = third(word(level, ITERATES), t, word(level, VECTOR_PLANE)), shifts = word(plan, 7);
  const finest = isFinest(plan, level), factors = word(plan, 6), stride = word(plan, 5), largest = word(plan, 8);
  for (let y: usize = 0, lines = word(level, LINES); y < lines; y++) {
    const at = t * word(level, COEFFICIENT_PLANE) + y * word(level, COEFFICIENT_LINE), d = word(level, DIAGONAL) + at, mass = masses + at;
    const f = rightLine(level, t, y), line = s + y * word(level, VECTOR_LINE), start = finest ? blockLine(plan, level, t, y) : 0;
    const bx = word(plan, 2) + start, by = word(plan, 3) + start;
    if (!finest) smoothLine<T, K, Yes, No>(n, d, mass, shifts, f, line, factors, stride, bx, by, largest);
    else if (masses) smoothLine<T, K, Yes, Yes>(n, d, mass, shifts, f, line, factors, stride, bx, by, largest);
    else smoothLine<T, K, No, Yes>(n, d, mass, shifts, f, line, factors, stride, bx, by, largest);
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
    const start = finest ? blockLine(plan, level, t, y) : 0, bx = word(plan, 2) + start, by = word(plan, 3) + start;
    if (!finest) correctLine<T, K, Yes, No>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, bx, by);
    else if (masses) correctLine<T, K, Yes, Yes>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, bx, by);
    else correctLine<T, K, No, Yes>(n, d, mass, shifts, f, q, u, v, lower, upper, factors, stride, bx, by);
  }
}

/**
 * Whether the result of the finest level can go to the block at once: the layout is the same. With one lane up to three dofs too many are
 * written, which must lie on the next line.
 */
// @ts-ignore: decorator
@inline
function writesBlock<T, K>(stride: usize, n: usize, last: bool): bool {
  if (sizeof<T>() == 4) return false;
  return !packed<K>() || (stride == 8 && n > 3 && !last);
}

/** Second smoothing on plane t. */
function finishPlane<T, K>(plan: usize, level: usize, t: usize): void {
  const finest = isFinest(plan, level), stride = word(plan, 5), n = word(level, POINTS), lines = word(level, LINES), lastPlane = t + 1 == word(level, PLANES);
  for (let y: usize = 0; y < lines; y++) {
    const f = rightLine(level, t, y), q = word(level, WEIGHTS) + (t & 1) * word(level, VECTOR_PLANE) + y * word(level, VECTOR_LINE);
    if (!finest) relaxLine<T, K, Yes>(plan, level, t, y, f, q, f);
    else {
      const target = word(plan, 4) + blockLine(plan, level, t, y), direct = writesBlock<T, K>(stride, n, lastPlane && y + 1 == lines);
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

/** Lanes l and l + 1 of the coarsest vector to the work space [unknown][2], or back. With one lane the second one is the same. */
function moveLanes<T, K>(plan: usize, level: usize, l: usize, back: bool): void {
  const second: usize = packed<K>() ? 0 : sizeof<T>(), n = word(level, POINTS);
  let x = word(plan, 14) + word(plan, 13) * 16;
  if (!back) memory.fill(word(plan, 14), 0, word(plan, 13) * 16);
  for (let t: usize = 0, planes = word(level, PLANES); t < planes; t++) {
    for (let y: usize = 0, lines = word(level, LINES); y < lines; y++) {
      let b = word(level, SOLUTION) + t * word(level, VECTOR_PLANE) + y * word(level, VECTOR_LINE) + l * sizeof<T>();
      for (const end = b + n * cellBytes<T, K>(); b < end; b += cellBytes<T, K>(), x += 16) {
        if (back) {
          store<T>(b, <T>load<f64>(x));
          if (second) store<T>(b + second, <T>load<f64>(x, 8));
        } else {
          store<f64>(x, <f64>load<T>(b));
          store<f64>(x, <f64>load<T>(b + second), 8);
        }
      }
    }
  }
}

function solveCoarsest<T, K>(plan: usize, level: usize): void {
  const width = word(plan, 13), x = word(plan, 14) + width * 16;
  for (let l: usize = 0; l < sizeof<K>(); l += 2) {
    moveLanes<T, K>(plan, level, l, false);
    solveBand(word(plan, 12), width, word(plan, 16 + l), word(plan, packed<K>() ? 16 : 17 + l), x);
    moveLanes<T, K>(plan, level, l, true);
  }
}

/** Where the one level is the finest and the coarsest: forms the right-hand side, or writes the solution. */
function moveBlock<T, K>(plan: usize, level: usize, back: bool): void {
  const n = word(level, POINTS), lines = word(level, LINES), stride = word(plan, 5);
  for (let t: usize = 0, planes = word(level, PLANES); t < planes; t++) {
    for (let y: usize = 0; y < lines; y++) {
      const b = rightLine(level, t, y), start = blockLine(plan, level, t, y);
      if (back) emitLine<T, K>(n, word(plan, 9), stride, b, word(plan, 4) + start);
      else formLine<T, K>(n, word(plan, 6), stride, word(plan, 2) + start, word(plan, 3) + start, b);
    }
  }
}

const SMALLEST: f64 = reinterpret<f64>(<u64>(1023 - 40) << 52), LARGEST: f64 = reinterpret<f64>(<u64>(1023 + 60) << 52);

/** 2ᵏ of a double with the sign bit clear. */
// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i64 {
  return (reinterpret<i64>(x) >> 52) - 1023;
}

// @ts-ignore: decorator
@inline
function powerOfTwo(k: i64): f64 {
  return reinterpret<f64>((k + 1023) << 52);
}

/** The largest size in single precision of lane l, as the first pass noted it. */
// @ts-ignore: decorator
@inline
function noted<K>(sizes: usize, l: usize): f64 {
  if (!packed<K>()) return <f64>load<f32>(sizes + 4 * l);
  return <f64>Mathf.max(Mathf.max(load<f32>(sizes), load<f32>(sizes, 4)), Mathf.max(load<f32>(sizes, 8), load<f32>(sizes, 12)));
}

/** Single precision: scales the lanes whose right-hand side leaves 2⁻⁴⁰ … 2⁶⁰ by a power of two; false when there are none. */
function rescale<K>(plan: usize): bool {
  const factors = word(plan, 6), scales = word(plan, 9), stride = word(plan, 5), level = plan + PLAN;
  const dofs = word(level, POINTS) * word(level, LINES) * word(level, PLANES);
  let some = false;
  for (let l: usize = 0; l < sizeof<K>(); l++) {
    const size = noted<K>(word(plan, 8), l), alpha = load<f64>(factors + 8 * l), beta = load<f64>(factors + 8 * (sizeof<K>() + l));
    if (size >= SMALLEST && size <= LARGEST) continue;
    const exact = largestInLane(dofs, alpha, word(plan, 2) + 8 * l, beta, word(plan, 3) + 8 * l, stride);
    if (exact == 0) continue;
    const lowest = exponentOf(Math.max(Math.abs(alpha), Math.abs(beta))) - 1000;
    const k = max<i64>(min<i64>(exponentOf(exact), 1022), max<i64>(lowest, -1022));
    store<f64>(factors + 8 * l, alpha * powerOfTwo(-k));
    store<f64>(factors + 8 * (sizeof<K>() + l), beta * powerOfTwo(-k));
    store<f64>(scales + 8 * l, powerOfTwo(k));
    some = true;
  }
  return some;
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
