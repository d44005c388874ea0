import { add, mul, splat, sub } from "./lanes";
import { Eight, Four, No, One, storeVector, Two, vectorAt, yes, Yes } from "./specialise";

// out ← A x − W (x₋ + x₊) − S (…) − U (…) + c y + d z, which is a x + b L x + c y + d z for a 3-, 5- or 7-point stencil L with constant couplings:
// A = a + b·diagonal, and W, S, U = b times the coupling on x, y, z.
//
// Two lanes go along a line at a time (of one lane: two dofs), so that the factors, both sums and the neighbours on the line stay in registers;
// in pieces of the line that stay in the first-level cache until the last two lanes have passed. Of eight lanes with the same factors, which then share
// registers, four go at a time. What lies beyond the ends of a line is zero; in
// place of a missing line is one of zeros. The order of operations is the same for any number of lanes.
//
// Frame, in u32: addresses of 0 x, 1 y, 2 z, 3 out; 4 5 6 points on x, y, z; addresses of 7 factors A W S U c d [6][K] in f64 (with K = 1 twice
// each), 8 sums [parity][K] in f64, 9 a line of zeros.
//
// Type arguments: K = Eight lanes, Four for eight of the same factors, One lane, Two for any other number; D dimensions (Two: one also); Y and Z with y and z, P with sums.

/** Cells of a piece, an multiple of four. */
const PIECE: usize = 32;

// @ts-ignore: decorator
@inline
function word(p: usize, index: usize): usize {
  return load<u32>(p + 4 * index);
}

/** Vector k from p on: with K = Eight of cell k = 0 … 3, with K = One of the two dofs from 2k on, else of those that lie there; with `single` half of the first. Constants: single, k. */
// @ts-ignore: decorator
@inline
function read<K>(single: bool, k: usize, p: usize): v128 {
  if (single) return v128.load64_zero(p);
  return vectorAt(p, sizeof<K>() == 8 ? 4 * k : k);
}

// @ts-ignore: decorator
@inline
function write<K>(single: bool, k: usize, p: usize, value: v128): void {
  if (single) v128.store64_lane(p, value, 0);
  else storeVector(p, sizeof<K>() == 8 ? 4 * k : k, value);
}

/** One vector of out; `sides`: x₋ + x₊ on the line. Returns out·z, or out·out without z. */
// @ts-ignore: decorator
@inline
function combine<K, D, Y, Z>(single: bool, k: usize, a: v128, w: v128, s: v128, u: v128, c: v128, d: v128, here: v128, sides: v128, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize): v128 {
  let value = sub(mul(a, here), mul(w, sides));
  value = sub(value, mul(s, add(read<K>(single, k, below), read<K>(single, k, above))));
  if (sizeof<D>() > 2) value = sub(value, mul(u, add(read<K>(single, k, lower), read<K>(single, k, upper))));
  if (yes<Y>()) value = add(value, mul(c, read<K>(single, k, y)));
  const other = yes<Z>() ? read<K>(single, k, z) : value;
  if (yes<Z>()) value = add(value, mul(d, other));
  write<K>(single, k, out, value);
  return mul(value, yes<Z>() ? other : value);
}

/** Factor number i of two lanes. */
// @ts-ignore: decorator
@inline
function factor(wanted: bool, factors: usize, i: usize, cell: usize): v128 {
  return wanted ? v128.load(factors + i * cell) : splat(0);
}

