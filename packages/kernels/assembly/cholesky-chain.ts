import { larger, rounded } from "./cholesky-permutation";
import { add, mul, splat } from "./lanes";
import { storeSums } from "./lane-products";

// Rows of a sweep in single precision whose solution s stays in the work block, [position][lane] in f32, and is the neighbour of the next row.
// `vectors` of a row of it, a constant: 1 for four lanes, 2 for eight. A kept solution is a copy of the block. The group is that of
// cholesky-permutation.ts, followed by the reciprocal scales of s. `scaled`, a constant: whether a scale is not 1.

const BETA: usize = 64;
const RECIPROCAL: usize = 192;
const LARGEST: usize = 256;
const PREVIOUS: usize = 384;

/** Lanes 2v and 2v + 1 at p in f64, with `scaled` times those of `scales`. */
// @ts-ignore: decorator
@inline
function widened(scaled: bool, v: usize, p: usize, scales: usize): v128 {
  const value = f64x2.promote_low_f32x4(v128.load64_zero(p + 8 * v));
  return scaled ? mul(v128.load(scales + 16 * v), value) : value;
}

// What the right-hand side is made of.
const NOTHING: i32 = 0;
const BLOCK: i32 = 1;
const KEPT: i32 = 2;

/** αx + βs of lanes 2v and 2v + 1 */
// @ts-ignore: decorator
@inline
function combination(kind: i32, coupled: bool, scaled: bool, v: usize, x: usize, scales: usize, s: usize, group: usize): v128 {
  let sum = splat(0);
  if (kind != NOTHING) sum = mul(v128.load(group + 16 * v), kind == KEPT ? widened(scaled, v, x, scales) : v128.load(x + 16 * v));
  return coupled ? add(sum, mul(v128.load(group + BETA + 16 * v), widened(scaled, v, s, group + PREVIOUS))) : sum;
}

// @ts-ignore: decorator
@inline
function single(scaled: bool, v: usize, a: v128, b: v128, group: usize): v128 {
  return scaled ? rounded(v, a, b, group) : v128.shuffle<f64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

/** One row of the work block: the right-hand side of a dof; the largest entries of its lanes so far are in the group. */
// @ts-ignore: decorator
@inline
function chain(vectors: usize, kind: i32, coupled: bool, scaled: bool, places: usize, size: usize, x: usize, scales: usize, source: usize, group: usize, work: usize): void {
  const step = 16 * vectors;
  let m0 = splat(0), m1 = m0, m2 = m0, m3 = m0;
  for (const end = work + size * step, ends = places + 4 * size; kind == BLOCK ? places < ends : work < end; ) {
    const place = kind == BLOCK ? <usize>load<u32>(places) * step : 0, s = source + place, target = work + place;
    const v0 = combination(kind, coupled, scaled, 0, x, scales, s, group), v1 = combination(kind, coupled, scaled, 1, x, scales, s, group);
    m0 = larger(m0, v0);
    m1 = larger(m1, v1);
    const first = single(scaled, 0, v0, v1, group);
    if (vectors > 1) {
      const v2 = combination(kind, coupled, scaled, 2, x, scales, s, group), v3 = combination(kind, coupled, scaled, 3, x, scales, s, group);
      m2 = larger(m2, v2);
      m3 = larger(m3, v3);
      v128.store(target, single(scaled, 2, v2, v3, group), 16);
    }
    v128.store(target, first);
    if (kind == BLOCK) {
      places += 4;
      x += 2 * step;
    } else {
      x += step;
      source += step;
      work += step;
    }
  }
  v128.store(group, m0, LARGEST);
  v128.store(group, m1, LARGEST + 16);
  v128.store(group, m2, LARGEST + 32);
  v128.store(group, m3, LARGEST + 48);
}

// @ts-ignore: decorator
@inline
function chainAny(kind: i32, coupled: bool, vectors: i32, scaled: bool, places: usize, size: usize, x: usize, scales: usize, source: usize, group: usize, work: usize): void {
  if (vectors == 2) {
    if (scaled) chain(2, kind, coupled, true, places, size, x, scales, source, group, work);
    else chain(2, kind, coupled, false, places, size, x, scales, source, group, work);
  } else if (scaled) chain(1, kind, coupled, true, places, size, x, scales, source, group, work);
  else chain(1, kind, coupled, false, places, size, x, scales, source, group, work);
}

/** work ← αx + βs with x of the caller, in f64, and s at `source`, which may be `work`; the largest |αx + βs| of each lane, NaN aside, goes to the group. */
export function chainLanes(places: usize, size: usize, x: usize, source: usize, group: usize, work: usize, vectors: i32, scaled: bool): void {
  chainAny(BLOCK, true, vectors, scaled, places, size, x, group, source, group, work);
}

/** The same with a kept solution x, of reciprocal scales `scales`; x = 0: none; source = 0: no s. */
export function chainKept(size: usize, x: usize, scales: usize, source: usize, group: usize, work: usize, vectors: i32, scaled: bool): void {
  if (!x) chainAny(NOTHING, true, vectors, scaled, 0, size, x, scales, source, group, work);
  else if (source) chainAny(KEPT, true, vectors, scaled, 0, size, x, scales, source, group, work);
  else chainAny(KEPT, false, vectors, scaled, 0, size, x, scales, source, group, work);
}

/** The square of lanes 2v and 2v + 1 of s. */
// @ts-ignore: decorator
@inline
function square(scaled: bool, v: usize, s: usize, group: usize): v128 {
  const value = widened(scaled, v, s, group + RECIPROCAL);
  return mul(value, value);
}

// @ts-ignore: decorator
@inline
function squares(vectors: usize, scaled: bool, places: usize, size: usize, work: usize, group: usize, sums: usize): void {
  const step = 16 * vectors;
  let s0 = splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const end = places + 4 * size; places < end; places += 8) {
    const even = work + <usize>load<u32>(places) * step;
    s0 = add(s0, square(scaled, 0, even, group));
    s1 = add(s1, square(scaled, 1, even, group));
    if (vectors > 1) {
      s2 = add(s2, square(scaled, 2, even, group));
      s3 = add(s3, square(scaled, 3, even, group));
    }
    if (places + 4 == end) break;
    const odd = work + <usize>load<u32>(places, 4) * step;
    s4 = add(s4, square(scaled, 0, odd, group));
    s5 = add(s5, square(scaled, 1, odd, group));
    if (vectors > 1) {
      s6 = add(s6, square(scaled, 2, odd, group));
      s7 = add(s7, square(scaled, 3, odd, group));
    }
  }
  if (vectors > 1) storeSums(8, sums, s0, s1, s2, s3, s4, s5, s6, s7);
  else storeSums(4, sums, s0, s1, s4, s5, s0, s0, s0, s0);
}

