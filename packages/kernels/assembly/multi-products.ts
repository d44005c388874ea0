import { add, mul } from "./lanes";
import { readPair } from "./lane-vectors";
import { vectorAt } from "./specialise";

// Products of four vectors at a time with one, in small pieces: y passes through memory once and is loaded once for
// four products, and four streams come from memory at a time. The even or the odd dofs of two lanes go through a piece at a time: engines begin
// with all loads of a loop, and those of two dofs and four sums are what the registers hold. Sums as in lane-products.ts, [parity][lane] for each
// vector, added up from what is there, each in ascending order. Arguments named `lanes`, `k` are constants.

/** Bytes of y in a piece: with larger ones all that a piece needs is fetched at its beginning, and memory rests while the other lanes pass. */
const PIECE: usize = 512;

/** sum ← sum + x·y over vector k of two lanes of one parity; with one lane over dofs 2k and 2k + 1. */
// @ts-ignore: decorator
@inline
function plus(lanes: usize, k: usize, sum: v128, x: usize, y: v128): v128 {
  return add(sum, mul(vectorAt(x, k * lanes), y));
}

/** Two lanes of one parity in a piece; sums of the four vectors `row` bytes apart. */
// @ts-ignore: decorator
@inline
function addLanes(lanes: usize, x0: usize, x1: usize, x2: usize, x3: usize, y: usize, bytes: usize, sums: usize): void {
  const row = lanes * 16, whole = y + (bytes & ~(2 * row - 1));
  let s0 = v128.load(sums), s1 = v128.load(sums + row), s2 = v128.load(sums + 2 * row), s3 = v128.load(sums + 3 * row);
  for (; y != whole; y += 2 * row, x0 += 2 * row, x1 += 2 * row, x2 += 2 * row, x3 += 2 * row) {
    const first = vectorAt(y, 0), second = vectorAt(y, lanes);
    s0 = plus(lanes, 1, plus(lanes, 0, s0, x0, first), x0, second);
    s1 = plus(lanes, 1, plus(lanes, 0, s1, x1, first), x1, second);
    s2 = plus(lanes, 1, plus(lanes, 0, s2, x2, first), x2, second);
    s3 = plus(lanes, 1, plus(lanes, 0, s3, x3, first), x3, second);
  }
  if (bytes & row) {
    const rest = v128.load(y);
    s0 = plus(lanes, 0, s0, x0, rest);
    s1 = plus(lanes, 0, s1, x1, rest);
    s2 = plus(lanes, 0, s2, x2, rest);
    s3 = plus(lanes, 0, s3, x3, rest);
  }
  v128.store(sums, s0);
  v128.store(sums + row, s1);
  v128.store(sums + 2 * row, s2);
  v128.store(sums + 3 * row, s3);
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
      for (let lane: usize = 0; lane < row; lane += 16) addLanes(lanes, x0 + lane, x1 + lane, x2 + lane, x3 + lane, y + at + lane, bytes, sums + k * row + lane);
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
