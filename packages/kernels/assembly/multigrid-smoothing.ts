import { formedVector, formPackedLine } from "./multigrid-blocks";
import { cellAt, cellBytes, packed, vectors } from "./multigrid-vectors";
import { One, storeVector, vectorAt, yes } from "./specialise";

// The first damped Jacobi step s = Q f from zero on one line, Q = ω(D + σM)⁻¹ with D what the smoother divides by without shift; on the way up
// with the interpolated correction: u = Q f + P v.
//
// Type arguments: T arithmetic, K lanes, M with masses (else M = I), N finest level, where f = αx + βy is formed from blocks of doubles.

/** Damping ω of the Jacobi smoother. */
export const DAMPING: f64 = 0.8;

// @ts-ignore: decorator
@inline
export function splatOf<T>(x: f64): v128 {
  return v128.splat<T>(<T>x);
}

/** D + σM */
// @ts-ignore: decorator
@inline
function shifted<T, M>(diagonal: v128, mass: v128, shift: v128): v128 {
  return v128.add<T>(diagonal, yes<M>() ? v128.mul<T>(shift, mass) : shift);
}

/** Vector k of the coefficients of one lane at p; zero unless `wanted` (a constant). */
// @ts-ignore: decorator
@inline
function packedAt(wanted: bool, p: usize, k: usize): v128 {
  return wanted ? vectorAt(p, k) : f64x2.splat(0);
}

/** ω/a, or in double precision ω/(ab): two weights by one division. */
// @ts-ignore: decorator
@inline
function quotient<T>(a: v128, b: v128): v128 {
  return v128.div<T>(splatOf<T>(DAMPING), sizeof<T>() == 8 ? v128.mul<T>(a, b) : a);
}

/** ω/a, given `quotient(a, b)`. */
// @ts-ignore: decorator
@inline
function firstWeight<T>(quotient: v128, b: v128): v128 {
  return sizeof<T>() == 8 ? v128.mul<T>(quotient, b) : quotient;
}

/** ω/b, given `quotient(a, b)`. */
// @ts-ignore: decorator
@inline
function secondWeight<T>(quotient: v128, a: v128, b: v128): v128 {
  return sizeof<T>() == 8 ? v128.mul<T>(quotient, a) : v128.div<T>(splatOf<T>(DAMPING), b);
}

/** Vector k of f at a point of K ≥ 4 lanes: formed and written, or read. */
// @ts-ignore: decorator
@inline
function rightVector<T, N>(k: usize, x: usize, y: usize, f: usize, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): v128 {
  if (!yes<N>()) return vectorAt(f, k);
  const value = formedVector<T>(k, x, y, a0, a1, a2, a3, b0, b1, b2, b3);
  storeVector(f, k, value);
  return value;
}

/** s ← Q f for vectors k and k + 1 of a point of K ≥ 4 lanes, or where there is but one for that. */
// @ts-ignore: decorator
@inline
function smoothTwo<T, K, M, N>(k: usize, diagonal: v128, mass: v128, shift: v128, nextShift: v128, x: usize, y: usize, f: usize, s: usize, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): void {
  const a = shifted<T, M>(diagonal, mass, shift), first = rightVector<T, N>(k, x, y, f, a0, a1, a2, a3, b0, b1, b2, b3);
  if (vectors<T, K>() == 1) v128.store(s, v128.mul<T>(v128.div<T>(splatOf<T>(DAMPING), a), first));
  else {
    const b = shifted<T, M>(diagonal, mass, nextShift), second = rightVector<T, N>(k + 1, x, y, f, a0, a1, a2, a3, b0, b1, b2, b3);
    const q = quotient<T>(a, b);
    storeVector(s, k, v128.mul<T>(firstWeight<T>(q, b), first));
    storeVector(s, k + 1, v128.mul<T>(secondWeight<T>(q, a, b), second));
  }
}

// @ts-ignore: decorator
@inline
function smoothPacked<T, M>(n: usize, diagonal: usize, mass: usize, shift: v128, f: usize, s: usize): void {
  for (let i: usize = 0, end = n * sizeof<T>(); i < end; i += 32) {
    const a = shifted<T, M>(vectorAt(diagonal + i, 0), packedAt(yes<M>(), mass + i, 0), shift), b = shifted<T, M>(vectorAt(diagonal + i, 1), packedAt(yes<M>(), mass + i, 1), shift);
    const q = quotient<T>(a, b);
    v128.store(s + i, v128.mul<T>(firstWeight<T>(q, b), v128.load(f + i)));
    v128.store(s + i, v128.mul<T>(secondWeight<T>(q, a, b), v128.load(f + i, 16)), 16);
  }
}

/** Vector k of those at p, or one that is not needed. */
// @ts-ignore: decorator
@inline
function factorAt(wanted: bool, p: usize, k: usize): v128 {
  return wanted ? vectorAt(p, k) : f64x2.splat(0);
}

