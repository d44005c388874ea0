import { cg } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { inverse, Matrix } from "ml-matrix";
import { denseSystem, densePreconditioner, dot, euclideanNorm, geometricSpectrum, symmetricMatrix, times } from "./krylov-matrices.js";

/** ‖x*‖_A-norm errors of the iterates 0 … iterations. */
function energyErrors(matrix: Matrix, exact: Float64Array, iterations: number, inverseOfM?: Matrix): number[] {
  const rhs = times(matrix, exact);
  const method = cg(denseSystem(matrix, inverseOfM && { preconditioner: densePreconditioner(inverseOfM) }));
  return Array.from({ length: iterations + 1 }, (_, maxIterations) => {
    const x = new Float64Array(exact.length);
    method.solve(rhs, x, { maxIterations, relativeTolerance: 0 });
    const error = x.map((entry, i) => entry - exact[i]);
    return Math.sqrt(dot(error, times(matrix, error)));
  });
}

const chebyshevBound = (condition: number, k: number): number =>
  2 * ((Math.sqrt(condition) - 1) / (Math.sqrt(condition) + 1)) ** k;

describe("conjugate gradients", () => {
  test.each([1, 2, 3, 5])("end after %i iterations when the operator has that many distinct eigenvalues", (distinct) => {
    const random = seededRandom(distinct);
    const matrix = symmetricMatrix(Array.from({ length: 40 }, (_, k) => 1 + (k % distinct)), random);
    const x = new Float64Array(40);
    const result = cg(denseSystem(matrix)).solve(random.normalVector(40), x, { relativeTolerance: 1e-12 });
    expect(result.reason).toEqual({ kind: "converged", by: "relative-tolerance" });
    // The last but one residual is still O(1): a count of at most `distinct` alone would not tell.
    expect(result.iterations).toBe(distinct);
    expect(result.residualNorms[distinct - 1] / result.residualNorms[0]).toBeGreaterThan(1e-4);
  });

  test("reduce the energy norm of the error monotonically and at least as fast as the Chebyshev bound", () => {
    const random = seededRandom(11);
    const condition = 400;
    const matrix = symmetricMatrix(geometricSpectrum(60, condition), random);
    const errors = energyErrors(matrix, random.normalVector(60), 50);
    for (let k = 1; k < errors.length; k++) {
      // Rounding: the error stops decreasing at about κ·ε of its initial size.
      expect(errors[k]).toBeLessThanOrEqual(errors[k - 1] + condition * Number.EPSILON * errors[0]);
      expect(errors[k]).toBeLessThanOrEqual(chebyshevBound(condition, k) * errors[0]);
    }
  });

  test("do not satisfy the bound of a ten times smaller condition number (negative control)", () => {
    const random = seededRandom(11);
    const matrix = symmetricMatrix(geometricSpectrum(60, 400), random);
    const errors = energyErrors(matrix, random.normalVector(60), 20);
    expect(errors.some((error, k) => error > chebyshevBound(40, k) * errors[0])).toBe(true);
  });

  test("converge as the condition of M⁻¹A says when preconditioned", () => {
    const random = seededRandom(12);
    const n = 50;
    const matrix = symmetricMatrix(geometricSpectrum(n, 1e6), random);
    // M = A^½ (I + E) A^½ with spec(I + E) ⊂ [½, 1]: the situation of (SCH.3), κ(M⁻¹A) ≤ 2.
    const root = symmetricMatrix(geometricSpectrum(n, 1e3), seededRandom(12));
    const middle = symmetricMatrix(Array.from({ length: n }, () => 0.5 + random.uniform() / 2), random);
    const inverseRoot = inverse(root);
    const inverseOfM = inverseRoot.mmul(inverse(middle)).mmul(inverseRoot);
    const errors = energyErrors(matrix, random.normalVector(n), 8, inverseOfM);
    errors.forEach((error, k) => expect(error).toBeLessThanOrEqual(chebyshevBound(2, k) * errors[0]));
  });

  test("need one iteration with M = A", () => {
    const random = seededRandom(13);
    const matrix = symmetricMatrix(geometricSpectrum(30, 100), random);
    const method = cg(denseSystem(matrix, { preconditioner: densePreconditioner(inverse(matrix)) }));
    const x = new Float64Array(30);
    const result = method.solve(random.normalVector(30), x, { relativeTolerance: 1e-10 });
    expect(result.iterations).toBe(1);
    expect(result.reason.kind).toBe("converged");
  });

  test("report residual norms that are those of the iterates", () => {
    const random = seededRandom(14);
    const condition = 100;
    const matrix = symmetricMatrix(geometricSpectrum(40, condition), random);
    const rhs = random.normalVector(40);
    const method = cg(denseSystem(matrix));
    for (let maxIterations = 0; maxIterations < 25; maxIterations++) {
      const x = new Float64Array(40);
      const { residualNorms, trueResidualNorm } = method.solve(rhs, x, { maxIterations, relativeTolerance: 0 });
      // Recursion and truth drift apart by about ε per iteration of the largest ‖A‖‖xₖ‖ ≤ κ‖b‖.
      const drift = 10 * (maxIterations + 1) * Number.EPSILON * condition * euclideanNorm(rhs);
      expect(Math.abs(residualNorms[maxIterations] - trueResidualNorm)).toBeLessThanOrEqual(drift);
    }
  });

  test("are invariant under scaling of operator, preconditioner and right-hand side", () => {
    const matrix = symmetricMatrix(geometricSpectrum(30, 50), seededRandom(15));
    const rhs = seededRandom(16).normalVector(30);
    const identity = Matrix.eye(30);
    const iterations = (a: number, m: number, b: number): number => {
      const method = cg(denseSystem(matrix.clone().mul(a), { preconditioner: densePreconditioner(identity.clone().mul(m)) }));
      return method.solve(rhs.map((entry) => b * entry), new Float64Array(30)).iterations;
    };
    // Powers of two: not even the rounding changes.
    expect(iterations(2 ** 40, 2 ** -30, 2 ** 50)).toBe(iterations(1, 1, 1));
    expect(iterations(2 ** -200, 2 ** 30, 2 ** -200)).toBe(iterations(1, 1, 1));
  });
});
