import { productStrides, type DenseKernels, type MatrixProductData, type MatrixProductKernel } from "../dense-kernels.js";

/** Plain loops over typed arrays, innermost over what is adjacent. */
export function plainDense(): DenseKernels {
  return {
    matrixProduct(data) {
      const apply = plainProduct(data);
      return {
        apply,
        applyMany(a, b, c) {
          for (let k = 0; k < c.length; k++) apply(a[k], b[k], c[k]);
        },
      };
    },
    tanh(x) {
      for (let j = 0; j < x.length; j++) x[j] = Math.tanh(x[j]);
    },
  };
}

/** Four products at once, so that a sum need not wait for the last one or an entry of C is read once for four terms; in the order of k. */
function plainProduct(data: MatrixProductData): MatrixProductKernel["apply"] {
  return productStrides(data).b[1] === 1 ? rowByRow(data) : entryByEntry(data);
}

/** Rows of B are adjacent: a row of C is a combination of them. */
function rowByRow(data: MatrixProductData): MatrixProductKernel["apply"] {
  const { rows, columns, inner, alpha = 1 } = data;
  const { a: [aRow, aColumn], b: [bRow], c: [cRow] } = productStrides(data);
  const fours = inner - (inner % 4);
  return (a, b, c) => {
    for (let i = 0; i < rows; i++) {
      const row = i * cRow;
      scaleRow(data, c, row);
      let [p, q] = [i * aRow, 0];
      for (let k = 0; k < fours; k += 4, p += 4 * aColumn, q += 4 * bRow) {
        const [a0, a1, a2, a3] = [alpha * a[p], alpha * a[p + aColumn], alpha * a[p + 2 * aColumn], alpha * a[p + 3 * aColumn]];
        const [q1, q2, q3] = [q + bRow, q + 2 * bRow, q + 3 * bRow];
        for (let j = 0; j < columns; j++) c[row + j] = c[row + j] + a0 * b[q + j] + a1 * b[q1 + j] + a2 * b[q2 + j] + a3 * b[q3 + j];
      }
      for (let k = fours; k < inner; k++, p += aColumn, q += bRow) {
        const a0 = alpha * a[p];
        for (let j = 0; j < columns; j++) c[row + j] += a0 * b[q + j];
      }
    }
  };
}

/** Columns of B are apart: an entry of C is a sum. */
function entryByEntry(data: MatrixProductData): MatrixProductKernel["apply"] {
  const { rows, columns, inner, alpha = 1 } = data;
  const { a: [aRow, aColumn], b: [bRow, bColumn], c: [cRow] } = productStrides(data);
  const fours = columns - (columns % 4);
  return (a, b, c) => {
    for (let i = 0; i < rows; i++) {
      const row = i * cRow;
      scaleRow(data, c, row);
      for (let j = 0; j < fours; j += 4) {
        let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
        for (let k = 0, p = i * aRow, q = j * bColumn; k < inner; k++, p += aColumn, q += bRow) {
          sum0 += a[p] * b[q];
          sum1 += a[p] * b[q + bColumn];
          sum2 += a[p] * b[q + 2 * bColumn];
          sum3 += a[p] * b[q + 3 * bColumn];
        }
        c[row + j] += alpha * sum0;
        c[row + j + 1] += alpha * sum1;
        c[row + j + 2] += alpha * sum2;
        c[row + j + 3] += alpha * sum3;
      }
      for (let j = fours; j < columns; j++) {
        let sum = 0;
        for (let k = 0, p = i * aRow, q = j * bColumn; k < inner; k++, p += aColumn, q += bRow) sum += a[p] * b[q];
        c[row + j] += alpha * sum;
      }
    }
  };
}

function scaleRow({ columns, beta = 0 }: MatrixProductData, c: Float64Array, start: number): void {
  for (let j = start; j < start + columns; j++) c[j] = beta === 0 ? 0 : beta * c[j];
}
