import { add, mul, splat } from "./lanes";
import { Eight, Four, No, One, storeVector, Two, vectorAt, yes, Yes } from "./specialise";
import { coefficient, combine, read, Residual } from "./stencil-cell";
import { sharedQuads } from "./stencil-shared";

// out ← a x + b L x + c y + d z with a 3-, 5- or 7-point stencil L of one coefficient a point, all in one pass.
//
// The dofs are cut into runs within which each neighbour is the same distance away. Where a neighbour is missing, a run meets something
// harmless instead: on y and z itself with coupling 0; a dof without a left or right one is a run of its own and lies in a copy between zeros.
//
// Two lanes go along a run at a time, so that their factors, both sums and the neighbours left and right stay in registers; in pieces of the run
// that stay in the first-level cache until the last two lanes have passed. Of eight lanes with the same factors four go at a time: they share these
// registers, the coefficients and the addresses. One lane goes two dofs at a time. The order of operations is the same.
//
// Frame, in u32: addresses of 0 x, 1 y, 2 z, 3 out, 4 runs, 5 their number, 6 factors a b c d [4][K] in f64, 7 sums [parity][K] in f64,
// 8 room for three cells; of L: 9 diagonal, 10 11 12 couplings on x, y, z (arrays in f64); 13 14 dofs of a line and of a plane.
// Run, in u32: first dof, number of dofs, missing neighbours.
//
// Type arguments: K = Eight lanes, Four or Residual for eight of the same factors, One lane, Two for any other number; D dimensions (Two: one also); Y and Z with y and z, P with sums.

const RUN: usize = 12;
const LEFT: usize = 1, RIGHT: usize = 2, BELOW: usize = 4, ABOVE: usize = 8, LOWER: usize = 16, UPPER: usize = 32;

/** Cells of a piece, an multiple of four. */
const PIECE: usize = 32;

// @ts-ignore: decorator
@inline
function word(p: usize, index: usize): usize {
  return load<u32>(p + 4 * index);
}

/** Address of the first dof of a run, with its left and right neighbours one cell away. */
// @ts-ignore: decorator
@inline
function rowStart(frame: usize, run: usize, cell: usize): usize {
  const missing = word(run, 2), x = word(frame, 0) + word(run, 0) * cell;
  if ((missing & (LEFT | RIGHT)) == 0) return x;
  const here = word(frame, 8) + cell;
  memory.fill(here - cell, 0, 3 * cell);
  memory.copy(here, x, cell);
  if ((missing & LEFT) == 0) memory.copy(here - cell, x - cell, cell);
  if ((missing & RIGHT) == 0) memory.copy(here + cell, x + cell, cell);
  return here;
}

/** Address of a neighbour `distance` bytes away from x, of x itself when it is missing. */
// @ts-ignore: decorator
@inline
function neighbour(run: usize, bit: usize, x: usize, distance: usize): usize {
  return word(run, 2) & bit ? x : x + distance;
}

/** Dof k of two lanes, k = 0 … 3 where K = 8, otherwise 0; `e`: the coupling with the right. Returns out·z, or out·out without z. */
// @ts-ignore: decorator
@inline
function laneCell<D, Y, Z>(k: usize, a: v128, b: v128, c: v128, d: v128, w: v128, e: v128, left: v128, here: v128, right: v128, diagonal: usize, cy: usize, toAbove: usize, cz: usize, toUpper: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize): v128 {
  const solid = sizeof<D>() > 2, other = read(yes<Z>(), false, z, 4 * k);
  const value = combine<Eight, D, Y, Z>(
    a, b, c, d,
    coefficient(true, k, diagonal), w, e, coefficient(true, k, cy), coefficient(true, k, toAbove), coefficient(solid, k, cz), coefficient(solid, k, toUpper),
    left, here, right,
    read(true, false, below, 4 * k), read(true, false, above, 4 * k), read(solid, false, lower, 4 * k), read(solid, false, upper, 4 * k),
    read(yes<Y>(), false, y, 4 * k), other,
  );
  storeVector(out, 4 * k, value);
  return mul(value, yes<Z>() ? other : value);
}