/** sums ← Σ s·s over the even and over the odd dofs of each lane, [parity][lane]. */
export function chainSquares(places: usize, size: usize, work: usize, group: usize, sums: usize, vectors: i32, scaled: bool): void {
  if (vectors == 2) {
    if (scaled) squares(2, true, places, size, work, group, sums);
    else squares(2, false, places, size, work, group, sums);
  } else if (scaled) squares(1, true, places, size, work, group, sums);
  else squares(1, false, places, size, work, group, sums);
}

/** kept ← work */
export function keepBlock(size: usize, work: usize, kept: usize, vectors: i32): void {
  memory.copy(kept, work, size * <usize>vectors * 16);
}

/** x ← x + a p, p ← s + b p for lanes 2v and 2v + 1 */
// @ts-ignore: decorator
@inline
function advancePair(v: usize, s: usize, group: usize, a: v128, b: v128, p: usize, x: usize): void {
  const direction = v128.load(p);
  v128.store(x, add(v128.load(x), mul(a, direction)));
  v128.store(p, add(widened(true, v, s, group + RECIPROCAL), mul(b, direction)));
}

/** x ← x + a p, then p ← s + b p */
export function chainAdvance(places: usize, size: usize, work: usize, group: usize, a: f64, b: f64, p: usize, x: usize, vectors: i32): void {
  const alpha = splat(a), beta = splat(b), step = <usize>vectors * 16, row = 2 * step;
  for (const end = places + 4 * size; places < end; places += 4, p += row, x += row) {
    const s = work + <usize>load<u32>(places) * step;
    advancePair(0, s, group, alpha, beta, p, x);
    advancePair(1, s, group, alpha, beta, p + 16, x + 16);
    if (vectors > 1) {
      advancePair(2, s, group, alpha, beta, p + 32, x + 32);
      advancePair(3, s, group, alpha, beta, p + 48, x + 48);
    }
  }
}
