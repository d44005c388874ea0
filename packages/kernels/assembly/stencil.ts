import { add, mul, splat, sub } from "./lanes";
import { Eight, Four, Maybe, maybe, No, One, storeVector, Two, vectorAt, yes, Yes } from "./specialise";

// out ← a x + b L x + c y + d z with a 3-, 5- or 7-point stencil L, all in one pass.
//
// The dofs are cut into runs within which each neighbour is the same distance away. Where a neighbour is missing, a run meets something
// harmless instead: on y and z itself with coupling 0 or, where couplings are constant, a line of zeros; a dof without a left or right one is
// a run of its own and lies in a copy between zeros.
//
// Frame, in u32: addresses of 0 x, 1 y, 2 z, 3 out, 4 runs, 5 their number, 6 factors a b c d [4][K] in f64, 7 sums [parity][K] in f64,
// 8 zeros, 9 room for three cells; of L: 10 diagonal, 11 12 13 couplings on x, y, z (arrays in f64; where L is constant one f64 each, and the
// x couplings of one line); 14 15 dofs of a line and of a plane.
// Before the factors is a vector of sign bits if y is missing, of zeros if not: where y may be missing, c y with c = 0 becomes −0 by it, which
// changes nothing when added.
// Run, in u32: first dof, number of dofs, missing neighbours, its first x coupling.
//
// Type arguments: K lanes and D dimensions (sizes of the types), C constant L, Y and Z with y and z, P with sums.

const RUN: usize = 16;
const LEFT: usize = 1, RIGHT: usize = 2, BELOW: usize = 4, ABOVE: usize = 8, LOWER: usize = 16, UPPER: usize = 32;

// @ts-ignore: decorator
@inline
function word(p: usize, index: usize): usize {
  return load<u32>(p + 4 * index);
}

/** Address of the first dof of a run, with its left and right neighbours one cell away. */
// @ts-ignore: decorator
@inline
function rowStart<K>(frame: usize, run: usize): usize {
  const cell: usize = 8 * sizeof<K>(), missing = word(run, 2), x = word(frame, 0) + word(run, 0) * cell;
  if ((missing & (LEFT | RIGHT)) == 0) return x;
  const here = word(frame, 9) + cell;
  memory.fill(here - cell, 0, 3 * cell);
  memory.copy(here, x, cell);
  if ((missing & LEFT) == 0) memory.copy(here - cell, x - cell, cell);
  if ((missing & RIGHT) == 0) memory.copy(here + cell, x + cell, cell);
  return here;
}

/** Address of a neighbour `distance` bytes away from x, of something harmless when it is missing. */
// @ts-ignore: decorator
@inline
function neighbour<C>(frame: usize, run: usize, bit: usize, x: usize, distance: usize): usize {
  if (word(run, 2) & bit) return yes<C>() ? word(frame, 8) : x;
  return x + distance;
}

/** Whether there is a y to be read, if only in place of a missing one. */
// @ts-ignore: decorator
@inline
function reads<Y>(): bool {
  return yes<Y>() || maybe<Y>();
}

/** Vector k at p: half of one when `single`, zero unless `wanted`. All but p are constants. */
// @ts-ignore: decorator
@inline
function read(wanted: bool, single: bool, p: usize, k: usize): v128 {
  if (!wanted) return splat(0);
  return single ? v128.load64_zero(p) : vectorAt(p, k);
}

/** A coupling or diagonal entry: in all lanes when K ≥ 2, of the next one or two dofs when K = 1. */
// @ts-ignore: decorator
@inline
function coefficient<K>(wanted: bool, single: bool, p: usize, k: usize): v128 {
  if (!wanted) return splat(0);
  if (sizeof<K>() > 1) return v128.load64_splat(p);
  return read(true, single, p, k);
}