/** Two lanes of `cells` dofs; coefficients and blocks at the first one. */
// @ts-ignore: decorator
@inline
function lanePiece<K, D, Y, Z, P>(cell: usize, factors: usize, cells: usize, diagonal: usize, cx: usize, cy: usize, toAbove: usize, cz: usize, toUpper: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  const a = v128.load(factors), b = v128.load(factors + cell), c = yes<Y>() ? v128.load(factors + 2 * cell) : splat(0), d = yes<Z>() ? v128.load(factors + 3 * cell) : splat(0);
  let first = yes<P>() ? v128.load(even) : splat(0), second = yes<P>() ? v128.load(odd) : splat(0);
  let left = v128.load(x - cell), here = v128.load(x), w = v128.load64_splat(cx), q: usize = 0, i: usize = 0;
  if (sizeof<K>() == 8) {
    for (const whole = (cells & ~3) * 8; i < whole; i += 32, q += 256) {
      const mi = diagonal + i, wi = cx + i, si = cy + i, ni = toAbove + i, li = cz + i, ui = toUpper + i, xq = x + q + 64;
      const bq = below + q, aq = above + q, lq = lower + q, uq = upper + q, yq = y + q, zq = z + q, oq = out + q;
      const w1 = v128.load64_splat(wi, 8), x1 = vectorAt(xq, 0), p0 = laneCell<D, Y, Z>(0, a, b, c, d, w, w1, left, here, x1, mi, si, ni, li, ui, bq, aq, lq, uq, yq, zq, oq);
      const w2 = v128.load64_splat(wi, 16), x2 = vectorAt(xq, 4), p1 = laneCell<D, Y, Z>(1, a, b, c, d, w1, w2, here, x1, x2, mi, si, ni, li, ui, bq, aq, lq, uq, yq, zq, oq);
      const w3 = v128.load64_splat(wi, 24);
      left = vectorAt(xq, 8);
      const p2 = laneCell<D, Y, Z>(2, a, b, c, d, w2, w3, x1, x2, left, mi, si, ni, li, ui, bq, aq, lq, uq, yq, zq, oq);
      w = v128.load64_splat(wi, 32);
      here = vectorAt(xq, 12);
      const p3 = laneCell<D, Y, Z>(3, a, b, c, d, w3, w, x2, left, here, mi, si, ni, li, ui, bq, aq, lq, uq, yq, zq, oq);
      if (yes<P>()) first = add(add(first, p0), p2);
      if (yes<P>()) second = add(add(second, p1), p3);
    }
  }
  for (const end = cells * 8; i < end; i += 8, q += cell) {
    const e = v128.load64_splat(cx + i, 8), right = v128.load(x + q + cell);
    const p = laneCell<D, Y, Z>(0, a, b, c, d, w, e, left, here, right, diagonal + i, cy + i, toAbove + i, cz + i, toUpper + i, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q);
    w = e;
    left = here;
    here = right;
    if (yes<P>()) {
      const sum = add(first, p);
      first = second;
      second = sum;
    }
  }
  if (yes<P>()) v128.store(cells & 1 ? odd : even, first);
  if (yes<P>()) v128.store(cells & 1 ? even : odd, second);
}

/** Four of eight lanes with the same factors; what is left of a number of dofs that four does not divide goes two lanes at a time. */
// @ts-ignore: decorator
@inline
function sharedPiece<K, D, Y, Z, P>(factors: usize, cells: usize, diagonal: usize, cx: usize, cy: usize, toAbove: usize, cz: usize, toUpper: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  const whole = cells & ~3, i = whole * 8;
  sharedQuads<K, D, Y, Z, P>(factors, whole, diagonal, cx, cy, toAbove, cz, toUpper, x, below, above, lower, upper, y, z, out, even, odd);
  if (whole == cells) return;
  for (let lane: usize = 0; lane < 32; lane += 16) {
    const q = whole * 64 + lane;
    lanePiece<Two, D, Y, Z, P>(64, factors, cells - whole, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + q, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q, even + lane, odd + lane);
  }
}

