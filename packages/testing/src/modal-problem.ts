import { backwardEuler, diagonalOperator, diagonalSolver, type TimeIntegrator } from "@parakkt/core";

/**
 * Backward Euler on independent spatial modes: iteration counts of a constant-coefficient problem at a fraction of its cost.
 * It does not tell how fast its slowest mode decays unless it is asked to: theorems and reference counts are those of the classical reaction |s|/√ω.
 */
export function modalIntegrator(eigenvalues: Float64Array, controlScale = 1): TimeIntegrator {
  return { ...decayingIntegrator(eigenvalues, controlScale), slowestDecay: 0 };
}

/** The same with µ₀ = the smallest eigenvalue. */
export function decayingIntegrator(eigenvalues: Float64Array, controlScale = 1): TimeIntegrator {
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