/** L x of one vector, of couplings w e s n l u and diagonal m; with `C` those of s and l also on the other side. */
// @ts-ignore: decorator
@inline
function stencilVector<D, C>(single: bool, k: usize, left: v128, here: v128, right: v128, m: v128, w: v128, e: v128, s: v128, n: v128, l: v128, u: v128, below: usize, above: usize, lower: usize, upper: usize): v128 {
  const planar = sizeof<D>() > 1, solid = sizeof<D>() > 2;
  let sum = sub(sub(mul(m, here), mul(w, left)), mul(e, right));
  const xs = read(planar, single, below, k), xn = read(planar, single, above, k);
  if (planar) sum = yes<C>() ? sub(sum, mul(s, add(xs, xn))) : sub(sub(sum, mul(s, xs)), mul(n, xn));
  const xl = read(solid, single, lower, k), xu = read(solid, single, upper, k);
  if (solid) sum = yes<C>() ? sub(sum, mul(l, add(xl, xu))) : sub(sub(sum, mul(l, xl)), mul(u, xu));
  return sum;
}

/** Vector k of a cell of K ≥ 2 lanes, or one or two dofs of one lane; `x`: the left neighbour. Returns out·z, or out·out without z. */
// @ts-ignore: decorator
@inline
function combineVector<K, D, C, Y, Z>(single: bool, k: usize, signs: v128, a: v128, b: v128, c: v128, d: v128, m: v128, w: v128, e: v128, s: v128, n: v128, l: v128, u: v128, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize): v128 {
  const W: usize = sizeof<K>() / 2;
  const left = read(true, single, x, k), here = sizeof<K>() > 1 ? vectorAt(x, W + k) : read(true, single, x + 8, k);
  const right = sizeof<K>() > 1 ? vectorAt(x, 2 * W + k) : read(true, single, x + 16, k);
  let value = mul(b, stencilVector<D, C>(single, k, left, here, right, m, w, e, s, n, l, u, below, above, lower, upper));
  value = add(value, mul(a, here));
  const term = read(reads<Y>(), single, y, k);
  if (yes<Y>()) value = add(value, mul(c, term));
  if (maybe<Y>()) value = add(value, v128.or(mul(c, term), signs));
  const other = read(yes<Z>(), single, z, k);
  if (yes<Z>()) value = add(value, mul(d, other));
  if (single) v128.store64_lane(out, value, 0);
  else storeVector(out, k, value);
  return mul(value, yes<Z>() ? other : value);
}

/** Vector k of a cell of K ≥ 2 lanes, with the factors in memory. */
// @ts-ignore: decorator
@inline
function cellVector<K, D, C, Y, Z, P>(k: usize, factors: usize, m: v128, w: v128, e: v128, s: v128, n: v128, l: v128, u: v128, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, sums: usize): void {
  const W: usize = sizeof<K>() / 2;
  const a = vectorAt(factors, k), b = vectorAt(factors, W + k), c = read(reads<Y>(), false, factors, 2 * W + k), d = read(yes<Z>(), false, factors, 3 * W + k);
  const signs = read(maybe<Y>(), false, factors - 16, 0);
  const product = combineVector<K, D, C, Y, Z>(false, k, signs, a, b, c, d, m, w, e, s, n, l, u, x, below, above, lower, upper, y, z, out);
  if (yes<P>()) storeVector(sums, k, add(vectorAt(sums, k), product));
}

