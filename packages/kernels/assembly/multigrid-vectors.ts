import { One, vectorAt } from "./specialise";

// Vectors inside a multigrid cycle, in T = f32 or f64: lines of cells of K lanes. With K = 1 a v128 holds the next 16/sizeof(T) points of
// the one lane and coefficients are read likewise; otherwise it holds 16/sizeof(T) lanes of one point, whose coefficients are repeated.
// Before and behind each line there are zeros.

/** Bytes of a cell. */
// @ts-ignore: decorator
@inline
export function cellBytes<T, K>(): usize {
  return sizeof<K>() * sizeof<T>();
}

/** One lane only: points side by side in a vector. */
// @ts-ignore: decorator
@inline
export function packed<K>(): bool {
  return sizeof<K>() == sizeof<One>();
}

/** Vectors that one step of a loop handles: those of a cell, or with one lane two of them. */
// @ts-ignore: decorator
@inline
export function vectors<T, K>(): usize {
  return packed<K>() ? 2 : cellBytes<T, K>() / 16;
}

/** Bytes of vectors that one step handles. */
// @ts-ignore: decorator
@inline
export function vectorStep<T, K>(): usize {
  return 16 * vectors<T, K>();
}

/** Bytes of coefficients that one step handles. */
// @ts-ignore: decorator
@inline
export function coefficientStep<T, K>(): usize {
  return packed<K>() ? 32 : sizeof<T>();
}

/** Vector k of those that a step handles, `ahead` cells from p, both constants. */
// @ts-ignore: decorator
@inline
export function cellAt<T, K>(p: usize, ahead: usize, k: usize): v128 {
  if (!packed<K>()) return vectorAt(p, ahead * vectors<T, K>() + k);
  if (ahead == 0) return vectorAt(p, k);
  if (ahead == 1) return k ? v128.load(p, 16 + sizeof<T>()) : v128.load(p, sizeof<T>());
  return k ? v128.load(p, 16 + 2 * sizeof<T>()) : v128.load(p, 2 * sizeof<T>());
}

/** The coefficients that go with vector k; zero unless `wanted`, a constant. */
// @ts-ignore: decorator
@inline
export function coefficientAt<T, K>(wanted: bool, p: usize, k: usize): v128 {
  if (!wanted) return f64x2.splat(0);
  return packed<K>() ? vectorAt(p, k) : v128.load_splat<T>(p);
}

/** Those of the next points. */
// @ts-ignore: decorator
@inline
export function nextCoefficientAt<T, K>(p: usize, k: usize): v128 {
  if (!packed<K>()) return v128.load_splat<T>(p, sizeof<T>());
  return k ? v128.load(p, 16 + sizeof<T>()) : v128.load(p, sizeof<T>());
}

/** Coefficient k = 0 … 15 at p, of 16 bytes each. */
// @ts-ignore: decorator
@inline
function slotAt<T, K>(p: usize, k: usize): v128 {
  if (packed<K>()) return vectorAt(p, k);
  if (k == 0) return v128.load_splat<T>(p);
  if (k == 1) return v128.load_splat<T>(p, 16);
  if (k == 2) return v128.load_splat<T>(p, 32);
  if (k == 3) return v128.load_splat<T>(p, 48);
  if (k == 4) return v128.load_splat<T>(p, 64);
  if (k == 5) return v128.load_splat<T>(p, 80);
  if (k == 6) return v128.load_splat<T>(p, 96);
  if (k == 7) return v128.load_splat<T>(p, 112);
  if (k == 8) return v128.load_splat<T>(p, 128);
  if (k == 9) return v128.load_splat<T>(p, 144);
  if (k == 10) return v128.load_splat<T>(p, 160);
  if (k == 11) return v128.load_splat<T>(p, 176);
  if (k == 12) return v128.load_splat<T>(p, 192);
  if (k == 13) return v128.load_splat<T>(p, 208);
  if (k == 14) return v128.load_splat<T>(p, 224);
  return v128.load_splat<T>(p, 240);
}

/** Coefficient k = 0 … 26 of a record, in which each takes 16 bytes: one for each of the points that a vector of one lane holds. */
// @ts-ignore: decorator
@inline
export function recordAt<T, K>(p: usize, k: usize): v128 {
  return k < 16 ? slotAt<T, K>(p, k) : slotAt<T, K>(p + 256, k - 16);
}
