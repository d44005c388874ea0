import type { Kernels, LaneOperator } from "@parakkt/kernels";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { SpatialSolver } from "./spatial-solver.js";

/** L = diag(µ): a constant-coefficient operator in the basis of its eigenvectors. µ in 1/time. */
export function diagonalOperator(eigenvalues: Float64Array): LinearOperator & { readonly smallestEigenvalue: number; lanes(kernels: Kernels): LaneOperator } {
  const size = eigenvalues.length;
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < size; j++) out[j] = eigenvalues[j] * x[j];
  };
  const lanes = (kernels: Kernels): LaneOperator => ({
    ...kernels.diagonal(eigenvalues),
    conjugateGradients: (rows) => kernels.modalConjugateGradients({ eigenvalues, rows }),
  });
  const smallestEigenvalue = eigenvalues.reduce((least, value) => Math.min(least, value), Infinity);
  return { rows: size, cols: size, symmetric: true, smallestEigenvalue, apply, applyTranspose: apply, lanes };
}

/** Solves with diag(µ) + σI by n divisions. */
export function diagonalSolver(eigenvalues: Float64Array): SpatialSolver {
  return {
    name: "diagonal",
    factors: false,
    exact: true,
    storage: eigenvalues.length,
    lanes: (kernels) => kernels.diagonal(eigenvalues),
    shifted: (shift) => ({
      solve(rhs, out) {
        for (let j = 0; j < eigenvalues.length; j++) out[j] = rhs[j] / (eigenvalues[j] + shift);
      },
    }),
  };
}
