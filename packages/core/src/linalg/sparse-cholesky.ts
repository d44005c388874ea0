import { InvalidArgumentError } from "../errors.js";
import type { CsrArrays } from "./csr-matrix.js";
import type { SymbolicCholesky } from "./symbolic-cholesky.js";

/** P (A + σI) Pᵀ = L Lᵀ, ready to solve. */
export interface CholeskyFactor {
  readonly size: number;
  /** Doubles held: the panels (`symbolic.doubles`) and one work vector of `size`. */
  readonly storage: number;
  /** out ← (A + σI)⁻¹ rhs; `out` may be `rhs`. Cost: 2 nnz(L) multiply-adds, no allocation. */
  solve(rhs: Float64Array, out: Float64Array): void;
}

/** Panels of L as described by the symbolic factorisation, the diagonal of L replaced by its reciprocal. */
interface Panels {
  readonly symbolic: SymbolicCholesky;
  readonly values: Float64Array;
}

/**
 * Numeric Cholesky factorisation of A + σI: P (A + σI) Pᵀ = L Lᵀ. Only the triangle that `symbolic` assigns to the lower one is read.
 *
 * Left-looking by supernodes, all dense work on contiguous rows. `matrix` has the pattern that `symbolic` was made from.
 * Cost: Σⱼ nnz(Lⱼ)²/2 multiply-adds (2-D nested dissection ≈ 10 n³), `symbolic.doubles` + size doubles.
 * Errors: `InvalidArgumentError` naming the pivot if A + σI is not positive definite.
 */
export function choleskyFactor(symbolic: SymbolicCholesky, matrix: CsrArrays, shift = 0): CholeskyFactor {
  const panels: Panels = { symbolic, values: new Float64Array(symbolic.doubles) };
  assemble(panels, matrix, shift);
  factorise(panels);
  const work = new Float64Array(symbolic.size);
  return {
    size: symbolic.size,
    storage: symbolic.doubles + symbolic.size,
    solve(rhs, out) {
      const { order } = symbolic;
      for (let k = 0; k < order.length; k++) work[k] = rhs[order[k]];
      for (let s = 0; s < symbolic.supernodes; s++) solveForward(panels, s, work);
      for (let s = symbolic.supernodes - 1; s >= 0; s--) solveBackward(panels, s, work);
      for (let k = 0; k < order.length; k++) out[order[k]] = work[k];
    },
  };
}

function assemble({ symbolic, values }: Panels, matrix: CsrArrays, shift: number): void {
  const { entrySources, entryTargets, pivots } = symbolic;
  for (let e = 0; e < entrySources.length; e++) values[entryTargets[e]] += matrix.values[entrySources[e]];
  for (let k = 0; k < pivots.length; k++) values[pivots[k]] += shift;
}

/** The factorisation of one supernode in progress: where its panel rows are, and the earlier supernodes that still update it. */
interface Progress extends Panels {
  /** panelRow[row] = where that row of the current panel starts. */
  readonly panelRow: Int32Array;
  /** Linked lists: the finished supernodes whose next untreated row lies in supernode s. */
  readonly firstUpdate: Int32Array;
  readonly nextUpdate: Int32Array;
  /** Next untreated row of each finished supernode, an index into `rows`. */
  readonly cursor: Int32Array;
}

function factorise(panels: Panels): void {
  const { size, supernodes } = panels.symbolic;
  const progress: Progress = {
    ...panels,
    panelRow: new Int32Array(size),
    firstUpdate: new Int32Array(supernodes).fill(-1),
    nextUpdate: new Int32Array(supernodes).fill(-1),
    cursor: new Int32Array(supernodes),
  };
  for (let s = 0; s < supernodes; s++) factoriseSupernode(progress, s);
}

