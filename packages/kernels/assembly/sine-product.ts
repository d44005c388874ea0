import { add, mul, ROW, splat, sub } from "./lanes";
import { loadLanes, storeLanes } from "./line-access";

// DST-I of eight lines for any n as two dense products: sin(πjk/(n+1)) is even (k odd) or odd (k even) about the middle of the line,
// so that row k meets only the even or the odd part of it. n/2 multiply-adds a point.
//
// Matrices: rows k of one parity in blocks of three, the three entries of a column side by side, padded with zero rows;
// ⌈n/2⌉ columns for odd k, ⌊n/2⌋ for even k. Plan: addresses of the two as u32.

/** Rows of `work`: the even and the odd part of the lines a. */
// @ts-ignore: decorator
@inline
function foldAll(strided: bool, a: usize, stride: usize, lane: usize, half: usize, n: usize, work: usize): void {
  const pairs = n >> 1;
  let even = work, odd = work + ((n + 1) >> 1) * ROW;
  for (let j: usize = 0; j < pairs; j++, even += ROW, odd += ROW) {
    const left = a + j * stride, right = a + (n - 1 - j) * stride;
    for (let c: usize = 0; c < 4; c++) {
      const x = loadLanes(strided, left, lane, half, c), y = loadLanes(strided, right, lane, half, c);
      v128.store(even + 16 * c, add(x, y));
      v128.store(odd + 16 * c, sub(x, y));
    }
  }
  if (n & 1) for (let c: usize = 0; c < 4; c++) v128.store(even + 16 * c, loadLanes(strided, a + pairs * stride, lane, half, c));
}

function foldLines(a: usize, stride: usize, lane: usize, half: usize, n: usize, work: usize): void {
  if (lane == 8) foldAll(false, a, stride, 8, half, n, work);
  else foldAll(true, a, stride, lane, half, n, work);
}

/** Three rows at `x`, x + 2·row, x + 4·row, of which `count` exist. */
function threeRows(matrix: usize, line: usize, columns: usize, count: usize, x: usize, row: usize, lane: usize, half: usize): void {
  for (let c: usize = 0; c < 4; c += 2) {
    let p0 = splat(0), p1 = p0, q0 = p0, q1 = p0, r0 = p0, r1 = p0;
    let m = matrix;
    for (let y = line + 16 * c, end = y + columns * ROW; y < end; y += ROW, m += 24) {
      const y0 = v128.load(y), y1 = v128.load(y, 16), p = v128.load64_splat(m, 0), q = v128.load64_splat(m, 8), r = v128.load64_splat(m, 16);
      p0 = add(p0, mul(p, y0));
      p1 = add(p1, mul(p, y1));
      q0 = add(q0, mul(q, y0));
      q1 = add(q1, mul(q, y1));
      r0 = add(r0, mul(r, y0));
      r1 = add(r1, mul(r, y1));
    }
    storeLanes(x, lane, half, c, p0);
    storeLanes(x, lane, half, c + 1, p1);
    if (count > 1) {
      storeLanes(x + 2 * row, lane, half, c, q0);
      storeLanes(x + 2 * row, lane, half, c + 1, q1);
    }
    if (count > 2) {
      storeLanes(x + 4 * row, lane, half, c, r0);
      storeLanes(x + 4 * row, lane, half, c + 1, r1);
    }
  }
}

function rowsOfParity(matrix: usize, line: usize, columns: usize, x: usize, row: usize, lane: usize, half: usize): void {
  for (let k: usize = 0; k < columns; k += 3) {
    threeRows(matrix, line, columns, columns - k, x, row, lane, half);
    matrix += 24 * columns;
    x += 6 * row;
  }
}

/** As `sineFft`, for any n ≥ 1. `work`: n rows of eight lanes. */
export function sineProduct(plan: usize, n: usize, a: usize, stride: usize, fromLane: usize, fromHalf: usize, x: usize, row: usize, lane: usize, half: usize, work: usize): void {
  const evens = (n + 1) >> 1;
  foldLines(a, stride, fromLane, fromHalf, n, work);
  rowsOfParity(<usize>load<u32>(plan), work, evens, x, row, lane, half);
  rowsOfParity(<usize>load<u32>(plan, 4), work + evens * ROW, n >> 1, x + row, row, lane, half);
}