/** Two lanes of `cells` cells with a right neighbour and, when `last`, of one without; `left` the neighbour before, all else of the first cell. */
// @ts-ignore: decorator
@inline
function lanePiece<K, D, Y, Z, P>(cell: usize, factors: usize, cells: usize, last: bool, left: v128, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  const a = factor(true, factors, 0, cell), w = factor(true, factors, 1, cell), s = factor(true, factors, 2, cell), end = (cells + usize(last)) * cell;
  const u = factor(sizeof<D>() > 2, factors, 3, cell), c = factor(yes<Y>(), factors, 4, cell), d = factor(yes<Z>(), factors, 5, cell);
  let first = factor(yes<P>(), even, 0, 0), second = factor(yes<P>(), odd, 0, 0), here = v128.load(x), q: usize = 0;
  if (sizeof<K>() == 8) {
    for (const whole = (cells & ~3) * cell; q < whole; q += 256) {
      const right = x + q + 64, bq = below + q, aq = above + q, lq = lower + q, uq = upper + q, yq = y + q, zq = z + q, oq = out + q;
      const x1 = vectorAt(right, 0), p0 = combine<K, D, Y, Z>(false, 0, a, w, s, u, c, d, here, add(left, x1), bq, aq, lq, uq, yq, zq, oq);
      const x2 = vectorAt(right, 4), p1 = combine<K, D, Y, Z>(false, 1, a, w, s, u, c, d, x1, add(here, x2), bq, aq, lq, uq, yq, zq, oq);
      left = vectorAt(right, 8);
      const p2 = combine<K, D, Y, Z>(false, 2, a, w, s, u, c, d, x2, add(x1, left), bq, aq, lq, uq, yq, zq, oq);
      here = vectorAt(right, 12);
      const p3 = combine<K, D, Y, Z>(false, 3, a, w, s, u, c, d, left, add(x2, here), bq, aq, lq, uq, yq, zq, oq);
      if (yes<P>()) first = add(add(first, p0), p2);
      if (yes<P>()) second = add(add(second, p1), p3);
    }
  }
  for (; q < end; q += cell) {
    const right = q < cells * cell ? v128.load(x + q + cell) : splat(0);
    const p = combine<K, D, Y, Z>(false, 0, a, w, s, u, c, d, here, add(left, right), below + q, above + q, lower + q, upper + q, y + q, z + q, out + q);
    left = here;
    here = right;
    if (yes<P>()) {
      const sum = add(first, p);
      first = second;
      second = sum;
    }
  }
  const swapped = ((cells + usize(last)) & 1) != 0;
  if (yes<P>()) v128.store(swapped ? odd : even, first);
  if (yes<P>()) v128.store(swapped ? even : odd, second);
}

/** Four of eight lanes with the same factors: `cells` cells with a right neighbour, a multiple of four. */
// @ts-ignore: decorator
@inline
function sharedQuads<D, Y, Z, P>(factors: usize, cells: usize, left0: v128, left1: v128, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  const a = factor(true, factors, 0, 64), w = factor(true, factors, 1, 64), s = factor(true, factors, 2, 64);
  const u = factor(sizeof<D>() > 2, factors, 3, 64), c = factor(yes<Y>(), factors, 4, 64), d = factor(yes<Z>(), factors, 5, 64);
  let p0 = factor(yes<P>(), even, 0, 0), p1 = factor(yes<P>(), even, 1, 16), r0 = factor(yes<P>(), odd, 0, 0), r1 = factor(yes<P>(), odd, 1, 16);
  let here0 = v128.load(x), here1 = v128.load(x, 16);
  for (let q: usize = 0; q < cells * 64; q += 256) {
    const xq = x + q, bq = below + q, aq = above + q, lq = lower + q, uq = upper + q, yq = y + q, zq = z + q, oq = out + q;
    const x1 = vectorAt(xq, 4), f0 = combine<Four, D, Y, Z>(false, 0, a, w, s, u, c, d, here0, add(left0, x1), bq, aq, lq, uq, yq, zq, oq);
    const y1 = vectorAt(xq, 5), g0 = combine<Four, D, Y, Z>(false, 1, a, w, s, u, c, d, here1, add(left1, y1), bq, aq, lq, uq, yq, zq, oq);
    const x2 = vectorAt(xq, 8), f1 = combine<Four, D, Y, Z>(false, 4, a, w, s, u, c, d, x1, add(here0, x2), bq, aq, lq, uq, yq, zq, oq);
    const y2 = vectorAt(xq, 9), g1 = combine<Four, D, Y, Z>(false, 5, a, w, s, u, c, d, y1, add(here1, y2), bq, aq, lq, uq, yq, zq, oq);
    left0 = vectorAt(xq, 12);
    const f2 = combine<Four, D, Y, Z>(false, 8, a, w, s, u, c, d, x2, add(x1, left0), bq, aq, lq, uq, yq, zq, oq);
    left1 = vectorAt(xq, 13);
    const g2 = combine<Four, D, Y, Z>(false, 9, a, w, s, u, c, d, y2, add(y1, left1), bq, aq, lq, uq, yq, zq, oq);
    here0 = vectorAt(xq, 16);
    const f3 = combine<Four, D, Y, Z>(false, 12, a, w, s, u, c, d, left0, add(x2, here0), bq, aq, lq, uq, yq, zq, oq);
    here1 = vectorAt(xq, 17);
    const g3 = combine<Four, D, Y, Z>(false, 13, a, w, s, u, c, d, left1, add(y2, here1), bq, aq, lq, uq, yq, zq, oq);
    if (yes<P>()) {
      p0 = add(add(p0, f0), f2);
      p1 = add(add(p1, g0), g2);
      r0 = add(add(r0, f1), f3);
      r1 = add(add(r1, g1), g3);
    }
  }
  if (!yes<P>()) return;
  v128.store(even, p0);
  v128.store(even, p1, 16);
  v128.store(odd, r0);
  v128.store(odd, r1, 16);
}

