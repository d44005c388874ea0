import { packed } from "./multigrid-vectors";
import { storeVector, vectorAt } from "./specialise";

// Between blocks of doubles and lines of T inside the cycle. The doubles of one lane lie `stride` bytes apart.

/** Two vectors of doubles as one of singles. */
// @ts-ignore: decorator
@inline
function narrowed(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

/** The second half of singles as doubles. */
// @ts-ignore: decorator
@inline
function widenedSecond(a: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(a, a, 1, 1));
}

/** Doubles 2k and 2k + 1 of αx + βy. */
// @ts-ignore: decorator
@inline
function formedDoubles(k: usize, alpha: v128, x: usize, beta: v128, y: usize): v128 {
  return f64x2.add(f64x2.mul(alpha, vectorAt(x, k)), f64x2.mul(beta, vectorAt(y, k)));
}

/** Vector k in T of αx + βy at a point of K ≥ 4 lanes; α and β of lanes 0 1, 2 3, 4 5, 6 7. */
// @ts-ignore: decorator
@inline
export function formedVector<T>(k: usize, x: usize, y: usize, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): v128 {
  if (sizeof<T>() == 4) {
    if (k == 0) return narrowed(formedDoubles(0, a0, x, b0, y), formedDoubles(1, a1, x, b1, y));
    return narrowed(formedDoubles(2, a2, x, b2, y), formedDoubles(3, a3, x, b3, y));
  }
  if (k == 0) return formedDoubles(0, a0, x, b0, y);
  if (k == 1) return formedDoubles(1, a1, x, b1, y);
  if (k == 2) return formedDoubles(2, a2, x, b2, y);
  return formedDoubles(3, a3, x, b3, y);
}

/** Vector k in T of αx + βy at the next points of one lane, of doubles next to each other. */
// @ts-ignore: decorator
@inline
export function formedPacked<T>(k: usize, alpha: v128, x: usize, beta: v128, y: usize): v128 {
  if (sizeof<T>() == 8) return formedDoubles(k, alpha, x, beta, y);
  return narrowed(formedDoubles(2 * k, alpha, x, beta, y), formedDoubles(2 * k + 1, alpha, x, beta, y));
}

/** Two doubles of one lane, or one when `single` (a constant). */
// @ts-ignore: decorator
@inline
function pairAt(single: bool, p: usize, stride: usize): v128 {
  if (single) return v128.load64_zero(p);
  return stride == 8 ? v128.load(p) : v128.load64_lane(p + stride, v128.load64_zero(p), 1);
}

// @ts-ignore: decorator
@inline
function formPair<T>(single: bool, alpha: v128, beta: v128, stride: usize, x: usize, y: usize, f: usize): void {
  const value = f64x2.add(f64x2.mul(alpha, pairAt(single, x, stride)), f64x2.mul(beta, pairAt(single, y, stride)));
  if (sizeof<T>() == 8) {
    if (single) v128.store64_lane(f, value, 0);
    else v128.store(f, value);
  } else {
    const rounded = f32x4.demote_f64x2_zero(value);
    if (single) v128.store32_lane(f, rounded, 0);
    else v128.store64_lane(f, rounded, 0);
  }
}

// @ts-ignore: decorator
@inline
function formStrided<T>(n: usize, alpha: v128, beta: v128, stride: usize, x: usize, y: usize, f: usize): void {
  for (const end = x + (n & ~1) * stride; x < end; x += 2 * stride, y += 2 * stride, f += 2 * sizeof<T>()) formPair<T>(false, alpha, beta, stride, x, y, f);
  if (n & 1) formPair<T>(true, alpha, beta, stride, x, y, f);
}

/** f ← αx + βy on a line of n points of one lane, rounded to T. */
// @ts-ignore: decorator
@inline
export function formPackedLine<T>(n: usize, factors: usize, stride: usize, x: usize, y: usize, f: usize): void {
  const alpha = v128.load64_splat(factors), beta = v128.load64_splat(factors, 8);
  if (stride == 8) formStrided<T>(n, alpha, beta, 8, x, y, f);
  else formStrided<T>(n, alpha, beta, stride, x, y, f);
}

