import { minres } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { CholeskyDecomposition, inverse, Matrix } from "ml-matrix";
import {
  densePreconditioner,
  denseSystem,
  dot,
  geometricSpectrum,
  krylovBasis,
  leastResidual,
  randomMatrix,
  residualNorm,
  saddlePointMatrix,
  schurBlockDiagonalInverse,
  symmetricMatrix,
  times,
} from "./krylov-matrices.js";

const isMonotone = (norms: readonly number[]): boolean => norms.every((norm, k) => k === 0 || norm <= norms[k - 1]);

describe("minimal residuals", () => {
  test("solve an indefinite system, residuals never increasing", () => {
    const random = seededRandom(21);
    const matrix = symmetricMatrix([...geometricSpectrum(20, 30), ...geometricSpectrum(20, 20).map((value) => -value)], random);
    const rhs = random.normalVector(40);
    const x = new Float64Array(40);
    const result = minres(denseSystem(matrix)).solve(rhs, x, { relativeTolerance: 1e-10 });
    expect(result.reason.kind).toBe("converged");
    expect(isMonotone(result.residualNorms)).toBe(true);
    expect(residualNorm(matrix, rhs, x)).toBeLessThanOrEqual(2e-10 * result.residualNorms[0]);
  });

  test("reach the least residual of the Krylov space in every iteration", () => {
    const random = seededRandom(22);
    const matrix = symmetricMatrix([-9, -5, -3, -2, -1, 1, 2, 3, 4, 6, 7, 9], random);
    const rhs = random.normalVector(12);
    const { residualNorms } = minres(denseSystem(matrix)).solve(rhs, new Float64Array(12), { maxIterations: 10, relativeTolerance: 0 });
    for (let k = 1; k <= 10; k++) {
      const images = krylovBasis(matrix, rhs, k).map((v) => times(matrix, v));
      // Short recurrences lose orthogonality slowly: 1e-10 of ‖b‖ leaves room for κ(A)²ε·k.
      expect(Math.abs(residualNorms[k] - leastResidual(rhs, images))).toBeLessThanOrEqual(1e-10 * residualNorms[0]);
    }
  });

  test("reach it in the norm of M⁻¹ when preconditioned", () => {
    const random = seededRandom(23);
    const n = 14;
    const matrix = symmetricMatrix(Array.from({ length: n }, (_, k) => (k % 2 === 0 ? 1 : -1) * (1 + k)), random);
    const m = symmetricMatrix(geometricSpectrum(n, 10), random);
    const method = minres(denseSystem(matrix, { preconditioner: densePreconditioner(inverse(m)) }));
    const rhs = random.normalVector(n);
    const { residualNorms } = method.solve(rhs, new Float64Array(n), { maxIterations: n - 2, relativeTolerance: 0 });
    // With M = CCᵀ it is unpreconditioned MINRES for C⁻¹AC⁻ᵀ and C⁻¹b.
    const inverseC = inverse(new CholeskyDecomposition(m).lowerTriangularMatrix);
    const transformed = inverseC.mmul(matrix).mmul(inverseC.transpose());
    const start = times(inverseC, rhs);
    residualNorms.slice(1).forEach((norm, k) => {
      const images = krylovBasis(transformed, start, k + 1).map((v) => times(transformed, v));
      expect(Math.abs(norm - leastResidual(start, images))).toBeLessThanOrEqual(1e-9 * residualNorms[0]);
    });
  });

  test("solve a saddle-point system in three iterations with the exact Schur complement [Murphy2000]", () => {
    const random = seededRandom(24);
    const a = symmetricMatrix(geometricSpectrum(30, 50), random);
    const b = randomMatrix(12, 30, random);
    const matrix = saddlePointMatrix(a, b);
    const inverseOfM = schurBlockDiagonalInverse(a, b);
    const rhs = random.normalVector(42);
    const run = (preconditioner: Matrix) =>
      minres(denseSystem(matrix, { preconditioner: densePreconditioner(preconditioner) })).solve(rhs, new Float64Array(42), {
        relativeTolerance: 1e-9,
      });
    const result = run(inverseOfM);
    expect(result.reason.kind).toBe("converged");
    expect(result.iterations).toBeLessThanOrEqual(3);
    // Negative control: the wrong Schur complement B Bᵀ has many eigenvalues.
    expect(run(schurBlockDiagonalInverse(Matrix.eye(30), b)).iterations).toBeGreaterThan(6);
  });

  test("stay under the bound for spectra symmetric about zero", () => {
    const random = seededRandom(25);
    const positive = geometricSpectrum(25, 8);
    const matrix = symmetricMatrix([...positive, ...positive.map((value) => -value)], random);
    const { residualNorms } = minres(denseSystem(matrix)).solve(random.normalVector(50), new Float64Array(50), { relativeTolerance: 1e-9 });
    // ‖r₂ₖ‖ ≤ 2 ((κ − 1)/(κ + 1))ᵏ ‖r₀‖ for spec ⊂ [−κ, −1] ∪ [1, κ] [Elman2014]
    for (let k = 0; 2 * k < residualNorms.length; k++) {
      expect(residualNorms[2 * k]).toBeLessThanOrEqual(2 * (7 / 9) ** k * residualNorms[0]);
    }
  });

  test("judge convergence in the norm of M⁻¹, recomputed", () => {
    const random = seededRandom(26);
    const matrix = symmetricMatrix(geometricSpectrum(30, 100), random);
    const inverseOfM = inverse(symmetricMatrix(geometricSpectrum(30, 1e4), random));
    const rhs = random.normalVector(30);
    const x = new Float64Array(30);
    const preconditioner = densePreconditioner(inverseOfM);
    const result = minres(denseSystem(matrix, { preconditioner })).solve(rhs, x, { relativeTolerance: 1e-8, maxIterations: 500 });
    expect(result.reason.kind).toBe("converged");
    const image = times(matrix, x);
    const residual = rhs.map((entry, i) => entry - image[i]);
    const ownNorm = Math.sqrt(dot(residual, times(inverseOfM, residual)));
    expect(ownNorm).toBeLessThanOrEqual(2e-8 * result.residualNorms[0]);
    expect(result.trueResidualNorm).toBeCloseTo(residualNorm(matrix, rhs, x), 14);
  });

  test("find the solution in one iteration when the right-hand side is an eigenvector", () => {
    const matrix = Matrix.diag([3, -2, 5]);
    const x = new Float64Array(3);
    const result = minres(denseSystem(matrix)).solve(Float64Array.of(0, 4, 0), x);
    expect(result.iterations).toBe(1);
    expect([...x]).toEqual([0, -2, 0]);
  });
});
