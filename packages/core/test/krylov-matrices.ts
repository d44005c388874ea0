import { euclideanSpace, type KrylovSystem, type LinearOperator, type Preconditioner } from "@parakkt/core";
import type { SeededRandom } from "@parakkt/testing";
import { inverse, Matrix, QrDecomposition } from "ml-matrix";

/** A dense matrix as an operator; `symmetric` unless told otherwise. */
export function denseOperator(matrix: Matrix, symmetric = true): LinearOperator {
  const transpose = matrix.transpose();
  return {
    rows: matrix.rows,
    cols: matrix.columns,
    symmetric,
    apply: (x, out) => multiply(matrix, x, out),
    applyTranspose: (x, out) => multiply(transpose, x, out),
  };
}

/** M⁻¹ given as a dense matrix. */
export function densePreconditioner(inverseOfM: Matrix, properties: Partial<Preconditioner> = {}): Preconditioner {
  const apply = (residual: Float64Array, correction: Float64Array): void => multiply(inverseOfM, residual, correction);
  return { size: inverseOfM.rows, stationary: true, symmetric: true, apply, ...properties };
}

export function denseSystem(matrix: Matrix, more: Partial<KrylovSystem> & { symmetric?: boolean } = {}): KrylovSystem {
  const { symmetric, ...rest } = more;
  return { operator: denseOperator(matrix, symmetric), space: euclideanSpace(matrix.rows), ...rest };
}

export function randomMatrix(rows: number, columns: number, random: SeededRandom): Matrix {
  return Matrix.from1DArray(rows, columns, random.normalVector(rows * columns));
}

export function randomOrthogonal(n: number, random: SeededRandom): Matrix {
  return new QrDecomposition(randomMatrix(n, n, random)).orthogonalMatrix;
}

/** Q diag(eigenvalues) Qᵀ with a random orthogonal Q, symmetric to the last bit. */
export function symmetricMatrix(eigenvalues: readonly number[], random: SeededRandom): Matrix {
  const q = randomOrthogonal(eigenvalues.length, random);
  const product = q.mmul(Matrix.diag([...eigenvalues])).mmul(q.transpose());
  return product.add(product.transpose()).mul(0.5);
}

/** n numbers from 1 to `condition`, equally spaced in their logarithm. */
export function geometricSpectrum(n: number, condition: number): number[] {
  return Array.from({ length: n }, (_, k) => condition ** (k / (n - 1)));
}

/** [[A, Bᵀ], [B, 0]] */
export function saddlePointMatrix(a: Matrix, b: Matrix): Matrix {
  const matrix = Matrix.zeros(a.rows + b.rows, a.rows + b.rows);
  matrix.setSubMatrix(a, 0, 0);
  matrix.setSubMatrix(b, a.rows, 0);
  matrix.setSubMatrix(b.transpose(), 0, a.rows);
  return matrix;
}

/** blkdiag(A, B A⁻¹ Bᵀ)⁻¹, symmetric to the last bit */
export function schurBlockDiagonalInverse(a: Matrix, b: Matrix): Matrix {
  const inverseA = inverse(a);
  const matrix = Matrix.zeros(a.rows + b.rows, a.rows + b.rows);
  matrix.setSubMatrix(inverseA, 0, 0);
  matrix.setSubMatrix(inverse(b.mmul(inverseA).mmul(b.transpose())), a.rows, a.rows);
  return matrix.add(matrix.transpose()).mul(0.5);
}

/** min ‖b − W y‖₂ over y, W given by its columns, which are orthonormalised twice as they come. */
export function leastResidual(b: Float64Array, columns: readonly Float64Array[]): number {
  const residual = Float64Array.from(b);
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const v = Float64Array.from(column);
    for (let pass = 0; pass < 2; pass++) for (const u of basis) removeComponent(v, u);
    const length = euclideanNorm(v);
    basis.push(v.map((entry) => entry / length));
    for (let pass = 0; pass < 2; pass++) for (const u of basis) removeComponent(residual, u);
  }
  return euclideanNorm(residual);
}

function removeComponent(v: Float64Array, u: Float64Array): void {
  const a = dot(u, v);
  for (let i = 0; i < v.length; i++) v[i] -= a * u[i];
}

/** Orthonormal columns v₀ … vₖ₋₁ that span {r, Ar, …, Aᵏ⁻¹r}. */
export function krylovBasis(matrix: Matrix, start: Float64Array, k: number): Float64Array[] {
  const basis = [start.map((entry) => entry / euclideanNorm(start))];
  while (basis.length < k) {
    const v = times(matrix, basis[basis.length - 1]);
    for (let pass = 0; pass < 2; pass++) for (const u of basis) removeComponent(v, u);
    basis.push(v.map((entry) => entry / euclideanNorm(v)));
  }
  return basis;
}

export function times(matrix: Matrix, x: Float64Array): Float64Array {
  const out = new Float64Array(matrix.rows);
  multiply(matrix, x, out);
  return out;
}

export function residualNorm(matrix: Matrix, b: Float64Array, x: Float64Array): number {
  const image = times(matrix, x);
  return euclideanNorm(b.map((entry, i) => entry - image[i]));
}

export function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, entry, i) => sum + entry * y[i], 0);
}

export function euclideanNorm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

function multiply(matrix: Matrix, x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < matrix.rows; i++) {
    let sum = 0;
    for (let j = 0; j < matrix.columns; j++) sum += matrix.get(i, j) * x[j];
    out[i] = sum;
  }
}
