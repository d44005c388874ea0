import { mul } from "./lanes";
import { solveTransposedTriangle, solveTriangle, subtractRow, subtractRows, subtractTransposedRow, subtractTransposedRows, subtractTwoRows, subtractTwoTransposedRows } from "./panel-rows";

// Triangular solves with one supernode in double precision on a block of lanes: `vectors` = 1, 2 or 4 vectors a row of right-hand sides, a constant.
// w columns, whose unknowns lie at `own`, and h panel rows; the unknown of row p below is at work + rows[p]·row.

// @ts-ignore: decorator
@inline
function rowAt(work: usize, rows: usize, p: usize, row: usize): usize {
  return work + <usize>load<u32>(rows + 4 * p) * row;
}

/** targets −= L y for the four panel rows from l on. */
// @ts-ignore: decorator
@inline
function subtractFour(vectors: i32, row: usize, l: usize, stride: usize, y: usize, columns: usize, ta: usize, tb: usize, tc: usize, td: usize): void {
  if (vectors == 4) {
    subtractTwoRows(l, l + stride, y, columns, ta, tb);
    subtractTwoRows(l + 2 * stride, l + 3 * stride, y, columns, tc, td);
  } else {
    subtractRows(vectors, row, l, l + stride, l + 2 * stride, l + 3 * stride, y, columns, ta, tb, tc, td);
  }
}

/** y −= Lᵀ x for the four panel rows from l on. */
// @ts-ignore: decorator
@inline
function subtractFourTransposed(vectors: i32, row: usize, l: usize, stride: usize, y: usize, columns: usize, xa: usize, xb: usize, xc: usize, xd: usize): void {
  if (vectors == 4) {
    subtractTwoTransposedRows(l, l + stride, y, columns, xa, xb);
    subtractTwoTransposedRows(l + 2 * stride, l + 3 * stride, y, columns, xc, xd);
  } else {
    subtractTransposedRows(vectors, row, l, l + stride, l + 2 * stride, l + 3 * stride, y, columns, xa, xb, xc, xd);
  }
}

/** y ← factor · y for one row. */
// @ts-ignore: decorator
@inline
function scaleRow(row: usize, factor: usize, y: usize): void {
  const r = v128.load64_splat(factor);
  for (let v: usize = 0; v < row; v += 16) v128.store(y + v, mul(v128.load(y + v), r));
}

/** y ← L⁻¹ y for the columns of the supernode, then y −= L y below them. */
// @ts-ignore: decorator
@inline
export function forwardLanes(vectors: i32, w: usize, h: usize, panel: usize, own: usize, work: usize, rows: usize): void {
  const row = <usize>vectors * 16, stride = w * 8;
  let i: usize = 0, l = panel;
  for (; i + 4 <= w; i += 4, l += 4 * stride) {
    const y = own + i * row;
    if (i > 0) subtractFour(vectors, row, l, stride, own, i, y, y + row, y + 2 * row, y + 3 * row);
    for (let v: usize = 0; v < row; v += 16) solveTriangle(row, l + i * 8, stride, y + v);
  }
  for (; i < w; i++, l += stride) {
    const y = own + i * row;
    subtractRow(vectors, row, l, own, i, y);
    scaleRow(row, l + i * 8, y);
  }
  for (; i + 4 <= h; i += 4, l += 4 * stride) {
    const a = rowAt(work, rows, i, row), b = rowAt(work, rows, i + 1, row), c = rowAt(work, rows, i + 2, row), d = rowAt(work, rows, i + 3, row);
    subtractFour(vectors, row, l, stride, own, w, a, b, c, d);
  }
  for (; i < h; i++, l += stride) subtractRow(vectors, row, l, own, w, rowAt(work, rows, i, row));
}

/** y −= Lᵀ x from the rows below, then y ← L⁻ᵀ y for the columns of the supernode. */
// @ts-ignore: decorator
@inline
export function backwardLanes(vectors: i32, w: usize, h: usize, panel: usize, own: usize, work: usize, rows: usize): void {
  const row = <usize>vectors * 16, stride = w * 8;
  let i = w, l = panel + w * stride;
  for (; i + 4 <= h; i += 4, l += 4 * stride) {
    const a = rowAt(work, rows, i, row), b = rowAt(work, rows, i + 1, row), c = rowAt(work, rows, i + 2, row), d = rowAt(work, rows, i + 3, row);
    subtractFourTransposed(vectors, row, l, stride, own, w, a, b, c, d);
  }
  for (; i < h; i++, l += stride) subtractTransposedRow(vectors, row, l, own, w, rowAt(work, rows, i, row));
  i = w;
  l = panel + w * stride;
  while (i & 3) {
    i--;
    l -= stride;
    const y = own + i * row;
    scaleRow(row, l + i * 8, y);
    subtractTransposedRow(vectors, row, l, own, i, y);
  }
  while (i > 0) {
    i -= 4;
    l -= 4 * stride;
    const y = own + i * row;
    for (let v: usize = 0; v < row; v += 16) solveTransposedTriangle(row, l + i * 8, stride, y + v);
    if (i > 0) subtractFourTransposed(vectors, row, l, stride, own, i, y, y + row, y + 2 * row, y + 3 * row);
  }
}
