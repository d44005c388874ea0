import { backwardEuler, type LinearOperator, type SpatialSolver, type TimeIntegrator } from "@parakkt/core";

/** The diagonal operator with the given eigenvalues: −ν∆ in its own sine basis, or a sample of its modes. */
export function diagonalOperator(eigenvalues: Float64Array): LinearOperator {
  const size = eigenvalues.length;
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < size; j++) out[j] = eigenvalues[j] * x[j];
  };
  return { rows: size, cols: size, symmetric: true, apply, applyTranspose: apply };
}

/** Divides by λⱼ + σ. Reported as fast diagonalization, which it is in this basis. */
export function diagonalSolver(eigenvalues: Float64Array): SpatialSolver {
  return {
    name: "fast-diagonalization",
    factors: false,
    exact: true,
    storage: eigenvalues.length,
    shifted: (shift) => ({
      solve(rhs, out) {
        for (let j = 0; j < eigenvalues.length; j++) out[j] = rhs[j] / (eigenvalues[j] + shift);
      },
    }),
  };
}

/** Backward Euler on independent spatial modes: iteration counts of a constant-coefficient problem at a fraction of its cost. */
export function modalIntegrator(eigenvalues: Float64Array, controlScale = 1): TimeIntegrator {
  return backwardEuler({ operator: diagonalOperator(eigenvalues), solver: diagonalSolver(eigenvalues), controlScale });
}

/** Eigenvalues ν · 4/h² Σᵢ sin²(kᵢ π h/2), h = 1/(n+1), of −ν∆_h on the unit square, ascending. */
export function squareEigenvalues(n: number, diffusivity: number): Float64Array {
  const h = 1 / (n + 1);
  const axis = Array.from({ length: n }, (_, k) => (4 / (h * h)) * Math.sin(((k + 1) * Math.PI * h) / 2) ** 2);
  const values = axis.flatMap((a) => axis.map((b) => diffusivity * (a + b)));
  return Float64Array.from(values.sort((a, b) => a - b));
}

/** `count` of the values at geometrically spaced ranks, the first and the last included. */
export function sampledModes(values: Float64Array, count: number): Float64Array {
  const ranks = Array.from({ length: count }, (_, k) => Math.round(values.length ** (k / (count - 1))) - 1);
  return Float64Array.from(ranks, (rank) => values[rank]);
}