/** A run of cells of K ≥ 2 lanes. */
// @ts-ignore: decorator
@inline
function laneRun<K, D, Y, Z, P>(frame: usize, run: usize, lanes: usize): void {
  const cell: usize = sizeof<K>() >= 4 ? 64 : 8 * lanes, first = word(run, 0), count = word(run, 1), line = word(frame, 13), plane = word(frame, 14), factors = word(frame, 6);
  const here = rowStart(frame, run, cell), block = word(frame, 0) + first * cell;
  const below = neighbour(run, BELOW, block, -line * cell), above = neighbour(run, ABOVE, block, line * cell);
  const lower = neighbour(run, LOWER, block, -plane * cell), upper = neighbour(run, UPPER, block, plane * cell);
  const y = word(frame, 1) + first * cell, z = word(frame, 2) + first * cell, out = word(frame, 3) + first * cell;
  const diagonal = word(frame, 9) + first * 8, cx = word(frame, 10) + first * 8, cy = word(frame, 11) + first * 8, cz = word(frame, 12) + first * 8;
  const toAbove = cy + line * 8, toUpper = cz + plane * 8, parity = (first & 1) * cell, even = word(frame, 7) + parity, odd = word(frame, 7) + cell - parity;
  for (let at: usize = 0; at < count; at += PIECE) {
    const cells = min(PIECE, count - at), i = at * 8, shared = sizeof<K>() == 4 || sizeof<K>() == 16, step: usize = shared ? 32 : 16;
    for (let lane: usize = 0; lane < cell; lane += step) {
      const q = at * cell + lane;
      if (shared) sharedPiece<K, D, Y, Z, P>(factors, cells, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, here + q, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q, even + lane, odd + lane);
      else lanePiece<K, D, Y, Z, P>(cell, factors + lane, cells, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, here + q, below + q, above + q, lower + q, upper + q, y + q, z + q, out + q, even + lane, odd + lane);
    }
  }
}

/** Vector k of two dofs of one lane, or one dof when `single`; all addresses are those of the first, `x`: of its left neighbour. Returns their products. */
// @ts-ignore: decorator
@inline
function pair<D, Y, Z>(single: bool, k: usize, a: v128, b: v128, c: v128, d: v128, diagonal: usize, cx: usize, cy: usize, toAbove: usize, cz: usize, toUpper: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize): v128 {
  const solid = sizeof<D>() > 2, other = read(yes<Z>(), single, z, k);
  const value = combine<One, D, Y, Z>(
    a, b, c, d,
    read(true, single, diagonal, k), read(true, single, cx, k), read(true, single, cx + 8, k), read(true, single, cy, k), read(true, single, toAbove, k), read(solid, single, cz, k), read(solid, single, toUpper, k),
    read(true, single, x, k), read(true, single, x + 8, k), read(true, single, x + 16, k),
    read(true, single, below, k), read(true, single, above, k), read(solid, single, lower, k), read(solid, single, upper, k),
    read(yes<Y>(), single, y, k), other,
  );
  if (single) v128.store64_lane(out, value, 0);
  else storeVector(out, k, value);
  return mul(value, yes<Z>() ? other : value);
}

