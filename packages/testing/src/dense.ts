import { EigenvalueDecomposition, Matrix, CholeskyDecomposition } from "ml-matrix";

/** Column j of the matrix is the image of unit vector j. */
export function denseMatrix(rows: number, cols: number, apply: (x: Float64Array, out: Float64Array) => void): Matrix {
  const matrix = new Matrix(rows, cols);
  const unit = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    const column = new Float64Array(rows);
    unit.fill(0);
    unit[j] = 1;
    apply(unit, column);
    for (let i = 0; i < rows; i++) matrix.set(i, j, column[i]);
  }
  return matrix;
}

/** Ascending eigenvalues of M⁻¹A for symmetric positive definite A and a symmetric M⁻¹: those of Gᵀ M⁻¹ G with A = G Gᵀ. */
export function preconditionedSpectrum(inverse: Matrix, operator: Matrix): number[] {
  const factor = new CholeskyDecomposition(symmetricPart(operator)).lowerTriangularMatrix;
  return symmetricEigenvalues(factor.transpose().mmul(inverse).mmul(factor));
}

/** Ascending eigenvalues of a matrix that is symmetric up to rounding. */
export function symmetricEigenvalues(matrix: Matrix): number[] {
  return new EigenvalueDecomposition(symmetricPart(matrix), { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
}

function symmetricPart(matrix: Matrix): Matrix {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5);
}