function factoriseSupernode(progress: Progress, s: number): void {
  const { symbolic, panelRow, firstUpdate, nextUpdate, cursor } = progress;
  const { firstColumn, rowPointers, rows, panelPointers } = symbolic;
  const width = firstColumn[s + 1] - firstColumn[s];
  const start = rowPointers[s];
  for (let p = start; p < rowPointers[s + 1]; p++) panelRow[rows[p]] = panelPointers[s] + (p - start) * width;
  for (let d = firstUpdate[s]; d >= 0; ) {
    const next = nextUpdate[d];
    const from = cursor[d];
    let to = from;
    while (to < rowPointers[d + 1] && rows[to] < firstColumn[s + 1]) to++;
    cursor[d] = to;
    subtractUpdate(progress, d, from, firstColumn[s]);
    enqueue(progress, d);
    d = next;
  }
  factoriseDiagonalBlock(progress, s);
  solvePanelRows(progress, s);
  cursor[s] = start + width;
  enqueue(progress, s);
}

/** Hands supernode d on to the supernode of its next untreated row. */
function enqueue({ symbolic, firstUpdate, nextUpdate, cursor }: Progress, d: number): void {
  const next = cursor[d];
  if (next === symbolic.rowPointers[d + 1]) return;
  const target = symbolic.supernodeOf[symbolic.rows[next]];
  nextUpdate[d] = firstUpdate[target];
  firstUpdate[target] = d;
}

/** Current panel −= (rows `from` … of d)(rows `from` … cursor of d)ᵀ, in 2 × 2 blocks; an odd last row or column is its own pair. */
function subtractUpdate(progress: Progress, d: number, from: number, firstColumn: number): void {
  const { symbolic, values, panelRow, cursor } = progress;
  const { rows, rowPointers, panelPointers } = symbolic;
  const width = symbolic.firstColumn[d + 1] - symbolic.firstColumn[d];
  const origin = panelPointers[d] - rowPointers[d] * width;
  const lastColumn = cursor[d] - 1;
  const lastRow = rowPointers[d + 1] - 1;
  for (let k = from; k <= lastColumn; k += 2) {
    const k1 = Math.min(k + 1, lastColumn);
    const right = origin + k * width;
    const right1 = origin + k1 * width;
    for (let i = k; i <= lastRow; i += 2) {
      const i1 = Math.min(i + 1, lastRow);
      const left = origin + i * width;
      const left1 = origin + i1 * width;
      const row = panelRow[rows[i]] - firstColumn;
      const row1 = panelRow[rows[i1]] - firstColumn;
      let s00 = values[row + rows[k]];
      let s01 = values[row + rows[k1]];
      let s10 = values[row1 + rows[k]];
      let s11 = values[row1 + rows[k1]];
      for (let t = 0; t < width; t++) {
        const a = values[left + t];
        const a1 = values[left1 + t];
        const b = values[right + t];
        const b1 = values[right1 + t];
        s00 -= a * b;
        s01 -= a * b1;
        s10 -= a1 * b;
        s11 -= a1 * b1;
      }
      values[row + rows[k]] = s00;
      values[row + rows[k1]] = s01;
      values[row1 + rows[k]] = s10;
      values[row1 + rows[k1]] = s11;
    }
  }
}

function factoriseDiagonalBlock({ symbolic, values }: Panels, s: number): void {
  const panel = symbolic.panelPointers[s];
  const width = symbolic.firstColumn[s + 1] - symbolic.firstColumn[s];
  for (let i = 0; i < width; i++) {
    const row = panel + i * width;
    let pivot = values[row + i];
    for (let j = 0; j < i; j++) {
      const other = panel + j * width;
      let sum = values[row + j];
      for (let t = 0; t < j; t++) sum -= values[row + t] * values[other + t];
      sum *= values[other + j];
      values[row + j] = sum;
      pivot -= sum * sum;
    }
    if (!(pivot > 0)) rejectPivot(symbolic, symbolic.firstColumn[s] + i, pivot);
    values[row + i] = 1 / Math.sqrt(pivot);
  }
}