/** A run of cells of K ≥ 2 lanes; q and i: offsets in the blocks and in the couplings. */
function cellRun<K, D, C, Y, Z, P>(frame: usize, run: usize): void {
  const cell: usize = 8 * sizeof<K>(), planar = sizeof<D>() > 1 && !yes<C>(), solid = sizeof<D>() > 2 && !yes<C>();
  const first = word(run, 0), line = word(frame, 14), plane = word(frame, 15), entry = yes<C>() ? 0 : first * 8, factors = word(frame, 6);
  const here = rowStart<K>(frame, run), x = here - cell, block = word(frame, 0) + first * cell;
  const below = neighbour<C>(frame, run, BELOW, block, -line * cell), above = neighbour<C>(frame, run, ABOVE, block, line * cell);
  const lower = neighbour<C>(frame, run, LOWER, block, -plane * cell), upper = neighbour<C>(frame, run, UPPER, block, plane * cell);
  const y = word(frame, 1) + first * cell, z = word(frame, 2) + first * cell, out = word(frame, 3) + first * cell;
  const diagonal = word(frame, 10) + entry, cx = word(frame, 11) + word(run, 3) * 8, cy = word(frame, 12) + entry, cz = word(frame, 13) + entry;
  const toAbove = cy + line * 8, toUpper = cz + plane * 8;
  const cm = v128.load64_splat(diagonal), cs = v128.load64_splat(cy), cl = v128.load64_splat(cz);
  const even = word(frame, 7), bothSums = even * 2 + cell;
  let sums = even + (first & 1) * cell, q: usize = 0;
  for (let i: usize = 0, end = word(run, 1) * 8; i < end; i += 8, q += cell) {
    const w = v128.load64_splat(cx + i), e = v128.load64_splat(cx + i, 8), m = yes<C>() ? cm : v128.load64_splat(diagonal + i);
    const s = yes<C>() ? cs : coefficient<K>(planar, false, cy + i, 0), n = coefficient<K>(planar, false, toAbove + i, 0);
    const l = yes<C>() ? cl : coefficient<K>(solid, false, cz + i, 0), u = coefficient<K>(solid, false, toUpper + i, 0);
    const xq = x + q, bq = below + q, aq = above + q, lq = lower + q, uq = upper + q, yq = y + q, zq = z + q, oq = out + q;
    cellVector<K, D, C, Y, Z, P>(0, factors, m, w, e, s, n, l, u, xq, bq, aq, lq, uq, yq, zq, oq, sums);
    if (sizeof<K>() > 2) cellVector<K, D, C, Y, Z, P>(1, factors, m, w, e, s, n, l, u, xq, bq, aq, lq, uq, yq, zq, oq, sums);
    if (sizeof<K>() > 4) cellVector<K, D, C, Y, Z, P>(2, factors, m, w, e, s, n, l, u, xq, bq, aq, lq, uq, yq, zq, oq, sums);
    if (sizeof<K>() > 4) cellVector<K, D, C, Y, Z, P>(3, factors, m, w, e, s, n, l, u, xq, bq, aq, lq, uq, yq, zq, oq, sums);
    if (yes<P>()) sums = bothSums - sums;
  }
}

/** Vector k of two dofs of one lane, or one dof when `single`; all addresses are those of the first. Returns their products. */
// @ts-ignore: decorator
@inline
function pair<D, C, Y, Z>(single: bool, k: usize, signs: v128, a: v128, b: v128, c: v128, d: v128, cm: v128, cs: v128, cl: v128, diagonal: usize, cx: usize, cy: usize, toAbove: usize, cz: usize, toUpper: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize): v128 {
  const planar = sizeof<D>() > 1 && !yes<C>(), solid = sizeof<D>() > 2 && !yes<C>();
  const w = read(true, single, cx, k), e = read(true, single, cx + 8, k), m = yes<C>() ? cm : read(true, single, diagonal, k);
  const s = yes<C>() ? cs : read(planar, single, cy, k), n = read(planar, single, toAbove, k);
  const l = yes<C>() ? cl : read(solid, single, cz, k), u = read(solid, single, toUpper, k);
  return combineVector<One, D, C, Y, Z>(single, k, signs, a, b, c, d, m, w, e, s, n, l, u, x, below, above, lower, upper, y, z, out);
}

