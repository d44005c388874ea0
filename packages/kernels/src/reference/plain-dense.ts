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

function plainProduct(data: MatrixProductData): MatrixProductKernel["apply"] {
  const { rows, columns, inner, alpha = 1, beta = 0 } = data;
  const { a: [aRow, aColumn], b: [bRow, bColumn], c: [cRow] } = productStrides(data);
  const scaleRow = (c: Float64Array, start: number): void => {
    for (let j = start; j < start + columns; j++) c[j] = beta === 0 ? 0 : beta * c[j];
  };
  if (bColumn === 1) {
    return (a, b, c) => {
      for (let i = 0; i < rows; i++) {
        scaleRow(c, i * cRow);
        for (let k = 0; k < inner; k++) {
          const value = alpha * a[i * aRow + k * aColumn];
          for (let j = 0; j < columns; j++) c[i * cRow + j] += value * b[k * bRow + j];
        }
      }
    };
  }
  return (a, b, c) => {
    for (let i = 0; i < rows; i++) {
      scaleRow(c, i * cRow);
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += a[i * aRow + k * aColumn] * b[k * bRow + j * bColumn];
        c[i * cRow + j] += alpha * sum;
      }
    }
  };
}