/** The largest |f| of a line of n points in single precision, lane by lane, joined to those at `largest`. */
// @ts-ignore: decorator
@inline
function noteLargest<K>(n: usize, f: usize, largest: usize): void {
  const cell: usize = packed<K>() ? 16 : sizeof<K>() * 4, bytes = packed<K>() ? (n * 4 + 15) & ~15 : n * cell;
  let first = v128.load(largest), second = sizeof<K>() == 8 ? v128.load(largest, 16) : first;
  for (const end = f + bytes; f < end; f += cell) {
    first = f32x4.pmax(first, f32x4.abs(v128.load(f)));
    if (sizeof<K>() == 8) second = f32x4.pmax(second, f32x4.abs(v128.load(f, 16)));
  }
  v128.store(largest, first);
  if (sizeof<K>() == 8) v128.store(largest, second, 16);
}

/**
 * s ← Q f on a line of n points. `N`: f is formed from x and y, and in single precision the largest |f| noted; factors α [K], β [K].
 */
export function smoothLine<T, K, M, N>(n: usize, diagonal: usize, mass: usize, shift: usize, f: usize, s: usize, factors: usize, stride: usize, x: usize, y: usize, largest: usize): void {
  const line = f, cell = cellBytes<T, K>(), W = vectors<T, K>(), D: usize = sizeof<K>() / 2;
  if (packed<K>()) {
    if (yes<N>()) formPackedLine<T>(n, factors, stride, x, y, f);
    smoothPacked<T, M>(n, diagonal, mass, v128.load(shift), f, s);
  } else {
    const a0 = factorAt(yes<N>(), factors, 0), a1 = factorAt(yes<N>(), factors, 1), a2 = factorAt(yes<N>() && D > 2, factors, 2), a3 = factorAt(yes<N>() && D > 2, factors, 3);
    const b0 = factorAt(yes<N>(), factors, D), b1 = factorAt(yes<N>(), factors, D + 1), b2 = factorAt(yes<N>() && D > 2, factors, D + 2), b3 = factorAt(yes<N>() && D > 2, factors, D + 3);
    const s0 = vectorAt(shift, 0), s1 = factorAt(W > 1, shift, 1), s2 = factorAt(W > 2, shift, 2), s3 = factorAt(W > 2, shift, 3);
    for (const end = diagonal + n * sizeof<T>(); diagonal < end; diagonal += sizeof<T>()) {
      const d = v128.load_splat<T>(diagonal), m = yes<M>() ? v128.load_splat<T>(mass) : d;
      smoothTwo<T, K, M, N>(0, d, m, s0, s1, x, y, f, s, a0, a1, a2, a3, b0, b1, b2, b3);
      if (W > 2) smoothTwo<T, K, M, N>(2, d, m, s2, s3, x, y, f, s, a0, a1, a2, a3, b0, b1, b2, b3);
      if (yes<M>()) mass += sizeof<T>();
      if (yes<N>()) {
        x += 8 * sizeof<K>();
        y += 8 * sizeof<K>();
      }
      f += cell;
      s += cell;
    }
  }
  if (yes<N>() && sizeof<T>() == 4) noteLargest<K>(n, line, largest);
}

/** Vector k of the interpolation to an even point between the coarse points v and the next, or of the coarse point v. */
// @ts-ignore: decorator
@inline
function interpolated<T, K>(even: bool, v: usize, k: usize, lower: v128, upper: v128): v128 {
  if (!even) return cellAt<T, K>(v, 0, k);
  return v128.add<T>(v128.mul<T>(lower, cellAt<T, K>(v, 0, k)), v128.mul<T>(upper, cellAt<T, K>(v, 1, k)));
}

// @ts-ignore: decorator
@inline
function writeCorrected<T>(k: usize, weight: v128, right: v128, correction: v128, q: usize, u: usize): void {
  storeVector(q, k, weight);
  storeVector(u, k, v128.add<T>(v128.mul<T>(weight, right), correction));
}

/** q ← Q and u ← Q f + P v for vectors k and k + 1 of a point of K ≥ 4 lanes, or where there is but one for that. */
// @ts-ignore: decorator
@inline
function correctTwo<T, K, M, N>(k: usize, even: bool, diagonal: v128, mass: v128, shift: v128, nextShift: v128, x: usize, y: usize, f: usize, q: usize, u: usize, v: usize, lower: v128, upper: v128, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): void {
  const a = shifted<T, M>(diagonal, mass, shift), first = rightVector<T, N>(k, x, y, f, a0, a1, a2, a3, b0, b1, b2, b3);
  const correction = interpolated<T, K>(even, v, k, lower, upper);
  if (vectors<T, K>() == 1) writeCorrected<T>(0, v128.div<T>(splatOf<T>(DAMPING), a), first, correction, q, u);
  else {
    const b = shifted<T, M>(diagonal, mass, nextShift), second = rightVector<T, N>(k + 1, x, y, f, a0, a1, a2, a3, b0, b1, b2, b3);
    const w = quotient<T>(a, b);
    writeCorrected<T>(k, firstWeight<T>(w, b), first, correction, q, u);
    writeCorrected<T>(k + 1, secondWeight<T>(w, a, b), second, interpolated<T, K>(even, v, k + 1, lower, upper), q, u);
  }
}