/** f ← αx + βy on a line of n points, rounded to T. */
export function formLine<T, K>(n: usize, factors: usize, stride: usize, x: usize, y: usize, f: usize): void {
  const W: usize = sizeof<K>() * sizeof<T>() / 16, D: usize = sizeof<K>() / 2, cell: usize = 8 * sizeof<K>();
  if (packed<K>()) {
    formPackedLine<T>(n, factors, stride, x, y, f);
    return;
  }
  const a0 = vectorAt(factors, 0), a1 = vectorAt(factors, 1), a2 = vectorAt(factors, D > 2 ? 2 : 0), a3 = vectorAt(factors, D > 2 ? 3 : 0);
  const b0 = vectorAt(factors, D), b1 = vectorAt(factors, D + 1), b2 = vectorAt(factors, D > 2 ? D + 2 : 0), b3 = vectorAt(factors, D > 2 ? D + 3 : 0);
  for (const end = x + n * cell; x < end; x += cell, y += cell, f += 16 * W) {
    storeVector(f, 0, formedVector<T>(0, x, y, a0, a1, a2, a3, b0, b1, b2, b3));
    if (W > 1) storeVector(f, 1, formedVector<T>(1, x, y, a0, a1, a2, a3, b0, b1, b2, b3));
    if (W > 2) storeVector(f, 2, formedVector<T>(2, x, y, a0, a1, a2, a3, b0, b1, b2, b3));
    if (W > 2) storeVector(f, 3, formedVector<T>(3, x, y, a0, a1, a2, a3, b0, b1, b2, b3));
  }
}

// @ts-ignore: decorator
@inline
function emitDoubles(k: usize, scales: usize, value: v128, out: usize): void {
  storeVector(out, k, f64x2.mul(vectorAt(scales, k), value));
}

// @ts-ignore: decorator
@inline
function emitCells<T, K>(n: usize, scales: usize, value: usize, out: usize): void {
  const cell: usize = 8 * sizeof<K>(), single = sizeof<T>() == 4;
  for (const end = out + n * cell; out < end; out += cell, value += sizeof<K>() * sizeof<T>()) {
    const first = v128.load(value);
    emitDoubles(0, scales, single ? f64x2.promote_low_f32x4(first) : first, out);
    emitDoubles(1, scales, single ? widenedSecond(first) : v128.load(value, 16), out);
    if (sizeof<K>() < 8) continue;
    const second = single ? v128.load(value, 16) : v128.load(value, 32);
    emitDoubles(2, scales, single ? f64x2.promote_low_f32x4(second) : second, out);
    emitDoubles(3, scales, single ? widenedSecond(second) : v128.load(value, 48), out);
  }
}

// @ts-ignore: decorator
@inline
function emitStrided<T>(n: usize, scale: v128, stride: usize, value: usize, out: usize): void {
  for (const end = out + (n & ~1) * stride; out < end; out += 2 * stride, value += 2 * sizeof<T>()) {
    const pair = f64x2.mul(scale, sizeof<T>() == 8 ? v128.load(value) : f64x2.promote_low_f32x4(v128.load64_zero(value)));
    if (stride == 8) v128.store(out, pair);
    else {
      v128.store64_lane(out, pair, 0);
      v128.store64_lane(out + stride, pair, 1);
    }
  }
  if (n & 1) v128.store64_lane(out, f64x2.mul(scale, sizeof<T>() == 8 ? v128.load64_zero(value) : f64x2.promote_low_f32x4(v128.load32_zero(value))), 0);
}

/** out ← scale · value on a line of n points; `scales` lane by lane. */
export function emitLine<T, K>(n: usize, scales: usize, stride: usize, value: usize, out: usize): void {
  if (!packed<K>()) emitCells<T, K>(n, scales, value, out);
  else if (stride == 8) emitStrided<T>(n, v128.load64_splat(scales), 8, value, out);
  else emitStrided<T>(n, v128.load64_splat(scales), stride, value, out);
}

/** The largest |αx + βy| over `dofs` dofs of the lane that begins at x and y, in doubles; what is not a number counts as nothing. */
export function largestInLane(dofs: usize, alpha: f64, x: usize, beta: f64, y: usize, stride: usize): f64 {
  let largest: f64 = 0;
  for (const end = x + dofs * stride; x < end; x += stride, y += stride) {
    const size = Math.abs(alpha * load<f64>(x) + beta * load<f64>(y));
    if (size > largest) largest = size;
  }
  return largest;
}

/** The largest sizes of single precision vectors of `bytes` bytes, joined to those at `sizes`: vector k of a cell, or with one lane all of them. */
export function noteLargest<K>(bytes: usize, p: usize, sizes: usize): void {
  const cell: usize = sizeof<K>() == 8 ? 32 : 16;
  let first = v128.load(sizes), second = v128.load(sizes, 16);
  for (const end = p + bytes; p < end; p += cell) {
    first = f32x4.pmax(first, f32x4.abs(v128.load(p)));
    if (cell == 32) second = f32x4.pmax(second, f32x4.abs(v128.load(p, 16)));
  }
  v128.store(sizes, first);
  v128.store(sizes, second, 16);
}
