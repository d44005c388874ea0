import { add, mul, splat } from "./lanes";

// αx + βy into the elimination order and the solution back, lane by lane. Both go through the caller's blocks, which may lie in memory, from
// first to last dof and jump about in the work block, which lies in a cache: `places` has the position in the work block of each dof.
// Blocks of the caller are [dof][lane] in f64; the work block is
// [position][lane] in T = f64 or f32, in f32 with zero lanes up to a whole vector. `pairs`: vectors of two f64 a row of the caller, a constant.
//
// Group: 8 entries each of α, β, a scale of the work block in f32, its reciprocal, the largest |αx + βy| (f64) and a mask of the lanes to write
// (64 bits each), and what cholesky-chain.ts adds.

const BETA: usize = 64;
const SCALE: usize = 128;
const RECIPROCAL: usize = 192;
const LARGEST: usize = 256;
const MASK: usize = 320;

/** αx + βy of lanes 2v and 2v + 1 */
// @ts-ignore: decorator
@inline
function combination(hasY: bool, v: usize, x: usize, y: usize, group: usize): v128 {
  const a = mul(v128.load(group + 16 * v), v128.load(x + 16 * v));
  return hasY ? add(a, mul(v128.load(group + BETA + 16 * v), v128.load(y + 16 * v))) : a;
}

/** Two vectors times their scales to one of f32. */
// @ts-ignore: decorator
@inline
export function rounded(v: usize, a: v128, b: v128, group: usize): v128 {
  const p = mul(a, v128.load(group + SCALE + 16 * v)), q = mul(b, v128.load(group + SCALE + 16 + 16 * v));
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(p), f32x4.demote_f64x2_zero(q), 0, 2);
}

/** A comparison with NaN keeps the first argument. */
// @ts-ignore: decorator
@inline
export function larger(largest: v128, value: v128): v128 {
  return f64x2.pmax(largest, f64x2.abs(value));
}

// @ts-ignore: decorator
@inline
function gatherDouble(pairs: usize, hasY: bool, places: usize, size: usize, x: usize, y: usize, group: usize, work: usize): void {
  const row = pairs * 16;
  for (const end = places + 4 * size; places < end; places += 4, x += row, y += row) {
    const target = work + <usize>load<u32>(places) * row;
    v128.store(target, combination(hasY, 0, x, y, group));
    if (pairs > 1) v128.store(target, combination(hasY, 1, x, y, group), 16);
    if (pairs > 2) {
      v128.store(target, combination(hasY, 2, x, y, group), 32);
      v128.store(target, combination(hasY, 3, x, y, group), 48);
    }
  }
}

// @ts-ignore: decorator
@inline
function gatherSingle(pairs: usize, hasY: bool, places: usize, size: usize, x: usize, y: usize, group: usize, work: usize): void {
  const row = pairs * 16, step: usize = pairs > 2 ? 32 : 16;
  let m0 = splat(0), m1 = m0, m2 = m0, m3 = m0;
  for (const end = places + 4 * size; places < end; places += 4, x += row, y += row) {
    const target = work + <usize>load<u32>(places) * step;
    const v0 = combination(hasY, 0, x, y, group), v1 = pairs > 1 ? combination(hasY, 1, x, y, group) : splat(0);
    m0 = larger(m0, v0);
    if (pairs > 1) m1 = larger(m1, v1);
    v128.store(target, rounded(0, v0, v1, group));
    if (pairs > 2) {
      const v2 = combination(hasY, 2, x, y, group), v3 = combination(hasY, 3, x, y, group);
      m2 = larger(m2, v2);
      m3 = larger(m3, v3);
      v128.store(target, rounded(2, v2, v3, group), 16);
    }
  }
  v128.store(group, m0, LARGEST);
  v128.store(group, m1, LARGEST + 16);
  v128.store(group, m2, LARGEST + 32);
  v128.store(group, m3, LARGEST + 48);
}

/** One lane, at x and y and then every `row` bytes. */
// @ts-ignore: decorator
@inline
function gatherOne<T>(hasY: bool, places: usize, size: usize, x: usize, y: usize, row: usize, group: usize, work: usize): void {
  const alpha = load<f64>(group), beta = load<f64>(group, BETA), scale = load<f64>(group, SCALE);
  let largest: f64 = 0;
  for (const end = places + 4 * size; places < end; places += 4, x += row, y += row) {
    let value = alpha * load<f64>(x);
    if (hasY) value += beta * load<f64>(y);
    if (sizeof<T>() == 4) {
      if (Math.abs(value) > largest) largest = Math.abs(value);
      value *= scale;
    }
    store<T>(work + <usize>load<u32>(places) * sizeof<T>(), <T>value);
  }
  if (sizeof<T>() == 4) store<f64>(group, largest, LARGEST);
}

