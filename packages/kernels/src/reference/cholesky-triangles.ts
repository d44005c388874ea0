import type { CholeskyPattern } from "../cholesky-data.js";

/** Panels of L, the diagonal of L replaced by its reciprocal. */
export interface CholeskyPanels {
  readonly pattern: CholeskyPattern;
  readonly values: Float64Array | Float32Array;
}

/** L y = b for the columns of supernode s, then b −= L y below them. */
export function solveForward({ pattern, values }: CholeskyPanels, s: number, work: Float64Array | Float32Array): void {
  const { rows, rowPointers, panelPointers, firstColumn } = pattern;
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
export function solveBackward({ pattern, values }: CholeskyPanels, s: number, work: Float64Array | Float32Array): void {
  const { rows, rowPointers, panelPointers, firstColumn } = pattern;
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
