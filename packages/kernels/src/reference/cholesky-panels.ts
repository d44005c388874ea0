import type { CholeskyData, CholeskyPattern } from "../cholesky-data.js";
import { NotPositiveDefiniteError } from "../not-positive-definite-error.js";

/** Panels of L, the diagonal of L replaced by its reciprocal; the upper triangles of the diagonal blocks are undefined. */
interface Panels {
  readonly pattern: CholeskyPattern;
  readonly values: Float64Array;
}

/** values ← A + σI */
export function assemblePanels({ pattern, values: matrix }: CholeskyData, shift: number, values: Float64Array): void {
  const { entrySources, entryTargets, pivots } = pattern;
  values.fill(0);
  for (let e = 0; e < entrySources.length; e++) values[entryTargets[e]] += matrix[entrySources[e]];
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

/**
 * A + σI in `values` ← L, left-looking by supernodes, all dense work on contiguous rows. Cost: Σⱼ nnz(Lⱼ)²/2 multiply-adds.
 * Errors: `NotPositiveDefiniteError`.
 */
export function factorisePanels(panels: Panels): void {
  const { size, supernodes } = panels.pattern;
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
  const { pattern, panelRow, firstUpdate, nextUpdate, cursor } = progress;
  const { firstColumn, rowPointers, rows, panelPointers } = pattern;
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
function enqueue({ pattern, firstUpdate, nextUpdate, cursor }: Progress, d: number): void {
  const next = cursor[d];
  if (next === pattern.rowPointers[d + 1]) return;
  const target = pattern.supernodeOf[pattern.rows[next]];
  nextUpdate[d] = firstUpdate[target];
  firstUpdate[target] = d;
}

/** Current panel −= (rows `from` … of d)(rows `from` … cursor of d)ᵀ, in 2 × 2 blocks; an odd last row or column is its own pair. */
function subtractUpdate(progress: Progress, d: number, from: number, firstColumn: number): void {
  const { pattern, values, panelRow, cursor } = progress;
  const { rows, rowPointers, panelPointers } = pattern;
  const width = pattern.firstColumn[d + 1] - pattern.firstColumn[d];
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

function factoriseDiagonalBlock({ pattern, values }: Panels, s: number): void {
  const panel = pattern.panelPointers[s];
  const width = pattern.firstColumn[s + 1] - pattern.firstColumn[s];
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
    if (!(pivot > 0)) throw new NotPositiveDefiniteError(pattern.firstColumn[s] + i, pivot);
    values[row + i] = 1 / Math.sqrt(pivot);
  }
}

/** Rows below the diagonal block, four at a time; a short last group treats its last row more than once, with the same result. */
function solvePanelRows({ pattern, values }: Panels, s: number): void {
  const panel = pattern.panelPointers[s];
  const width = pattern.firstColumn[s + 1] - pattern.firstColumn[s];
  const last = pattern.panelPointers[s + 1] - width;
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
