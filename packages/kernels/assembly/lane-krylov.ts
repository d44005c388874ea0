import { add, mul, splat, sub } from "./lanes";

// Vector operations of conjugate gradients on blocks of K lanes, with a factor for each lane and sums over its even and its odd dofs, in doubles.
// A v128 holds two lanes of a dof, or with K = 1 an even and an odd dof; then there are two equal factors. Sums: [parity][lane]. The order of
// additions is the same for all K. The blocks are passed through in pieces that stay in the first-level cache, because each pair of lanes goes
// through a piece alone.

/** A multiple of two cells. */
const PIECE: usize = 8192;

/** Bytes from one dof to the next of its parity, per vector of sums. */
// @ts-ignore: decorator
@inline
function laneStride(lanes: usize): usize {
  return lanes == 1 ? 16 : lanes * 8;
}

/** Bytes from the vectors of one parity to those of the other; with K = 1 both are in the same. */
// @ts-ignore: decorator
@inline
function parities(lanes: usize): usize {
  return lanes == 1 ? 1 : 2;
}

/** Half of a vector when `single` (a constant). */
// @ts-ignore: decorator
@inline
function read(single: bool, p: usize): v128 {
  return single ? v128.load64_zero(p) : v128.load(p);
}

// @ts-ignore: decorator
@inline
function write(single: bool, p: usize, x: v128): void {
  if (single) v128.store64_lane(p, x, 0);
  else v128.store(p, x);
}

// @ts-ignore: decorator
@inline
function stepVector(single: bool, factor: v128, p: usize, q: usize, x: usize, r: usize): v128 {
  write(single, x, add(read(single, x), mul(factor, read(single, p))));
  const rest = sub(read(single, r), mul(factor, read(single, q)));
  write(single, r, rest);
  return mul(rest, rest);
}

/** sums ← Σ x·y */
export function laneProducts(lanes: usize, size: usize, x: usize, y: usize, sums: usize): void {
  const bytes = size * lanes * 8, vectors = laneStride(lanes) * parities(lanes), whole = bytes & ~15;
  memory.fill(sums, 0, vectors);
  for (let first: usize = 0; first < whole; first += PIECE) {
    const end = min<usize>(first + PIECE, whole);
    for (let lane: usize = 0; lane < vectors; lane += 16) {
      let sum = v128.load(sums + lane);
      for (let i = first + lane; i < end; i += vectors) sum = add(sum, mul(v128.load(x + i), v128.load(y + i)));
      v128.store(sums + lane, sum);
    }
  }
  if (whole < bytes) v128.store(sums, add(v128.load(sums), mul(v128.load64_zero(x + whole), v128.load64_zero(y + whole))));
}

/** p ← z + factor p */
export function laneDirection(lanes: usize, size: usize, factors: usize, z: usize, p: usize): void {
  const bytes = size * lanes * 8, stride = laneStride(lanes), whole = bytes & ~15;
  for (let first: usize = 0; first < whole; first += PIECE) {
    const end = min<usize>(first + PIECE, whole);
    for (let lane: usize = 0; lane < stride; lane += 16) {
      const factor = v128.load(factors + lane);
      for (let i = first + lane; i < end; i += stride) v128.store(p + i, add(v128.load(z + i), mul(factor, v128.load(p + i))));
    }
  }
  if (whole < bytes) v128.store64_lane(p + whole, add(v128.load64_zero(z + whole), mul(v128.load(factors), v128.load64_zero(p + whole))), 0);
}

/** x ← x + factor p, r ← r − factor q, sums ← Σ r·r */
export function laneStep(lanes: usize, size: usize, factors: usize, p: usize, q: usize, x: usize, r: usize, sums: usize): void {
  const bytes = size * lanes * 8, stride = laneStride(lanes), vectors = stride * parities(lanes), whole = bytes & ~15;
  memory.fill(sums, 0, vectors);
  for (let first: usize = 0; first < whole; first += PIECE) {
    const end = min<usize>(first + PIECE, whole);
    for (let lane: usize = 0; lane < vectors; lane += 16) {
      const factor = v128.load(factors + (lane < stride ? lane : lane - stride));
      let sum = v128.load(sums + lane);
      for (let i = first + lane; i < end; i += vectors) sum = add(sum, stepVector(false, factor, p + i, q + i, x + i, r + i));
      v128.store(sums + lane, sum);
    }
  }
  if (whole < bytes) v128.store(sums, add(v128.load(sums), stepVector(true, v128.load(factors), p + whole, q + whole, x + whole, r + whole)));
}