/** Two vectors of one lane: even points and the coarse points behind them, in the order of the line. */
// @ts-ignore: decorator
@inline
function firstHalves<T>(even: v128, odd: v128): v128 {
  return sizeof<T>() == 8 ? v128.shuffle<f64>(even, odd, 0, 2) : v128.shuffle<f32>(even, odd, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function secondHalves<T>(even: v128, odd: v128): v128 {
  return sizeof<T>() == 8 ? v128.shuffle<f64>(even, odd, 1, 3) : v128.shuffle<f32>(even, odd, 2, 6, 3, 7);
}

// @ts-ignore: decorator
@inline
function correctPacked<T, M>(coarsened: bool, n: usize, diagonal: usize, mass: usize, shift: v128, f: usize, q: usize, u: usize, v: usize, lower: usize, upper: usize): void {
  for (let i: usize = 0, end = n * sizeof<T>(), j: usize = 0; i < end; i += 32, j += 16) {
    let first = f64x2.splat(0), second = first;
    if (coarsened) {
      const odd = v128.load(v + j), before = v128.load(v + j - sizeof<T>());
      const even = v128.add<T>(v128.mul<T>(v128.load(lower + j), before), v128.mul<T>(v128.load(upper + j), odd));
      first = firstHalves<T>(even, odd);
      second = secondHalves<T>(even, odd);
    } else {
      first = v128.load(v + i);
      second = v128.load(v + i, 16);
    }
    const a = shifted<T, M>(vectorAt(diagonal + i, 0), packedAt(yes<M>(), mass + i, 0), shift), b = shifted<T, M>(vectorAt(diagonal + i, 1), packedAt(yes<M>(), mass + i, 1), shift);
    const w = quotient<T>(a, b);
    writeCorrected<T>(0, firstWeight<T>(w, b), v128.load(f + i), first, q + i, u + i);
    writeCorrected<T>(1, secondWeight<T>(w, a, b), v128.load(f + i, 16), second, q + i, u + i);
  }
}

/**
 * q ← Q and u ← Q f + P v on a line of n points, v a line of the coarser grid: as it is, or when `lower` is not 0 interpolated with these
 * and the `upper` weights of the coarse points before and behind each even point. `N`: f is formed from x and y.
 */
export function correctLine<T, K, M, N>(n: usize, diagonal: usize, mass: usize, shift: usize, f: usize, q: usize, u: usize, v: usize, lower: usize, upper: usize, factors: usize, stride: usize, x: usize, y: usize): void {
  const cell = cellBytes<T, K>(), block: usize = 8 * sizeof<K>(), W = vectors<T, K>(), D: usize = sizeof<K>() / 2;
  if (packed<K>()) {
    if (yes<N>()) formPackedLine<T>(n, factors, stride, x, y, f);
    if (lower) correctPacked<T, M>(true, n, diagonal, mass, v128.load(shift), f, q, u, v, lower, upper);
    else correctPacked<T, M>(false, n, diagonal, mass, v128.load(shift), f, q, u, v, lower, upper);
    return;
  }
  const a0 = factorAt(yes<N>(), factors, 0), a1 = factorAt(yes<N>(), factors, 1), a2 = factorAt(yes<N>() && D > 2, factors, 2), a3 = factorAt(yes<N>() && D > 2, factors, 3);
  const b0 = factorAt(yes<N>(), factors, D), b1 = factorAt(yes<N>(), factors, D + 1), b2 = factorAt(yes<N>() && D > 2, factors, D + 2), b3 = factorAt(yes<N>() && D > 2, factors, D + 3);
  const s0 = vectorAt(shift, 0), s1 = factorAt(W > 1, shift, 1), s2 = factorAt(W > 2, shift, 2), s3 = factorAt(W > 2, shift, 3);
  let even = true;
  if (lower) v -= cell;
  for (const end = diagonal + n * sizeof<T>(); diagonal < end; diagonal += sizeof<T>()) {
    const d = v128.load_splat<T>(diagonal), m = yes<M>() ? v128.load_splat<T>(mass) : d;
    if (lower && even) {
      const before = v128.load_splat<T>(lower), behind = v128.load_splat<T>(upper);
      correctTwo<T, K, M, N>(0, true, d, m, s0, s1, x, y, f, q, u, v, before, behind, a0, a1, a2, a3, b0, b1, b2, b3);
      if (W > 2) correctTwo<T, K, M, N>(2, true, d, m, s2, s3, x, y, f, q, u, v, before, behind, a0, a1, a2, a3, b0, b1, b2, b3);
      lower += sizeof<T>();
      upper += sizeof<T>();
      v += cell;
    } else {
      correctTwo<T, K, M, N>(0, false, d, m, s0, s1, x, y, f, q, u, v, d, d, a0, a1, a2, a3, b0, b1, b2, b3);
      if (W > 2) correctTwo<T, K, M, N>(2, false, d, m, s2, s3, x, y, f, q, u, v, d, d, a0, a1, a2, a3, b0, b1, b2, b3);
      if (!lower) v += cell;
    }
    even = !even;
    if (yes<M>()) mass += sizeof<T>();
    if (yes<N>()) {
      x += block;
      y += block;
    }
    f += cell;
    q += cell;
    u += cell;
  }
}
