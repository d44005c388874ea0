import { combineEntry, combineVector } from "./diagonal-combination";
import { storeSums } from "./lane-products";
import { readVector } from "./lane-vectors";
import { add, splat } from "./lanes";
export { solveDiagonal } from "./diagonal-solve";

// L = diag(µ). Factors of the lanes: rows of eight, entry i that of lane i mod K.
// Arguments named `lanes`, `withY`, `withZ`, `summed`, `i` are constants.

// @ts-ignore: decorator
@inline
function accumulate(summed: bool, sum: v128, product: v128): v128 {
  return summed ? add(sum, product) : sum;
}

/** One lane: a vector is an even dof and the odd one after it. */
// @ts-ignore: decorator
@inline
function combineOne(withY: bool, withZ: bool, summed: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  const whole = x + (size & ~7) * 8, pairs = x + (size & ~1) * 8;
  const a = v128.load(f), b = v128.load(f, 64), c = v128.load(f, 128), d = v128.load(f, 192);
  let sum = splat(0);
  for (; x != whole; x += 64, mu += 64, out += 64) {
    sum = accumulate(summed, sum, combineVector(withY, withZ, 0, readVector(mu, 0), a, b, c, d, x, y, z, out));
    sum = accumulate(summed, sum, combineVector(withY, withZ, 1, readVector(mu, 1), a, b, c, d, x, y, z, out));
    sum = accumulate(summed, sum, combineVector(withY, withZ, 2, readVector(mu, 2), a, b, c, d, x, y, z, out));
    sum = accumulate(summed, sum, combineVector(withY, withZ, 3, readVector(mu, 3), a, b, c, d, x, y, z, out));
    if (withY) y += 64;
    if (withZ) z += 64;
  }
  for (; x != pairs; x += 16, mu += 16, out += 16) {
    sum = accumulate(summed, sum, combineVector(withY, withZ, 0, readVector(mu, 0), a, b, c, d, x, y, z, out));
    if (withY) y += 16;
    if (withZ) z += 16;
  }
  if (size & 1) sum = accumulate(summed, sum, combineEntry(withY, withZ, mu, f, x, y, z, out));
  if (summed) v128.store(sums, sum);
}

/** Factors of vector i. `row`: those of all lanes; `first`: those of the first two, held in a register. */
// @ts-ignore: decorator
@inline
function factor(lanes: usize, i: usize, first: v128, row: usize): v128 {
  return lanes == 2 ? first : readVector(row, i % (lanes / 2));
}

/** Vector i of two dofs, the even one first; its products. */
// @ts-ignore: decorator
@inline
function combine(lanes: usize, withY: bool, withZ: bool, i: usize, even: v128, odd: v128, a: v128, b: v128, c: v128, d: v128, f: usize, x: usize, y: usize, z: usize, out: usize): v128 {
  const fa = factor(lanes, i, a, f), fb = factor(lanes, i, b, f + 64);
  const fc = withY ? factor(lanes, i, c, f + 128) : c, fd = withZ ? factor(lanes, i, d, f + 192) : d;
  return combineVector(withY, withZ, i, i < lanes / 2 ? even : odd, fa, fb, fc, fd, x, y, z, out);
}