// @ts-ignore: decorator
@inline
function gather<T>(pairs: i32, hasY: bool, places: usize, size: usize, x: usize, y: usize, row: usize, group: usize, work: usize): void {
  if (!pairs) gatherOne<T>(hasY, places, size, x, y, row, group, work);
  else if (sizeof<T>() == 8) gatherDouble(pairs, hasY, places, size, x, y, group, work);
  else gatherSingle(pairs, hasY, places, size, x, y, group, work);
}

// @ts-ignore: decorator
@inline
function gatherAny<T>(pairs: i32, places: usize, size: usize, x: usize, y: usize, row: usize, group: usize, work: usize): void {
  if (y) gather<T>(pairs, true, places, size, x, y, row, group, work);
  else gather<T>(pairs, false, places, size, x, x, row, group, work);
}

/** work ← αx + βy. `pairs`: 0 for one lane, which lies `row` bytes from dof to dof, else half the lanes of all blocks; y = 0: no y. */
export function gatherLanes(places: usize, size: usize, x: usize, y: usize, row: usize, group: usize, work: usize, pairs: i32): void {
  if (pairs == 4) gatherAny<f64>(4, places, size, x, y, row, group, work);
  else if (pairs == 2) gatherAny<f64>(2, places, size, x, y, row, group, work);
  else if (pairs == 1) gatherAny<f64>(1, places, size, x, y, row, group, work);
  else gatherAny<f64>(0, places, size, x, y, row, group, work);
}

/** `gatherLanes` into f32; the largest |αx + βy| of each lane, NaN aside, goes to the group. */
export function gatherLanesSingle(places: usize, size: usize, x: usize, y: usize, row: usize, group: usize, work: usize, pairs: i32): void {
  if (pairs == 4) gatherAny<f32>(4, places, size, x, y, row, group, work);
  else if (pairs == 2) gatherAny<f32>(2, places, size, x, y, row, group, work);
  else if (pairs == 1) gatherAny<f32>(1, places, size, x, y, row, group, work);
  else gatherAny<f32>(0, places, size, x, y, row, group, work);
}

/** Lanes 2v and 2v + 1 of the row of results at `work`. */
// @ts-ignore: decorator
@inline
function result<T>(v: usize, work: usize, group: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(work + 16 * v);
  return mul(v128.load(group + RECIPROCAL + 16 * v), f64x2.promote_low_f32x4(v128.load64_zero(work + 8 * v)));
}

// @ts-ignore: decorator
@inline
function write<T>(all: bool, v: usize, work: usize, group: usize, out: usize): void {
  const value = result<T>(v, work, group), target = out + 16 * v;
  v128.store(target, all ? value : v128.bitselect(value, v128.load(target), v128.load(group + MASK + 16 * v)));
}

// @ts-ignore: decorator
@inline
function scatter<T>(pairs: usize, all: bool, places: usize, size: usize, out: usize, row: usize, group: usize, work: usize): void {
  const step = pairs == 0 ? sizeof<T>() : sizeof<T>() == 4 && pairs == 1 ? 16 : 2 * pairs * sizeof<T>();
  for (const end = places + 4 * size; places < end; places += 4, out += row) {
    const source = work + <usize>load<u32>(places) * step;
    if (!pairs) {
      store<f64>(out, sizeof<T>() == 8 ? <f64>load<T>(source) : <f64>load<T>(source) * load<f64>(group, RECIPROCAL));
      continue;
    }
    write<T>(all, 0, source, group, out);
    if (pairs > 1) write<T>(all, 1, source, group, out);
    if (pairs > 2) {
      write<T>(all, 2, source, group, out);
      write<T>(all, 3, source, group, out);
    }
  }
}

// @ts-ignore: decorator
@inline
function scatterAny<T>(pairs: usize, all: bool, places: usize, size: usize, out: usize, row: usize, group: usize, work: usize): void {
  if (all) scatter<T>(pairs, true, places, size, out, row, group, work);
  else scatter<T>(pairs, false, places, size, out, row, group, work);
}

/** out ← work in its own order; with `all` = false only the lanes of the mask. */
export function scatterLanes(places: usize, size: usize, out: usize, row: usize, group: usize, work: usize, pairs: i32, all: bool): void {
  if (pairs == 4) scatterAny<f64>(4, all, places, size, out, row, group, work);
  else if (pairs == 2) scatterAny<f64>(2, all, places, size, out, row, group, work);
  else if (pairs == 1) scatterAny<f64>(1, all, places, size, out, row, group, work);
  else scatter<f64>(0, true, places, size, out, row, group, work);
}

/** `scatterLanes` from f32, times the reciprocal scales. */
export function scatterLanesSingle(places: usize, size: usize, out: usize, row: usize, group: usize, work: usize, pairs: i32, all: bool): void {
  if (pairs == 4) scatterAny<f32>(4, all, places, size, out, row, group, work);
  else if (pairs == 2) scatterAny<f32>(2, all, places, size, out, row, group, work);
  else if (pairs == 1) scatterAny<f32>(1, all, places, size, out, row, group, work);
  else scatter<f32>(0, true, places, size, out, row, group, work);
}
