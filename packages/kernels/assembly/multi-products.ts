import { add, mul } from "./lanes";
import { readPair } from "./lane-vectors";

// Products of four vectors at a time with one, in small pieces: y passes through memory once and is loaded once for four products, and four
// streams come from memory at a time. Two vectors of lanes of one parity, with one lane two dofs of either, go through a piece at a time: their eight
// sums and what they are made from are what the registers hold, and a cache line is met in few passes. Sums as in lane-products.ts, [parity][lane]
// for each vector, added up from what is there, each in ascending order. Arguments named `lanes`, `k` are constants.

/** Bytes of y in a piece: with larger ones all that a piece needs is fetched at its beginning, and memory rests while the other lanes pass. */
const PIECE: usize = 512;

// @ts-ignore: decorator
@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return add(sum, mul(x, y));
}

/** One lane: even and odd dofs are one vector; sums of the four vectors 16 bytes apart. */
function addOneLane(x0: usize, x1: usize, x2: usize, x3: usize, y: usize, bytes: usize, sums: usize): void {
  let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48);
  for (const whole = y + (bytes & ~31); y != whole; y += 32, x0 += 32, x1 += 32, x2 += 32, x3 += 32) {
    const first = v128.load(y), second = v128.load(y, 16);
    s0 = plus(plus(s0, v128.load(x0), first), v128.load(x0, 16), second);
    s1 = plus(plus(s1, v128.load(x1), first), v128.load(x1, 16), second);
    s2 = plus(plus(s2, v128.load(x2), first), v128.load(x2, 16), second);
    s3 = plus(plus(s3, v128.load(x3), first), v128.load(x3, 16), second);
  }
  if (bytes & 16) {
    const rest = v128.load(y);
    s0 = plus(s0, v128.load(x0), rest);
    s1 = plus(s1, v128.load(x1), rest);
    s2 = plus(s2, v128.load(x2), rest);
    s3 = plus(s3, v128.load(x3), rest);
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

/** Two neighbouring vectors of lanes in a piece of rows of two dofs; sums of the four vectors `row` bytes apart. */
// @ts-ignore: decorator
@inline
function addLanes(row: usize, x0: usize, x1: usize, x2: usize, x3: usize, y: usize, bytes: usize, sums: usize): void {
  const t1 = sums + row, t2 = t1 + row, t3 = t2 + row;
  let s0 = v128.load(sums), s1 = v128.load(t1), s2 = v128.load(t2), s3 = v128.load(t3);
  let r0 = v128.load(sums, 16), r1 = v128.load(t1, 16), r2 = v128.load(t2, 16), r3 = v128.load(t3, 16);
  for (const end = y + bytes; y != end; y += row, x0 += row, x1 += row, x2 += row, x3 += row) {
    const left = v128.load(y), right = v128.load(y, 16);
    s0 = plus(s0, v128.load(x0), left);
    r0 = plus(r0, v128.load(x0, 16), right);
    s1 = plus(s1, v128.load(x1), left);
    r1 = plus(r1, v128.load(x1, 16), right);
    s2 = plus(s2, v128.load(x2), left);
    r2 = plus(r2, v128.load(x2, 16), right);
    s3 = plus(s3, v128.load(x3), left);
    r3 = plus(r3, v128.load(x3, 16), right);
  }
  storeTwo(sums, s0, r0);
  storeTwo(t1, s1, r1);
  storeTwo(t2, s2, r2);
  storeTwo(t3, s3, r3);
}

// @ts-ignore: decorator
@inline
function storeTwo(p: usize, left: v128, right: v128): void {
  v128.store(p, left);
  v128.store(p, right, 16);
}

/** The last, even dof of an odd number. */
function addLastDof(lanes: usize, x: usize, y: usize, sums: usize): void {
  if (lanes == 1) return v128.store(sums, add(v128.load(sums), mul(readPair(true, x), readPair(true, y))));
  for (const end = y + 8 * lanes; y < end; y += 16, x += 16, sums += 16) v128.store(sums, add(v128.load(sums), mul(v128.load(x), v128.load(y))));
}

// @ts-ignore: decorator
@inline
function addProducts(lanes: usize, size: usize, table: usize, count: usize, y: usize, sums: usize): void {
  const pairs = (size >> 1) * 16 * lanes, row = lanes * 16;
  for (let at: usize = 0; at < pairs; at += PIECE) {
    const bytes = min(PIECE, pairs - at);
    for (let k: usize = 0; k < count; k += 4) {
      const t = table + 4 * k, x0 = <usize>load<u32>(t) + at, x1 = <usize>load<u32>(t, 4) + at, x2 = <usize>load<u32>(t, 8) + at, x3 = <usize>load<u32>(t, 12) + at;
      if (lanes == 1) addOneLane(x0, x1, x2, x3, y + at, bytes, sums + k * row);
      else for (let lane: usize = 0; lane < row; lane += 32) addLanes(row, x0 + lane, x1 + lane, x2 + lane, x3 + lane, y + at + lane, bytes, sums + k * row + lane);
    }
  }
  if (size & 1) for (let k: usize = 0; k < count; k++) addLastDof(lanes, <usize>load<u32>(table + 4 * k) + pairs, y + pairs, sums + k * row);
}

/** Sums of `count` vectors, a multiple of four, at the addresses of the table. */
export function multiProducts(lanes: usize, size: usize, table: usize, count: usize, y: usize, sums: usize): void {
  if (lanes == 1) addProducts(1, size, table, count, y, sums);
  else if (lanes == 2) addProducts(2, size, table, count, y, sums);
  else if (lanes == 4) addProducts(4, size, table, count, y, sums);
  else addProducts(8, size, table, count, y, sums);
}