/** `laneLine` of eight lanes with the same factors; what is left of a number of cells that four does not divide goes two lanes at a time. */
// @ts-ignore: decorator
@inline
function sharedLine<D, Y, Z, P>(factors: usize, length: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  for (let first: usize = 0; first < length; first += PIECE) {
    const last = first + PIECE >= length, cells = last ? length - first - 1 : PIECE, whole = cells & ~3;
    for (let lane: usize = 0; lane < 64; lane += 32) {
      const q = first * 64 + lane, left = x + q - 64;
      const left0 = first == 0 ? splat(0) : v128.load(left), left1 = first == 0 ? splat(0) : v128.load(left, 16);
      sharedQuads<D, Y, Z, P>(factors, whole, left0, left1, x + q, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q, even + lane, odd + lane);
    }
    if (whole == cells && !last) continue;
    for (let lane: usize = 0; lane < 64; lane += 16) {
      const at = first + whole, q = at * 64 + lane, left = at == 0 ? splat(0) : v128.load(x + q - 64);
      lanePiece<Two, D, Y, Z, P>(64, factors, cells - whole, last, left, x + q, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q, even + lane, odd + lane);
    }
  }
}

/** A line of K ≥ 2 lanes; all addresses are those of its first dof, `even` that of the sums to which the first dof belongs. */
// @ts-ignore: decorator
@inline
function laneLine<K, D, Y, Z, P>(cell: usize, factors: usize, length: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  for (let first: usize = 0; first < length; first += PIECE) {
    const last = first + PIECE >= length, cells = last ? length - first - 1 : PIECE;
    for (let lane: usize = 0; lane < cell; lane += 16) {
      const q = first * cell + lane, left = first == 0 ? splat(0) : v128.load(x + q - cell);
      lanePiece<K, D, Y, Z, P>(cell, factors + lane, cells, last, left, x + q, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q, even + lane, odd + lane);
    }
  }
}

/** The last entry of p and the first of q. */
// @ts-ignore: decorator
@inline
function between(p: v128, q: v128): v128 {
  return v128.shuffle<f64>(p, q, 1, 2);
}

/** A line of one lane: a first dof of odd number by itself, pairs from even ones on, and what is left. */
// @ts-ignore: decorator
@inline
function singleLine<D, Y, Z, P>(factors: usize, odd: bool, length: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, sums: usize): void {
  const a = factor(true, factors, 0, 16), w = factor(true, factors, 1, 16), s = factor(true, factors, 2, 16), zero = splat(0);
  const u = factor(sizeof<D>() > 2, factors, 3, 16), c = factor(yes<Y>(), factors, 4, 16), d = factor(yes<Z>(), factors, 5, 16);
  let sum = factor(yes<P>(), sums, 0, 0), left = zero, q: usize = 0;
  const bytes = length * 8;
  if (odd) {
    const here = v128.load64_zero(x), right = length > 1 ? v128.load64_zero(x, 8) : zero;
    const p = combine<One, D, Y, Z>(true, 0, a, w, s, u, c, d, here, add(zero, right), below, above, lower, upper, y, z, out);
    if (yes<P>()) sum = add(sum, v128.shuffle<f64>(zero, p, 0, 2));
    left = v128.load64_splat(x);
    q = 8;
  }
  if (q + 8 < bytes) {
    let here = v128.load(x + q);
    for (; q + 72 < bytes; q += 64) {
      const bq = below + q, aq = above + q, lq = lower + q, uq = upper + q, yq = y + q, zq = z + q, oq = out + q;
      const x1 = v128.load(x + q, 16), m0 = between(here, x1), p0 = combine<One, D, Y, Z>(false, 0, a, w, s, u, c, d, here, add(between(left, here), m0), bq, aq, lq, uq, yq, zq, oq);
      const x2 = v128.load(x + q, 32), m1 = between(x1, x2), p1 = combine<One, D, Y, Z>(false, 1, a, w, s, u, c, d, x1, add(m0, m1), bq, aq, lq, uq, yq, zq, oq);
      left = v128.load(x + q, 48);
      const m2 = between(x2, left), p2 = combine<One, D, Y, Z>(false, 2, a, w, s, u, c, d, x2, add(m1, m2), bq, aq, lq, uq, yq, zq, oq);
      here = v128.load(x + q, 64);
      const p3 = combine<One, D, Y, Z>(false, 3, a, w, s, u, c, d, left, add(m2, between(left, here)), bq, aq, lq, uq, yq, zq, oq);
      if (yes<P>()) sum = add(add(add(add(sum, p0), p1), p2), p3);
    }
    for (; q + 8 < bytes; q += 16) {
      const right = q + 24 < bytes ? v128.load(x + q, 16) : q + 16 < bytes ? v128.load64_zero(x + q, 16) : zero;
      const p = combine<One, D, Y, Z>(false, 0, a, w, s, u, c, d, here, add(between(left, here), between(here, right)), below + q, above + q, lower + q, upper + q, y + q, z + q, out + q);
      if (yes<P>()) sum = add(sum, p);
      left = here;
      here = right;
    }
  }
  if (q < bytes) {
    const here = v128.load64_zero(x + q), sides = between(left, zero);
    const p = combine<One, D, Y, Z>(true, 0, a, w, s, u, c, d, here, add(sides, zero), below + q, above + q, lower + q, upper + q, y + q, z + q, out + q);
    if (yes<P>()) sum = add(sum, v128.shuffle<f64>(p, zero, 0, 2));
  }
  if (yes<P>()) v128.store(sums, sum);
}

