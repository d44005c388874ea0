import { formedPacked, formedVector, formPackedLine } from "./multigrid-blocks";
import { cellAt, cellBytes, packed, vectors } from "./multigrid-vectors";
import { No, storeVector, vectorAt, yes } from "./specialise";

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

/** ω/(D + σM). Divided lane by lane and point by point, so that no lane depends on its neighbours, not even by rounding. */
// @ts-ignore: decorator
@inline
function weight<T, M>(diagonal: v128, mass: v128, shift: v128): v128 {
  return v128.div<T>(splatOf<T>(DAMPING), shifted<T, M>(diagonal, mass, shift));
}

/** That of vector k = 1, 2, 3 at a point; with `same` shifts it is the one of vector 0, without another division. */
// @ts-ignore: decorator
@inline
function nextWeight<T, M>(wanted: bool, same: bool, first: v128, diagonal: v128, mass: v128, shift: v128): v128 {
  return !wanted || same ? first : weight<T, M>(diagonal, mass, shift);
}

/** Whether all lanes have the same shift, as they do where all steps are equal. */
// @ts-ignore: decorator
@inline
function sameShifts<T, K>(shift: usize): bool {
  const first = load<T>(shift);
  let same = true;
  for (let i: usize = 1; i < sizeof<K>(); i++) if (load<T>(shift + i * sizeof<T>()) != first) same = false;
  return same;
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

/** Vector k of s ← Q f at a point of K ≥ 4 lanes. */
// @ts-ignore: decorator
@inline
function smoothVector<T, N>(k: usize, weight: v128, x: usize, y: usize, f: usize, s: usize, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): void {
  storeVector(s, k, v128.mul<T>(weight, rightVector<T, N>(k, x, y, f, a0, a1, a2, a3, b0, b1, b2, b3)));
}

/** Vector k of f at the next points of one lane: formed and written, or read. */
// @ts-ignore: decorator
@inline
function packedRight<T, N>(k: usize, alpha: v128, x: usize, beta: v128, y: usize, f: usize): v128 {
  if (!yes<N>()) return vectorAt(f, k);
  const value = formedPacked<T>(k, alpha, x, beta, y);
  storeVector(f, k, value);
  return value;
}

/** Zeros behind a line of n points, as far as steps of two vectors reach. */
// @ts-ignore: decorator
@inline
function clearBehind<T>(line: usize, n: usize): void {
  for (let i = n; i & (32 / sizeof<T>() - 1); i++) store<T>(line + i * sizeof<T>(), 0);
}

/** One lane; with `N` up to two vectors less one point are read behind the lines of x and y. */
// @ts-ignore: decorator
@inline
function smoothPacked<T, M, N>(n: usize, diagonal: usize, mass: usize, shift: v128, f: usize, s: usize, factors: usize, x: usize, y: usize): void {
  const alpha = v128.load64_splat(factors), beta = v128.load64_splat(factors, 8), wide: usize = 8 / sizeof<T>();
  for (let i: usize = 0, end = n * sizeof<T>(); i < end; i += 32) {
    const d = diagonal + i, m = mass + i, bx = x + wide * i, by = y + wide * i;
    const first = packedRight<T, N>(0, alpha, bx, beta, by, f + i), second = packedRight<T, N>(1, alpha, bx, beta, by, f + i);
    v128.store(s + i, v128.mul<T>(weight<T, M>(v128.load(d), packedAt(yes<M>(), m, 0), shift), first));
    v128.store(s + i, v128.mul<T>(weight<T, M>(v128.load(d, 16), packedAt(yes<M>(), m, 1), shift), second), 16);
  }
  if (!yes<N>()) return;
  clearBehind<T>(f, n);
  clearBehind<T>(s, n);
}

/** Vector k of those at p, or one that is not needed. */
// @ts-ignore: decorator
@inline
function factorAt(wanted: bool, p: usize, k: usize): v128 {
  return wanted ? vectorAt(p, k) : f64x2.splat(0);
}

/**
 * s ← Q f on a line of n points. `N`: f is formed from x and y with factors α [K], β [K]; `inside`: with one lane seven more doubles may be read.
 */
export function smoothLine<T, K, M, N>(n: usize, diagonal: usize, mass: usize, shift: usize, f: usize, s: usize, factors: usize, stride: usize, inside: bool, x: usize, y: usize): void {
  const cell = cellBytes<T, K>(), W = vectors<T, K>(), D: usize = sizeof<K>() / 2;
  if (packed<K>()) {
    const sigma = v128.load(shift);
    if (yes<N>() && inside && stride == 8) smoothPacked<T, M, N>(n, diagonal, mass, sigma, f, s, factors, x, y);
    else {
      if (yes<N>()) formPackedLine<T>(n, factors, stride, x, y, f);
      smoothPacked<T, M, No>(n, diagonal, mass, sigma, f, s, factors, x, y);
    }
  } else {
    const a0 = factorAt(yes<N>(), factors, 0), a1 = factorAt(yes<N>(), factors, 1), a2 = factorAt(yes<N>() && D > 2, factors, 2), a3 = factorAt(yes<N>() && D > 2, factors, 3);
    const b0 = factorAt(yes<N>(), factors, D), b1 = factorAt(yes<N>(), factors, D + 1), b2 = factorAt(yes<N>() && D > 2, factors, D + 2), b3 = factorAt(yes<N>() && D > 2, factors, D + 3);
    const same = sameShifts<T, K>(shift), s0 = vectorAt(shift, 0), s1 = factorAt(W > 1, shift, 1), s2 = factorAt(W > 2, shift, 2), s3 = factorAt(W > 2, shift, 3);
    for (const end = diagonal + n * sizeof<T>(); diagonal < end; diagonal += sizeof<T>()) {
      const d = v128.load_splat<T>(diagonal), m = yes<M>() ? v128.load_splat<T>(mass) : d;
      const q0 = weight<T, M>(d, m, s0), q1 = nextWeight<T, M>(W > 1, same, q0, d, m, s1), q2 = nextWeight<T, M>(W > 2, same, q0, d, m, s2), q3 = nextWeight<T, M>(W > 2, same, q0, d, m, s3);
      smoothVector<T, N>(0, q0, x, y, f, s, a0, a1, a2, a3, b0, b1, b2, b3);
      if (W > 1) smoothVector<T, N>(1, q1, x, y, f, s, a0, a1, a2, a3, b0, b1, b2, b3);
      if (W > 2) smoothVector<T, N>(2, q2, x, y, f, s, a0, a1, a2, a3, b0, b1, b2, b3);
      if (W > 2) smoothVector<T, N>(3, q3, x, y, f, s, a0, a1, a2, a3, b0, b1, b2, b3);
      if (yes<M>()) mass += sizeof<T>();
      if (yes<N>()) {
        x += 8 * sizeof<K>();
        y += 8 * sizeof<K>();
      }
      f += cell;
      s += cell;
    }
  }
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

/** Vector k of q ← Q and u ← Q f + P v at a point of K ≥ 4 lanes. */
// @ts-ignore: decorator
@inline
function correctVector<T, K, N>(k: usize, even: bool, weight: v128, x: usize, y: usize, f: usize, q: usize, u: usize, v: usize, lower: v128, upper: v128, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): void {
  const right = rightVector<T, N>(k, x, y, f, a0, a1, a2, a3, b0, b1, b2, b3), correction = interpolated<T, K>(even, v, k, lower, upper);
  writeCorrected<T>(k, weight, right, correction, q, u);
}

/** All vectors of a point of K ≥ 4 lanes. */
// @ts-ignore: decorator
@inline
function correctCell<T, K, M, N>(even: bool, same: bool, d: v128, m: v128, s0: v128, s1: v128, s2: v128, s3: v128, x: usize, y: usize, f: usize, q: usize, u: usize, v: usize, lower: v128, upper: v128, a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128): void {
  const W = vectors<T, K>();
  const q0 = weight<T, M>(d, m, s0), q1 = nextWeight<T, M>(W > 1, same, q0, d, m, s1), q2 = nextWeight<T, M>(W > 2, same, q0, d, m, s2), q3 = nextWeight<T, M>(W > 2, same, q0, d, m, s3);
  correctVector<T, K, N>(0, even, q0, x, y, f, q, u, v, lower, upper, a0, a1, a2, a3, b0, b1, b2, b3);
  if (W > 1) correctVector<T, K, N>(1, even, q1, x, y, f, q, u, v, lower, upper, a0, a1, a2, a3, b0, b1, b2, b3);
  if (W > 2) correctVector<T, K, N>(2, even, q2, x, y, f, q, u, v, lower, upper, a0, a1, a2, a3, b0, b1, b2, b3);
  if (W > 2) correctVector<T, K, N>(3, even, q3, x, y, f, q, u, v, lower, upper, a0, a1, a2, a3, b0, b1, b2, b3);
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

/** One lane, as `smoothPacked`. */
// @ts-ignore: decorator
@inline
function correctPacked<T, M, N>(coarsened: bool, n: usize, diagonal: usize, mass: usize, shift: v128, f: usize, q: usize, u: usize, v: usize, lower: usize, upper: usize, factors: usize, x: usize, y: usize): void {
  const alpha = v128.load64_splat(factors), beta = v128.load64_splat(factors, 8), wide: usize = 8 / sizeof<T>();
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
    const d = diagonal + i, m = mass + i, bx = x + wide * i, by = y + wide * i;
    const right = packedRight<T, N>(0, alpha, bx, beta, by, f + i), nextRight = packedRight<T, N>(1, alpha, bx, beta, by, f + i);
    writeCorrected<T>(0, weight<T, M>(v128.load(d), packedAt(yes<M>(), m, 0), shift), right, first, q + i, u + i);
    writeCorrected<T>(1, weight<T, M>(v128.load(d, 16), packedAt(yes<M>(), m, 1), shift), nextRight, second, q + i, u + i);
  }
  if (!yes<N>()) return;
  clearBehind<T>(f, n);
  clearBehind<T>(u, n);
}

/**
 * q ← Q and u ← Q f + P v on a line of n points, v a line of the coarser grid: as it is, or when `lower` is not 0 interpolated with these
 * and the `upper` weights of the coarse points before and behind each even point. `N`: f is formed from x and y.
 */
export function correctLine<T, K, M, N>(n: usize, diagonal: usize, mass: usize, shift: usize, f: usize, q: usize, u: usize, v: usize, lower: usize, upper: usize, factors: usize, stride: usize, inside: bool, x: usize, y: usize): void {
  const cell = cellBytes<T, K>(), block: usize = 8 * sizeof<K>(), W = vectors<T, K>(), D: usize = sizeof<K>() / 2;
  if (packed<K>()) {
    const sigma = v128.load(shift);
    if (yes<N>() && inside && stride == 8 && lower) correctPacked<T, M, N>(true, n, diagonal, mass, sigma, f, q, u, v, lower, upper, factors, x, y);
    else {
      if (yes<N>()) formPackedLine<T>(n, factors, stride, x, y, f);
      if (lower) correctPacked<T, M, No>(true, n, diagonal, mass, sigma, f, q, u, v, lower, upper, factors, x, y);
      else correctPacked<T, M, No>(false, n, diagonal, mass, sigma, f, q, u, v, lower, upper, factors, x, y);
    }
    return;
  }
  const a0 = factorAt(yes<N>(), factors, 0), a1 = factorAt(yes<N>(), factors, 1), a2 = factorAt(yes<N>() && D > 2, factors, 2), a3 = factorAt(yes<N>() && D > 2, factors, 3);
  const b0 = factorAt(yes<N>(), factors, D), b1 = factorAt(yes<N>(), factors, D + 1), b2 = factorAt(yes<N>() && D > 2, factors, D + 2), b3 = factorAt(yes<N>() && D > 2, factors, D + 3);
  const same = sameShifts<T, K>(shift), s0 = vectorAt(shift, 0), s1 = factorAt(W > 1, shift, 1), s2 = factorAt(W > 2, shift, 2), s3 = factorAt(W > 2, shift, 3);
  let even = true;
  if (lower) v -= cell;
  for (const end = diagonal + n * sizeof<T>(); diagonal < end; diagonal += sizeof<T>()) {
    const d = v128.load_splat<T>(diagonal), m = yes<M>() ? v128.load_splat<T>(mass) : d;
    if (lower && even) {
      const before = v128.load_splat<T>(lower), behind = v128.load_splat<T>(upper);
      correctCell<T, K, M, N>(true, same, d, m, s0, s1, s2, s3, x, y, f, q, u, v, before, behind, a0, a1, a2, a3, b0, b1, b2, b3);
      lower += sizeof<T>();
      upper += sizeof<T>();
      v += cell;
    } else {
      correctCell<T, K, M, N>(false, same, d, m, s0, s1, s2, s3, x, y, f, q, u, v, d, d, a0, a1, a2, a3, b0, b1, b2, b3);
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