/** Two or more lanes: two dofs are `lanes` vectors, each with a sum of its own. */
// @ts-ignore: decorator
@inline
function combineLanesOf(lanes: usize, withY: bool, withZ: bool, summed: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  const step = 16 * lanes, end = x + (size >> 1) * step;
  const a = v128.load(f), b = v128.load(f, 64), c = v128.load(f, 128), d = v128.load(f, 192);
  let s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0), s4 = splat(0), s5 = splat(0), s6 = splat(0), s7 = splat(0);
  for (; x != end; x += step, mu += 16, out += step) {
    const even = v128.load64_splat(mu), odd = v128.load64_splat(mu, 8);
    s0 = accumulate(summed, s0, combine(lanes, withY, withZ, 0, even, odd, a, b, c, d, f, x, y, z, out));
    s1 = accumulate(summed, s1, combine(lanes, withY, withZ, 1, even, odd, a, b, c, d, f, x, y, z, out));
    if (lanes > 2) {
      s2 = accumulate(summed, s2, combine(lanes, withY, withZ, 2, even, odd, a, b, c, d, f, x, y, z, out));
      s3 = accumulate(summed, s3, combine(lanes, withY, withZ, 3, even, odd, a, b, c, d, f, x, y, z, out));
    }
    if (lanes > 4) {
      s4 = accumulate(summed, s4, combine(lanes, withY, withZ, 4, even, odd, a, b, c, d, f, x, y, z, out));
      s5 = accumulate(summed, s5, combine(lanes, withY, withZ, 5, even, odd, a, b, c, d, f, x, y, z, out));
      s6 = accumulate(summed, s6, combine(lanes, withY, withZ, 6, even, odd, a, b, c, d, f, x, y, z, out));
      s7 = accumulate(summed, s7, combine(lanes, withY, withZ, 7, even, odd, a, b, c, d, f, x, y, z, out));
    }
    if (withY) y += step;
    if (withZ) z += step;
  }
  if (size & 1) {
    const even = v128.load64_splat(mu);
    s0 = accumulate(summed, s0, combine(lanes, withY, withZ, 0, even, even, a, b, c, d, f, x, y, z, out));
    if (lanes > 2) s1 = accumulate(summed, s1, combine(lanes, withY, withZ, 1, even, even, a, b, c, d, f, x, y, z, out));
    if (lanes > 4) {
      s2 = accumulate(summed, s2, combine(lanes, withY, withZ, 2, even, even, a, b, c, d, f, x, y, z, out));
      s3 = accumulate(summed, s3, combine(lanes, withY, withZ, 3, even, even, a, b, c, d, f, x, y, z, out));
    }
  }
  if (summed) storeSums(lanes, sums, s0, s1, s2, s3, s4, s5, s6, s7);
}

// @ts-ignore: decorator
@inline
function combineAll(lanes: usize, withY: bool, withZ: bool, summed: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  if (lanes == 1) combineOne(withY, withZ, summed, size, mu, f, x, y, z, out, sums);
  else combineLanesOf(lanes, withY, withZ, summed, size, mu, f, x, y, z, out, sums);
}

// @ts-ignore: decorator
@inline
function combineDiagonal(lanes: usize, size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  if (sums) {
    if (y && z) combineAll(lanes, true, true, true, size, mu, f, x, y, z, out, sums);
    else if (y) combineAll(lanes, true, false, true, size, mu, f, x, y, z, out, sums);
    else if (z) combineAll(lanes, false, true, true, size, mu, f, x, y, z, out, sums);
    else combineAll(lanes, false, false, true, size, mu, f, x, y, z, out, sums);
  } else if (y && z) combineAll(lanes, true, true, false, size, mu, f, x, y, z, out, sums);
  else if (y) combineAll(lanes, true, false, false, size, mu, f, x, y, z, out, sums);
  else if (z) combineAll(lanes, false, true, false, size, mu, f, x, y, z, out, sums);
  else combineAll(lanes, false, false, false, size, mu, f, x, y, z, out, sums);
}

/** out ← a x + b µ x + c y + d z; y, z, sums may be 0 for none. `f`: rows a, b, c, d. sums ← Σ out·z (out·out without z), [parity][lane]. */
export function combineDiagonal1(size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  combineDiagonal(1, size, mu, f, x, y, z, out, sums);
}

export function combineDiagonal2(size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  combineDiagonal(2, size, mu, f, x, y, z, out, sums);
}

export function combineDiagonal4(size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  combineDiagonal(4, size, mu, f, x, y, z, out, sums);
}

export function combineDiagonal8(size: usize, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize, sums: usize): void {
  combineDiagonal(8, size, mu, f, x, y, z, out, sums);
}
