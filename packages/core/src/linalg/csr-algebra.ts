import { requireArgument } from "../errors.js";
import { csrMatrix, transposedArrays, type CsrArrays, type CsrMatrix } from "./csr-matrix.js";

/** Aᵀ as a sparse matrix. Cost: O(entries). */
export function csrTranspose(a: CsrArrays): CsrMatrix {
  return csrMatrix(transposedArrays(a));
}

/**
 * A B as a sparse matrix, columns ascending; entries that cancel stay stored, so the pattern depends on the patterns alone.
 *
 * Cost: one multiply-add per pair of entries that meet (Gustavson's row merge), plus sorting each row.
 * Errors: `InvalidArgumentError` if the inner dimensions differ.
 */
export function csrProduct(a: CsrArrays, b: CsrArrays): CsrMatrix {
  requireArgument(a.cols === b.rows, () => ({
    what: "inner dimensions",
    where: "csrProduct",
    expected: `a second factor with ${a.cols} rows`,
    got: String(b.rows),
  }));
  const pattern = productPattern(a, b);
  const values = new Float64Array(pattern.columns.length);
  const sums = new Float64Array(b.cols);
  for (let i = 0; i < a.rows; i++) {
    const start = pattern.rowPointers[i];
    const end = pattern.rowPointers[i + 1];
    addRow(a, b, i, sums);
    for (let k = start; k < end; k++) {
      const column = pattern.columns[k];
      values[k] = sums[column];
      sums[column] = 0;
    }
  }
  return csrMatrix({ rows: a.rows, cols: b.cols, ...pattern, values });
}

/** The Kronecker product A ⊗ B: entry (i p + k, j q + l) = aᵢⱼ bₖₗ for a p × q matrix B; the index of B runs fastest. */
export function csrKronecker(a: CsrArrays, b: CsrArrays): CsrMatrix {
  const rows = a.rows * b.rows;
  const entries = a.values.length * b.values.length;
  const rowPointers = new Int32Array(rows + 1);
  const columns = new Int32Array(entries);
  const values = new Float64Array(entries);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const i = Math.floor(row / b.rows);
    const k = row % b.rows;
    for (let p = a.rowPointers[i]; p < a.rowPointers[i + 1]; p++) {
      for (let q = b.rowPointers[k]; q < b.rowPointers[k + 1]; q++) {
        columns[end] = a.columns[p] * b.cols + b.columns[q];
        values[end++] = a.values[p] * b.values[q];
      }
    }
    rowPointers[row + 1] = end;
  }
  return csrMatrix({ rows, cols: a.cols * b.cols, rowPointers, columns, values });
}

/** The n × n unit matrix. */
export function csrIdentity(size: number): CsrMatrix {
  const rowPointers = Int32Array.from({ length: size + 1 }, (_, i) => i);
  return csrMatrix({ rows: size, cols: size, rowPointers, columns: rowPointers.slice(0, size), values: new Float64Array(size).fill(1) });
}

/** sums ← sums + (row i of A) B */
function addRow(a: CsrArrays, b: CsrArrays, i: number, sums: Float64Array): void {
  for (let p = a.rowPointers[i]; p < a.rowPointers[i + 1]; p++) {
    const factor = a.values[p];
    const j = a.columns[p];
    for (let q = b.rowPointers[j]; q < b.rowPointers[j + 1]; q++) sums[b.columns[q]] += factor * b.values[q];
  }
}

function productPattern(a: CsrArrays, b: CsrArrays): { rowPointers: Int32Array; columns: Int32Array } {
  const rowPointers = new Int32Array(a.rows + 1);
  const seenInRow = new Int32Array(b.cols).fill(-1);
  let columns = new Int32Array(4 * a.columns.length + 16);
  let end = 0;
  for (let i = 0; i < a.rows; i++) {
    if (end + b.cols > columns.length) columns = grown(columns, end + b.cols);
    const start = end;
    for (let p = a.rowPointers[i]; p < a.rowPointers[i + 1]; p++) {
      const j = a.columns[p];
      for (let q = b.rowPointers[j]; q < b.rowPointers[j + 1]; q++) {
        const column = b.columns[q];
        if (seenInRow[column] === i) continue;
        seenInRow[column] = i;
        columns[end++] = column;
      }
    }
    columns.subarray(start, end).sort();
    rowPointers[i + 1] = end;
  }
  return { rowPointers, columns: columns.slice(0, end) };
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(length, 2 * array.length));
  longer.set(array);
  return longer;
}
