import { add, mul, splat } from "./lanes";
import { readVector, writeVector } from "./lane-vectors";

// Sums over the even and over the odd dofs of each lane. Two dofs of K lanes are K vectors, the even dof first, and each has
// a sum of its own: vector i of the sums is vector i of the result, [parity][lane]. Each sum adds in ascending order.
// Arguments named `lanes`, `update`, `i` are constants.

/** x·y, or with `update` y·y after y ← y + a x: vector i of two dofs. */
// @ts-ignore: decorator
@inline
function product(update: bool, i: usize, a: v128, x: usize, y: usize): v128 {
  if (!update) return mul(readVector(x, i), readVector(y, i));
  const sum = add(readVector(y, i), mul(a, readVector(x, i)));
  writeVector(y, i, sum);
  return mul(sum, sum);
}

/** The last entry of one lane of odd size. */
// @ts-ignore: decorator
@inline
function lastProduct(update: bool, a: f64, x: usize, y: usize): v128 {
  let left = load<f64>(x), right = load<f64>(y);
  if (update) {
    left = right + a * left;
    right = left;
    store<f64>(y, left);
  }
  return f64x2.replace_lane(splat(0), 0, left * right);
}

// @ts-ignore: decorator
@inline
function sumProducts(update: bool, lanes: usize, size: usize, factor: f64, x: usize, y: usize, sums: usize): void {
  const a = splat(factor), step = 16 * lanes, end = x + (size >> 1) * step;
  let s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0), s4 = splat(0), s5 = splat(0), s6 = splat(0), s7 = splat(0);
  for (; x != end; x += step, y += step) {
    s0 = add(s0, product(update, 0, a, x, y));
    if (lanes > 1) s1 = add(s1, product(update, 1, a, x, y));
    if (lanes > 2) {
      s2 = add(s2, product(update, 2, a, x, y));
      s3 = add(s3, product(update, 3, a, x, y));
    }
    if (lanes > 4) {
      s4 = add(s4, product(update, 4, a, x, y));
      s5 = add(s5, product(update, 5, a, x, y));
      s6 = add(s6, product(update, 6, a, x, y));
      s7 = add(s7, product(update, 7, a, x, y));
    }
  }
  if (size & 1) {
    s0 = add(s0, lanes > 1 ? product(update, 0, a, x, y) : lastProduct(update, factor, x, y));
    if (lanes > 2) s1 = add(s1, product(update, 1, a, x, y));
    if (lanes > 4) {
      s2 = add(s2, product(update, 2, a, x, y));
      s3 = add(s3, product(update, 3, a, x, y));
    }
  }
  storeSums(lanes, sums, s0, s1, s2, s3, s4, s5, s6, s7);
}

// @ts-ignore: decorator
@inline
export function storeSums(lanes: usize, sums: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): void {
  v128.store(sums, s0);
  if (lanes > 1) v128.store(sums, s1, 16);
  if (lanes > 2) {
    v128.store(sums, s2, 32);
    v128.store(sums, s3, 48);
  }
  if (lanes > 4) {
    v128.store(sums, s4, 64);
    v128.store(sums, s5, 80);
    v128.store(sums, s6, 96);
    v128.store(sums, s7, 112);
  }
}

/** sums ← Σ x·y */
export function laneProducts(lanes: usize, size: usize, x: usize, y: usize, sums: usize): void {
  if (lanes == 1) sumProducts(false, 1, size, 0, x, y, sums);
  else if (lanes == 2) sumProducts(false, 2, size, 0, x, y, sums);
  else if (lanes == 4) sumProducts(false, 4, size, 0, x, y, sums);
  else sumProducts(false, 8, size, 0, x, y, sums);
}

/** y ← y + a x, sums ← Σ y·y */
export function axpyLaneProducts(lanes: usize, size: usize, a: f64, x: usize, y: usize, sums: usize): void {
  if (lanes == 1) sumProducts(true, 1, size, a, x, y, sums);
  else if (lanes == 2) sumProducts(true, 2, size, a, x, y, sums);
  else if (lanes == 4) sumProducts(true, 4, size, a, x, y, sums);
  else sumProducts(true, 8, size, a, x, y, sums);
}