/** A run of one lane: four dofs at a time from an even one on, the others one by one. */
// @ts-ignore: decorator
@inline
function singleRun<D, C, Y, Z, P>(frame: usize, run: usize): void {
  const first = word(run, 0), line = word(frame, 14), plane = word(frame, 15), entry = yes<C>() ? 0 : first * 8, factors = word(frame, 6);
  const x = rowStart<One>(frame, run) - 8, block = word(frame, 0) + first * 8;
  const below = neighbour<C>(frame, run, BELOW, block, -line * 8), above = neighbour<C>(frame, run, ABOVE, block, line * 8);
  const lower = neighbour<C>(frame, run, LOWER, block, -plane * 8), upper = neighbour<C>(frame, run, UPPER, block, plane * 8);
  const y = word(frame, 1) + first * 8, z = word(frame, 2) + first * 8, out = word(frame, 3) + first * 8;
  const diagonal = word(frame, 10) + entry, cx = word(frame, 11) + word(run, 3) * 8, cy = word(frame, 12) + entry, cz = word(frame, 13) + entry;
  const toAbove = cy + line * 8, toUpper = cz + plane * 8, end = word(run, 1) * 8;
  const a = v128.load64_splat(factors), b = v128.load64_splat(factors, 8), c = v128.load64_splat(factors, 16), d = v128.load64_splat(factors, 24);
  const cm = v128.load64_splat(diagonal), cs = v128.load64_splat(cy), cl = v128.load64_splat(cz), zero = splat(0), signs = v128.load(factors - 16);
  let sum = v128.load(word(frame, 7)), i: usize = 0, odd = (first & 1) != 0;
  while (i < end) {
    if (!odd && i + 24 < end) {
      for (; i + 24 < end; i += 32) {
        const p = pair<D, C, Y, Z>(false, 0, signs, a, b, c, d, cm, cs, cl, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + i, below + i, above + i, lower + i, upper + i, y + i, z + i, out + i);
        const r = pair<D, C, Y, Z>(false, 1, signs, a, b, c, d, cm, cs, cl, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + i, below + i, above + i, lower + i, upper + i, y + i, z + i, out + i);
        if (yes<P>()) sum = add(add(sum, p), r);
      }
    } else {
      const p = pair<D, C, Y, Z>(true, 0, signs, a, b, c, d, cm, cs, cl, diagonal + i, cx + i, cy + i, toAbove + i, cz + i, toUpper + i, x + i, below + i, above + i, lower + i, upper + i, y + i, z + i, out + i);
      if (yes<P>()) sum = add(sum, odd ? v128.shuffle<f64>(zero, p, 0, 2) : v128.shuffle<f64>(p, zero, 0, 2));
      odd = !odd;
      i += 8;
    }
  }
  if (yes<P>()) v128.store(word(frame, 7), sum);
}

/** All runs, for one choice of everything. */
function combineRuns<K, D, C, Y, Z, P>(frame: usize): void {
  for (let run = word(frame, 4), end = run + RUN * word(frame, 5); run < end; run += RUN) {
    if (sizeof<K>() == 1) singleRun<D, C, Y, Z, P>(frame, run);
    else cellRun<K, D, C, Y, Z, P>(frame, run);
  }
}

/** z is not without y unless there are sums. Two and four lanes and one dimension do with fewer functions. */
function withTerms<K, D, C>(frame: usize, y: bool, z: bool, products: bool): void {
  if (sizeof<K>() == 2 || sizeof<K>() == 4 || sizeof<D>() == 1) {
    if (z) combineRuns<K, D, C, Maybe, Yes, Yes>(frame);
    else combineRuns<K, D, C, Maybe, No, Yes>(frame);
  } else if (products) {
    if (y && z) combineRuns<K, D, C, Yes, Yes, Yes>(frame);
    else if (y) combineRuns<K, D, C, Yes, No, Yes>(frame);
    else if (z) combineRuns<K, D, C, No, Yes, Yes>(frame);
    else combineRuns<K, D, C, No, No, Yes>(frame);
  } else if (z) combineRuns<K, D, C, Yes, Yes, No>(frame);
  else if (y) combineRuns<K, D, C, Yes, No, No>(frame);
  else combineRuns<K, D, C, No, No, No>(frame);
}

function withDimensions<K, C>(frame: usize, dimensions: usize, y: bool, z: bool, products: bool): void {
  if (dimensions == 3) withTerms<K, Four, C>(frame, y, z, products);
  else if (dimensions == 2) withTerms<K, Two, C>(frame, y, z, products);
  else withTerms<K, One, C>(frame, y, z, products);
}

function withLanes<C>(frame: usize, lanes: usize, dimensions: usize, y: bool, z: bool, products: bool): void {
  if (lanes == 8) withDimensions<Eight, C>(frame, dimensions, y, z, products);
  else if (lanes == 4) withDimensions<Four, C>(frame, dimensions, y, z, products);
  else if (lanes == 2) withDimensions<Two, C>(frame, dimensions, y, z, products);
  else withDimensions<One, C>(frame, dimensions, y, z, products);
}

/** One combination of blocks of K = `lanes`; where there is no y, its address is that of x and c is 0. */
export function combineStencil(frame: usize, lanes: usize, dimensions: usize, constant: bool, y: bool, z: bool, products: bool): void {
  if (constant) withLanes<Yes>(frame, lanes, dimensions, y, z, products);
  else withLanes<No>(frame, lanes, dimensions, y, z, products);
}