/** A run of one lane: four dofs at a time from an even one on, the others one by one. */
// @ts-ignore: decorator
@inline
function singleRun<D, Y, Z, P>(frame: usize, run: usize): void {
  const first = word(run, 0), line = word(frame, 13), plane = word(frame, 14), factors = word(frame, 6);
  const x = rowStart(frame, run, 8) - 8, block = word(frame, 0) + first * 8;
  const below = neighbour(run, BELOW, block, -line * 8), above = neighbour(run, ABOVE, block, line * 8);
  const lower = neighbour(run, LOWER, block, -plane * 8), upper = neighbour(run, UPPER, block, plane * 8);
  const y = word(frame, 1) + first * 8, z = word(frame, 2) + first * 8, out = word(frame, 3) + first * 8;
  const diagonal = word(frame, 9) + first * 8, cx = word(frame, 10) + first * 8, cy = word(frame, 11) + first * 8, cz = word(frame, 12) + first * 8;
  const toAbove = cy + line * 8, toUpper = cz + plane * 8, end = word(run, 1) * 8;
  const a = v128.load64_splat(factors), b = v128.load64_splat(factors, 8), c = v128.load64_splat(factors, 16), d = v128.load64_splat(factors, 24), zero = splat(0);
  let sum = v128.load(word(frame, 7)), i: usize = 0, odd = (first & 1) != 0;
  while (i < end) {
    if (!odd && i + 24 < end) {
      for (; i + 24 < end; i += 32) {
        const p = pair<D, Y, Z>(false, 0, a, b, c, d, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + i, below + i, above + i, lower + i, upper + i, y + i, z + i, out + i);
        const r = pair<D, Y, Z>(false, 1, a, b, c, d, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + i, below + i, above + i, lower + i, upper + i, y + i, z + i, out + i);
        if (yes<P>()) sum = add(add(sum, p), r);
      }
    } else {
      const p = pair<D, Y, Z>(true, 0, a, b, c, d, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + i, below + i, above + i, lower + i, upper + i, y + i, z + i, out + i);
      if (yes<P>()) sum = add(sum, odd ? v128.shuffle<f64>(zero, p, 0, 2) : v128.shuffle<f64>(p, zero, 0, 2));
      odd = !odd;
      i += 8;
    }
  }
  if (yes<P>()) v128.store(word(frame, 7), sum);
}

/** All runs, for one choice of everything. */
function combineRuns<K, D, Y, Z, P>(frame: usize, lanes: usize): void {
  for (let run = word(frame, 4), end = run + RUN * word(frame, 5); run < end; run += RUN) {
    if (sizeof<K>() == 1) singleRun<D, Y, Z, P>(frame, run);
    else laneRun<K, D, Y, Z, P>(frame, run, lanes);
  }
}

/** z is not without y unless there are sums. */
function withTerms<K, D>(frame: usize, lanes: usize, y: bool, z: bool, products: bool): void {
  if (products) {
    if (y && z) combineRuns<K, D, Yes, Yes, Yes>(frame, lanes);
    else if (y) combineRuns<K, D, Yes, No, Yes>(frame, lanes);
    else if (z) combineRuns<K, D, No, Yes, Yes>(frame, lanes);
    else combineRuns<K, D, No, No, Yes>(frame, lanes);
  } else if (z) combineRuns<K, D, Yes, Yes, No>(frame, lanes);
  else if (y) combineRuns<K, D, Yes, No, No>(frame, lanes);
  else combineRuns<K, D, No, No, No>(frame, lanes);
}

function withDimensions<K>(frame: usize, lanes: usize, dimensions: usize, y: bool, z: bool, products: bool): void {
  if (dimensions == 3) withTerms<K, Four>(frame, lanes, y, z, products);
  else withTerms<K, Two>(frame, lanes, y, z, products);
}

/** Whether all of eight lanes have the factors of the first. */
function sameFactors(factors: usize): bool {
  for (let row = factors; row < factors + 256; row += 64) {
    for (let lane: usize = 8; lane < 64; lane += 8) if (load<f64>(row + lane) != load<f64>(row)) return false;
  }
  return true;
}

/** out ← y − (L − a) x of eight lanes. */
function residualRuns<D>(frame: usize, products: bool): void {
  if (products) combineRuns<Residual, D, Yes, No, Yes>(frame, 8);
  else combineRuns<Residual, D, Yes, No, No>(frame, 8);
}

/** One combination of blocks of K = `lanes`; addresses of a missing y or z are not used. */
export function combineStencil(frame: usize, lanes: usize, dimensions: usize, y: bool, z: bool, products: bool): void {
  const factors = word(frame, 6);
  if (lanes == 1) withDimensions<One>(frame, lanes, dimensions, y, z, products);
  else if (lanes < 8) withDimensions<Two>(frame, lanes, dimensions, y, z, products);
  else if (!sameFactors(factors)) withDimensions<Eight>(frame, lanes, dimensions, y, z, products);
  else if (y && !z && load<f64>(factors, 64) == -1 && load<f64>(factors, 128) == 1) {
    if (dimensions == 3) residualRuns<Four>(frame, products);
    else residualRuns<Two>(frame, products);
  } else withDimensions<Four>(frame, lanes, dimensions, y, z, products);
}
