import { add, mul } from "./lanes";
import { storeSums } from "./lane-products";
import { readPair, readVector } from "./lane-vectors";

// Products of several vectors with one, in chunks of y that stay in the first-level cache: y passes through memory once. Sums as in
// lane-products.ts, [parity][lane] for each vector, added up from what is there, each in ascending order. For K lanes B = 4, 4, 2, 1 vectors
// move together, so that eight sums at most stay in registers. Arguments named `lanes`, `i` are constants.

/** Bytes of y in a chunk. */
const CHUNK: usize = 32768;

/** Vector i of two dofs of y times that of one of the B vectors: sum number i belongs to vector i/K. */
// @ts-ignore: decorator
@inline
function term(lanes: usize, i: usize, x0: usize, x1: usize, x2: usize, x3: usize, y: usize): v128 {
  const b = i / lanes, x = b == 0 ? x0 : b == 1 ? x1 : b == 2 ? x2 : x3;
  return mul(readVector(x, i % lanes), readVector(y, i % lanes));
}

// @ts-ignore: decorator
@inline
function addChunk(lanes: usize, x0: usize, x1: usize, x2: usize, x3: usize, y: usize, bytes: usize, sums: usize): void {
  const more = lanes > 1, step = 16 * lanes;
  let s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32), s3 = v128.load(sums, 48), s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  if (more) {
    s4 = v128.load(sums, 64);
    s5 = v128.load(sums, 80);
    s6 = v128.load(sums, 96);
    s7 = v128.load(sums, 112);
  }
  for (const end = y + bytes; y < end; y += step, x0 += step, x1 += step, x2 += step, x3 += step) {
    s0 = add(s0, term(lanes, 0, x0, x1, x2, x3, y));
    s1 = add(s1, term(lanes, 1, x0, x1, x2, x3, y));
    s2 = add(s2, term(lanes, 2, x0, x1, x2, x3, y));
    s3 = add(s3, term(lanes, 3, x0, x1, x2, x3, y));
    if (more) {
      s4 = add(s4, term(lanes, 4, x0, x1, x2, x3, y));
      s5 = add(s5, term(lanes, 5, x0, x1, x2, x3, y));
      s6 = add(s6, term(lanes, 6, x0, x1, x2, x3, y));
      s7 = add(s7, term(lanes, 7, x0, x1, x2, x3, y));
    }
  }
  storeSums(more ? 8 : 4, sums, s0, s1, s2, s3, s4, s5, s6, s7);
}

/** The last, even dof of an odd number. */
function addLastDof(lanes: usize, x: usize, y: usize, sums: usize): void {
  if (lanes == 1) return v128.store(sums, add(v128.load(sums), mul(readPair(true, x), readPair(true, y))));
  for (const end = y + 8 * lanes; y < end; y += 16, x += 16, sums += 16) v128.store(sums, add(v128.load(sums), mul(v128.load(x), v128.load(y))));
}

// @ts-ignore: decorator
@inline
function addProducts(lanes: usize, together: usize, size: usize, table: usize, count: usize, y: usize, sums: usize): void {
  const pairs = (size >> 1) * 16 * lanes, row = 16 * lanes;
  for (let at: usize = 0; at < pairs; at += CHUNK) {
    const bytes = min(CHUNK, pairs - at);
    for (let k: usize = 0; k < count; k += together) {
      const t = table + 4 * k, x0 = <usize>load<u32>(t) + at, x1 = <usize>load<u32>(t, 4) + at, x2 = <usize>load<u32>(t, 8) + at, x3 = <usize>load<u32>(t, 12) + at;
      addChunk(lanes, x0, x1, x2, x3, y + at, bytes, sums + k * row);
    }
  }
  if (size & 1) for (let k: usize = 0; k < count; k++) addLastDof(lanes, <usize>load<u32>(table + 4 * k) + pairs, y + pairs, sums + k * row);
}

/** Sums of `count` vectors, a multiple of four, at the addresses of the table, which is four entries longer. */
export function multiProducts(lanes: usize, size: usize, table: usize, count: usize, y: usize, sums: usize): void {
  if (lanes == 1) addProducts(1, 4, size, table, count, y, sums);
  else if (lanes == 2) addProducts(2, 4, size, table, count, y, sums);
  else if (lanes == 4) addProducts(4, 2, size, table, count, y, sums);
  else addProducts(8, 1, size, table, count, y, sums);
}
