import { requireArgument } from "../errors.js";
import type { LinearOperator } from "./linear-operator.js";

/** The arrays of a sparse matrix by rows: row i holds the entries rowPointers[i] … rowPointers[i+1] − 1, columns ascending. */
export interface CsrArrays {
  readonly rows: number;
  readonly cols: number;
  readonly rowPointers: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** A sparse matrix by rows (compressed sparse rows). One `apply`: one multiply-add per entry, no allocation. */
export interface CsrMatrix extends LinearOperator, CsrArrays {}

/** The entries (rowIndices[k], columnIndices[k], values[k]) of a matrix, in any order; equal positions are summed. */
export interface Triplets {
  readonly rows: number;
  readonly cols: number;
  readonly rowIndices: ArrayLike<number>;
  readonly columnIndices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/**
 * The sparse matrix with the given entries.
 *
 * Cost: O(entries + rows + cols). Errors: `InvalidArgumentError` for an index outside the matrix or lists of unequal length.
 */
export function csrFromTriplets(triplets: Triplets): CsrMatrix {
  requireInside(triplets);
  const { rows, cols, rowIndices, columnIndices, values } = triplets;
  const byColumn = bucketOrder(columnIndices, cols, undefined);
  const byRow = bucketOrder(rowIndices, rows, byColumn);
  const rowPointers = new Int32Array(rows + 1);
  const columns = new Int32Array(values.length);
  const sums = new Float64Array(values.length);
  let end = 0;
  let row = 0;
  for (const k of byRow) {
    while (row < rowIndices[k]) rowPointers[++row] = end;
    const column = columnIndices[k];
    if (end > rowPointers[row] && columns[end - 1] === column) sums[end - 1] += values[k];
    else {
      columns[end] = column;
      sums[end++] = values[k];
    }
  }
  while (row < rows) rowPointers[++row] = end;
  return csrMatrix({ rows, cols, rowPointers, columns: columns.slice(0, end), values: sums.slice(0, end) });
}

/** The operator of the given arrays, which are kept, not copied. `symmetric`, where the caller does not know it, is found by comparison with the transpose. */
export function csrMatrix(arrays: CsrArrays, symmetric: boolean = isSymmetric(arrays)): CsrMatrix {
  return {
    ...arrays,
    symmetric,
    apply: (x, out) => multiply(arrays, x, out),
    applyTranspose: symmetric ? (x, out) => multiply(arrays, x, out) : (x, out) => multiplyTransposed(arrays, x, out),
  };
}

/** The arrays of Aᵀ, columns ascending whatever the order in A. Cost: O(entries). */
export function transposedArrays(matrix: CsrArrays): CsrArrays {
  const { rows, cols, rowPointers, columns, values } = matrix;
  const pointers = bucketPointers(columns, cols);
  const cursor = pointers.slice();
  const transposedColumns = new Int32Array(values.length);
  const transposedValues = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let k = rowPointers[i]; k < rowPointers[i + 1]; k++) {
      const target = cursor[columns[k]]++;
      transposedColumns[target] = i;
      transposedValues[target] = values[k];
    }
  }
  return { rows: cols, cols: rows, rowPointers: pointers, columns: transposedColumns, values: transposedValues };
}

function multiply(matrix: CsrArrays, x: Float64Array, out: Float64Array): void {
  const { rows, rowPointers, columns, values } = matrix;
  let k = 0;
  for (let i = 0; i < rows; i++) {
    const end = rowPointers[i + 1];
    let sum = 0;
    for (; k < end; k++) sum += values[k] * x[columns[k]];
    out[i] = sum;
  }
}

function multiplyTransposed(matrix: CsrArrays, x: Float64Array, out: Float64Array): void {
  const { rows, rowPointers, columns, values } = matrix;
  out.fill(0);
  let k = 0;
  for (let i = 0; i < rows; i++) {
    const end = rowPointers[i + 1];
    const xi = x[i];
    for (; k < end; k++) out[columns[k]] += values[k] * xi;
  }
}

function isSymmetric(matrix: CsrArrays): boolean {
  if (matrix.rows !== matrix.cols) return false;
  const transposed = transposedArrays(matrix);
  return (
    sameEntries(matrix.rowPointers, transposed.rowPointers) &&
    sameEntries(matrix.columns, transposed.columns) &&
    sameEntries(matrix.values, transposed.values)
  );
}

function sameEntries(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** pointers[b] … pointers[b+1] − 1 is the room that the entries with key b need. */
function bucketPointers(keys: ArrayLike<number>, buckets: number): Int32Array {
  const pointers = new Int32Array(buckets + 1);
  for (let k = 0; k < keys.length; k++) pointers[keys[k] + 1]++;
  for (let b = 0; b < buckets; b++) pointers[b + 1] += pointers[b];
  return pointers;
}

/** Positions sorted by key, equal keys in the order of `previous` (or of the list). */
function bucketOrder(keys: ArrayLike<number>, buckets: number, previous: Int32Array | undefined): Int32Array {
  const cursor = bucketPointers(keys, buckets);
  const order = new Int32Array(keys.length);
  for (let p = 0; p < keys.length; p++) {
    const k = previous === undefined ? p : previous[p];
    order[cursor[keys[k]]++] = k;
  }
  return order;
}

function requireInside({ rows, cols, rowIndices, columnIndices, values }: Triplets): void {
  requireArgument(rowIndices.length === values.length && columnIndices.length === values.length, () => ({
    what: "lengths of the triplet lists",
    where: "csrFromTriplets",
    expected: "three lists of the same length",
    got: `${rowIndices.length} rows, ${columnIndices.length} columns, ${values.length} values`,
  }));
  let k = 0;
  while (k < values.length && isIndex(rowIndices[k], rows) && isIndex(columnIndices[k], cols)) k++;
  requireArgument(k === values.length, () => ({
    what: `position of triplet ${k}`,
    where: "csrFromTriplets",
    expected: `whole numbers from 0 inside ${rows} × ${cols}`,
    got: `(${rowIndices[k]}, ${columnIndices[k]})`,
  }));
}

function isIndex(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}