/** Rows below the diagonal block, four at a time; a short last group treats its last row more than once, with the same result. */
function solvePanelRows({ symbolic, values }: Panels, s: number): void {
  const panel = symbolic.panelPointers[s];
  const width = symbolic.firstColumn[s + 1] - symbolic.firstColumn[s];
  const last = symbolic.panelPointers[s + 1] - width;
  for (let row = panel + width * width; row <= last; row += 4 * width) {
    const row1 = Math.min(row + width, last);
    const row2 = Math.min(row + 2 * width, last);
    const row3 = Math.min(row + 3 * width, last);
    for (let j = 0; j < width; j++) {
      const other = panel + j * width;
      let s0 = values[row + j];
      let s1 = values[row1 + j];
      let s2 = values[row2 + j];
      let s3 = values[row3 + j];
      for (let t = 0; t < j; t++) {
        const factor = values[other + t];
        s0 -= values[row + t] * factor;
        s1 -= values[row1 + t] * factor;
        s2 -= values[row2 + t] * factor;
        s3 -= values[row3 + t] * factor;
      }
      const reciprocal = values[other + j];
      values[row + j] = s0 * reciprocal;
      values[row1 + j] = s1 * reciprocal;
      values[row2 + j] = s2 * reciprocal;
      values[row3 + j] = s3 * reciprocal;
    }
  }
}

function rejectPivot(symbolic: SymbolicCholesky, k: number, value: number): never {
  throw new InvalidArgumentError({
    what: `the matrix is not positive definite at pivot ${k} (unknown ${symbolic.order[k]})`,
    where: "choleskyFactor",
    expected: "a positive pivot",
    got: String(value),
    hint: "Check that the matrix is symmetric and the shift is not negative.",
  });
}

/** L y = b for the columns of supernode s, then b −= L y below them. */
function solveForward({ symbolic, values }: Panels, s: number, work: Float64Array): void {
  const { rows, rowPointers, panelPointers, firstColumn } = symbolic;
  const first = firstColumn[s];
  const width = firstColumn[s + 1] - first;
  let row = panelPointers[s];
  for (let i = 0; i < width; i++, row += width) {
    let sum = work[first + i];
    for (let j = 0; j < i; j++) sum -= values[row + j] * work[first + j];
    work[first + i] = sum * values[row + i];
  }
  const past = rowPointers[s + 1];
  let p = rowPointers[s] + width;
  for (; p + 3 < past; p += 4, row += 4 * width) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < width; j++) {
      const y = work[first + j];
      s0 += values[row + j] * y;
      s1 += values[row + width + j] * y;
      s2 += values[row + 2 * width + j] * y;
      s3 += values[row + 3 * width + j] * y;
    }
    work[rows[p]] -= s0;
    work[rows[p + 1]] -= s1;
    work[rows[p + 2]] -= s2;
    work[rows[p + 3]] -= s3;
  }
  for (; p < past; p++, row += width) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += values[row + j] * work[first + j];
    work[rows[p]] -= sum;
  }
}

/** y −= Lᵀ x from the rows below supernode s, then Lᵀ x = y for its columns. */
function solveBackward({ symbolic, values }: Panels, s: number, work: Float64Array): void {
  const { rows, rowPointers, panelPointers, firstColumn } = symbolic;
  const first = firstColumn[s];
  const width = firstColumn[s + 1] - first;
  const past = rowPointers[s + 1];
  let p = rowPointers[s] + width;
  let row = panelPointers[s] + width * width;
  for (; p + 3 < past; p += 4, row += 4 * width) {
    const x0 = work[rows[p]];
    const x1 = work[rows[p + 1]];
    const x2 = work[rows[p + 2]];
    const x3 = work[rows[p + 3]];
    for (let j = 0; j < width; j++) {
      work[first + j] -= values[row + j] * x0 + values[row + width + j] * x1 + values[row + 2 * width + j] * x2 + values[row + 3 * width + j] * x3;
    }
  }
  for (; p < past; p++, row += width) {
    const x = work[rows[p]];
    for (let j = 0; j < width; j++) work[first + j] -= values[row + j] * x;
  }
  for (let i = width - 1; i >= 0; i--) {
    const diagonalRow = panelPointers[s] + i * width;
    const x = work[first + i] * values[diagonalRow + i];
    work[first + i] = x;
    for (let j = 0; j < i; j++) work[first + j] -= values[diagonalRow + j] * x;
  }
}