/** Every line of the box. */
function combineLines<K, D, Y, Z, P>(frame: usize, lanes: usize): void {
  const cell: usize = sizeof<K>() >= 4 ? 64 : sizeof<K>() == 1 ? 8 : 8 * lanes;
  const length = word(frame, 4), rows = word(frame, 5), planes = word(frame, 6), line = length * cell, plane = line * rows;
  const factors = word(frame, 7), sums = word(frame, 8), zeros = word(frame, 9);
  let x = word(frame, 0), y = word(frame, 1), z = word(frame, 2), out = word(frame, 3), odd: usize = 0;
  for (let k: usize = 0; k < planes; k++) {
    for (let j: usize = 0; j < rows; j++) {
      const below = j > 0 ? x - line : zeros, above = j + 1 < rows ? x + line : zeros;
      const lower = k > 0 ? x - plane : zeros, upper = k + 1 < planes ? x + plane : zeros;
      if (sizeof<K>() == 1) singleLine<D, Y, Z, P>(factors, odd != 0, length, x, below, above, lower, upper, y, z, out, sums);
      else if (sizeof<K>() == 4) sharedLine<D, Y, Z, P>(factors, length, x, below, above, lower, upper, y, z, out, sums + odd * 64, sums + (1 - odd) * 64);
      else laneLine<K, D, Y, Z, P>(cell, factors, length, x, below, above, lower, upper, y, z, out, sums + odd * cell, sums + (1 - odd) * cell);
      odd = (odd + length) & 1;
      x += line;
      y += line;
      z += line;
      out += line;
    }
  }
}

/** z is not without y unless there are sums. */
function withTerms<K, D>(frame: usize, lanes: usize, y: bool, z: bool, products: bool): void {
  if (products) {
    if (y && z) combineLines<K, D, Yes, Yes, Yes>(frame, lanes);
    else if (y) combineLines<K, D, Yes, No, Yes>(frame, lanes);
    else if (z) combineLines<K, D, No, Yes, Yes>(frame, lanes);
    else combineLines<K, D, No, No, Yes>(frame, lanes);
  } else if (z) combineLines<K, D, Yes, Yes, No>(frame, lanes);
  else if (y) combineLines<K, D, Yes, No, No>(frame, lanes);
  else combineLines<K, D, No, No, No>(frame, lanes);
}

function withDimensions<K>(frame: usize, lanes: usize, y: bool, z: bool, products: bool): void {
  if (word(frame, 6) > 1) withTerms<K, Four>(frame, lanes, y, z, products);
  else withTerms<K, Two>(frame, lanes, y, z, products);
}

/** Whether all of eight lanes have the factors of the first. */
function sameFactors(factors: usize): bool {
  for (let row = factors; row < factors + 384; row += 64) {
    for (let lane: usize = 8; lane < 64; lane += 8) if (load<f64>(row + lane) != load<f64>(row)) return false;
  }
  return true;
}

/** One combination of blocks of K = `lanes`; addresses of a missing y or z are not used. */
export function combineConstantStencil(frame: usize, lanes: usize, y: bool, z: bool, products: bool): void {
  if (lanes == 1) withDimensions<One>(frame, lanes, y, z, products);
  else if (lanes < 8) withDimensions<Two>(frame, lanes, y, z, products);
  else if (sameFactors(word(frame, 7))) withDimensions<Four>(frame, lanes, y, z, products);
  else withDimensions<Eight>(frame, lanes, y, z, products);
}
