import { cellAt, cellBytes, packed, vectors } from "./multigrid-vectors";
import { storeVector, vectorAt } from "./specialise";

// Restriction, axis by axis the transpose of linear interpolation. Coarse point J lies on fine point 2J + 1 and also collects the share
// upper[2J] of the point before and lower[2J + 2] of the point behind. The outer axes are handled line by line or plane by plane.

/** Entries 0, 2, … of two neighbouring vectors. */
// @ts-ignore: decorator
@inline
function evenEntries<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 8 ? v128.shuffle<f64>(a, b, 0, 2) : v128.shuffle<f32>(a, b, 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function oddEntries<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 8 ? v128.shuffle<f64>(a, b, 1, 3) : v128.shuffle<f32>(a, b, 1, 3, 5, 7);
}

/** Vector k of a coarse point; r: the fine point before it. */
// @ts-ignore: decorator
@inline
function restricted<T, K>(k: usize, r: usize, before: v128, behind: v128): v128 {
  const outer = v128.add<T>(v128.mul<T>(before, cellAt<T, K>(r, 0, k)), v128.mul<T>(behind, cellAt<T, K>(r, 2, k)));
  return v128.add<T>(cellAt<T, K>(r, 1, k), outer);
}

/** One vector of coarse points of one lane; r: the fine point before the first one. */
// @ts-ignore: decorator
@inline
function restrictedPacked<T>(r: usize, lower: usize, upper: usize): v128 {
  const a = v128.load(r), b = v128.load(r, 16), behind = evenEntries<T>(v128.load(r, 2 * sizeof<T>()), v128.load(r, 16 + 2 * sizeof<T>()));
  const outer = v128.add<T>(v128.mul<T>(v128.load(upper), evenEntries<T>(a, b)), v128.mul<T>(v128.load(lower, sizeof<T>()), behind));
  return v128.add<T>(oddEntries<T>(a, b), outer);
}

/**
 * out ← restriction along x of the line r, to n points; lower and upper: those weights of the even fine points. With one lane two vectors at a
 * time, as much as a smoothing step writes, so that nothing is left over behind the line.
 */
export function restrictLine<T, K>(n: usize, r: usize, lower: usize, upper: usize, out: usize): void {
  const cell = cellBytes<T, K>();
  if (packed<K>()) {
    for (let j: usize = 0, end = n * sizeof<T>(); j < end; j += 32) {
      v128.store(out + j, restrictedPacked<T>(r + 2 * j, lower + j, upper + j));
      v128.store(out + j, restrictedPacked<T>(r + 2 * j + 32, lower + j + 16, upper + j + 16), 16);
    }
  } else {
    for (const end = out + n * cell; out < end; out += cell, r += 2 * cell) {
      const before = v128.load_splat<T>(upper), behind = v128.load_splat<T>(lower, sizeof<T>());
      v128.store(out, restricted<T, K>(0, r, before, behind));
      if (vectors<T, K>() > 1) storeVector(out, 1, restricted<T, K>(1, r, before, behind));
      if (vectors<T, K>() > 2) storeVector(out, 2, restricted<T, K>(2, r, before, behind));
      if (vectors<T, K>() > 2) storeVector(out, 3, restricted<T, K>(3, r, before, behind));
      lower += sizeof<T>();
      upper += sizeof<T>();
    }
  }
}

/** out ← a x + m + b y, runs of `bytes`, whole vectors. */
export function addOuter<T>(bytes: usize, a: f64, x: usize, m: usize, b: f64, y: usize, out: usize): void {
  const wa = v128.splat<T>(<T>a), wb = v128.splat<T>(<T>b);
  for (let i: usize = 0; i < bytes; i += 16) {
    const outer = v128.add<T>(v128.mul<T>(wa, v128.load(x + i)), v128.mul<T>(wb, v128.load(y + i)));
    v128.store(out + i, v128.add<T>(v128.load(m + i), outer));
  }
}

/** out ← a x + b y */
export function blend<T>(bytes: usize, a: f64, x: usize, b: f64, y: usize, out: usize): void {
  const wa = v128.splat<T>(<T>a), wb = v128.splat<T>(<T>b);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, v128.add<T>(v128.mul<T>(wa, v128.load(x + i)), v128.mul<T>(wb, v128.load(y + i))));
}
