// What a cycle works with.
//
// Plan, in u32: 0 levels, 1 dimensions, 2 x, 3 y, 4 out, 5 bytes between the doubles of a lane, 6 factors α [K] β [K] in f64, 7 shifts in T,
// 8 largest sizes (single precision only), 9 scales of the result in f64, 11 a plane of zeros; of the coarsest level: 12 unknowns,
// 13 width of the band, 14 work space, 16 … 23 factor of each lane; from PLAN on the levels, finest first, as listed below.
// Vectors have K lanes and T; `lines`, `planes`: bytes from one to the next.

export const PLAN: usize = 192;
export const LEVEL: usize = 128;
/** Room for four vectors in the plan. */
export const SCRATCH: usize = 128;

export const POINTS: usize = 0, LINES: usize = 1, PLANES: usize = 2;
/** Of arrays with one coefficient a point, and of records. */
export const COEFFICIENT_LINE: usize = 3, COEFFICIENT_PLANE: usize = 4, RECORD_LINE: usize = 11, RECORD_PLANE: usize = 12;
/** What the smoother divides by; mass, 0 if all ones; couplings in records, or if 0 those on x, the middle and the last axis. */
export const DIAGONAL: usize = 5, MASS: usize = 6, RECORDS: usize = 7, ON_X: usize = 8, ON_MIDDLE: usize = 9, ON_LAST: usize = 10;
export const VECTOR_LINE: usize = 13, VECTOR_PLANE: usize = 14;
/**
 * Right-hand side and then solution; three planes of iterates, two of ω(D + σM)⁻¹. On the finest level in double precision two planes of the
 * right-hand side instead, which is formed twice: that moves less than writing and reading it.
 */
export const SOLUTION: usize = 15, ITERATES: usize = 16, WEIGHTS: usize = 17, RIGHT: usize = 18;
/** One line: a residual, and the result (finest only). */
export const RESIDUAL: usize = 19, RESULT: usize = 28;
/** Interpolation on x: weights in T of the even points; on the middle and the last axis: pairs in f64, a pair a point. 0: the axis is kept. */
export const LOWER_X: usize = 20, UPPER_X: usize = 21, MIDDLE: usize = 22, LAST: usize = 23;
/** Restricted along x: three lines; also along the middle axis: three planes. Interpolated on the middle axis: a line, on the last one: a plane. */
export const RESTRICTED_LINES: usize = 24, RESTRICTED_PLANES: usize = 25, INTERPOLATED_LINE: usize = 26, INTERPOLATED_PLANE: usize = 27;

// @ts-ignore: decorator
@inline
export function word(p: usize, index: usize): usize {
  return load<u32>(p + 4 * index);
}

// @ts-ignore: decorator
@inline
export function isFinest(plan: usize, level: usize): bool {
  return level == plan + PLAN;
}

/** Line y of plane t of the right-hand side. */
// @ts-ignore: decorator
@inline
export function rightLine(level: usize, t: usize, y: usize): usize {
  const solution = word(level, SOLUTION), line = y * word(level, VECTOR_LINE);
  return (solution ? solution + t * word(level, VECTOR_PLANE) : word(level, RIGHT) + (t & 1) * word(level, VECTOR_PLANE)) + line;
}

/** Bytes from the beginning of a block of doubles to line y of plane t. */
// @ts-ignore: decorator
@inline
export function blockLine(plan: usize, level: usize, t: usize, y: usize): usize {
  return (t * word(level, LINES) + y) * word(level, POINTS) * word(plan, 5);
}

/** Whether behind line y of plane t is another one, and longer than what steps of two vectors reach over: up to seven points. */
// @ts-ignore: decorator
@inline
export function isInside(level: usize, t: usize, y: usize): bool {
  return word(level, POINTS) > 7 && (t + 1 < word(level, PLANES) || y + 1 < word(level, LINES));
}
