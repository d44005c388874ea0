import { gmres, type KrylovResult } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { densePreconditioner, denseSystem, krylovBasis, leastResidual, randomMatrix, residualNorm, times } from "./krylov-matrices.js";

/** I + small random: nonsymmetric, eigenvalues in a disc of radius ≈ `spread` around 1. */
function disc(n: number, spread: number, seed: number): Matrix {
  return Matrix.eye(n).add(randomMatrix(n, n, seededRandom(seed)).mul(spread / Math.sqrt(n)));
}

const solveFrom = (system: ReturnType<typeof denseSystem>, rhs: Float64Array, options: { restart?: number; maxIterations?: number }): KrylovResult =>
  gmres(system, options.restart === undefined ? {} : { restart: options.restart }).solve(rhs, new Float64Array(rhs.length), {
    relativeTolerance: 1e-10,
    maxIterations: options.maxIterations ?? 200,
  });

describe("GMRES", () => {
  test("reaches the least residual of the Krylov space in every iteration, never increasing", () => {
    const matrix = disc(30, 0.8, 31);
    const rhs = seededRandom(32).normalVector(30);
    const { residualNorms } = solveFrom(denseSystem(matrix, { symmetric: false }), rhs, { maxIterations: 20 });
    for (let k = 1; k < residualNorms.length; k++) {
      const images = krylovBasis(matrix, rhs, k).map((v) => times(matrix, v));
      // Both sides are computed with twice orthogonalised bases: errors of k·ε‖b‖.
      expect(Math.abs(residualNorms[k] - leastResidual(rhs, images))).toBeLessThanOrEqual(10 * k * Number.EPSILON * residualNorms[0]);
      expect(residualNorms[k]).toBeLessThanOrEqual(residualNorms[k - 1]);
    }
  });

  test("reaches the least residual over M⁻¹ times the Krylov space of A M⁻¹ when preconditioned from the right", () => {
    const matrix = disc(25, 2, 33);
    const inverseOfM = disc(25, 0.5, 34);
    const rhs = seededRandom(35).normalVector(25);
    const system = denseSystem(matrix, { symmetric: false, preconditioner: densePreconditioner(inverseOfM, { symmetric: false }) });
    const { residualNorms } = solveFrom(system, rhs, { maxIterations: 12 });
    const product = matrix.mmul(inverseOfM);
    for (let k = 1; k <= 12; k++) {
      const images = krylovBasis(product, rhs, k).map((v) => times(product, v));
      expect(Math.abs(residualNorms[k] - leastResidual(rhs, images))).toBeLessThanOrEqual(100 * k * Number.EPSILON * residualNorms[0]);
    }
  });

  test("solves to the tolerance with and without restarts", () => {
    const matrix = disc(60, 0.7, 36);
    const rhs = seededRandom(37).normalVector(60);
    for (const restart of [1, 2, 5, 60]) {
      const x = new Float64Array(60);
      const result = gmres(denseSystem(matrix, { symmetric: false }), { restart }).solve(rhs, x, { relativeTolerance: 1e-9, maxIterations: 1000 });
      expect(result.reason.kind).toBe("converged");
      expect(residualNorm(matrix, rhs, x)).toBeLessThanOrEqual(2e-9 * result.residualNorms[0]);
    }
  });

  test("is the same to the last bit for every restart length that is not reached", () => {
    const system = denseSystem(disc(40, 0.5, 38), { symmetric: false });
    const rhs = seededRandom(39).normalVector(40);
    const full = solveFrom(system, rhs, { restart: 40 });
    expect(full.iterations).toBeGreaterThan(10);
    expect(solveFrom(system, rhs, { restart: full.iterations }).residualNorms).toEqual(full.residualNorms);
    // Negative control: one column less and the last iteration belongs to a new cycle.
    expect(solveFrom(system, rhs, { restart: full.iterations - 1 }).residualNorms).not.toEqual(full.residualNorms);
  });

  test("restarted after m iterations equals m iterations begun again and again from their solution", () => {
    const matrix = disc(40, 0.9, 40);
    const rhs = seededRandom(41).normalVector(40);
    const restarted = solveFrom(denseSystem(matrix, { symmetric: false }), rhs, { restart: 4, maxIterations: 12 });
    const byHand = gmres(denseSystem(matrix, { symmetric: false }), { restart: 50 });
    const x = new Float64Array(40);
    const norms = [restarted.residualNorms[0]];
    for (let cycle = 0; cycle < 3; cycle++) {
      norms.push(...byHand.solve(rhs, x, { maxIterations: 4, relativeTolerance: 0 }).residualNorms.slice(1));
    }
    expect(restarted.residualNorms).toEqual(norms);
  });

  test("ends by a happy breakdown when the Krylov space is exhausted, with the exact solution", () => {
    // b in an invariant subspace of dimension 3: the fourth column of the basis does not exist.
    const matrix = Matrix.zeros(8, 8);
    matrix.setSubMatrix(new Matrix([[2, 1, 0], [0, 3, 1], [1, 0, 4]]), 0, 0);
    for (let i = 3; i < 8; i++) matrix.set(i, i, i);
    const rhs = Float64Array.of(1, 2, 3, 0, 0, 0, 0, 0);
    const x = new Float64Array(8);
    const result = gmres(denseSystem(matrix, { symmetric: false })).solve(rhs, x, { relativeTolerance: 1e-14 });
    expect(result.iterations).toBe(3);
    expect(result.reason.kind).toBe("converged");
    expect(residualNorm(matrix, rhs, x)).toBeLessThanOrEqual(4e-15);
  });

  test("finds the solution of b = eigenvector in one iteration even when asked for nothing less than zero", () => {
    const x = new Float64Array(3);
    const result = gmres(denseSystem(Matrix.diag([2, 4, 8]))).solve(Float64Array.of(0, 1, 0), x, { relativeTolerance: 0 });
    expect(result.reason).toEqual({ kind: "converged", by: "absolute-tolerance" });
    expect([...x]).toEqual([0, 0.25, 0]);
    expect(result.iterations).toBe(1);
  });

  test("needs n iterations for the cyclic shift, with no progress before the last", () => {
    const n = 12;
    const shift = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) shift.set((i + 1) % n, i, 1);
    const rhs = new Float64Array(n);
    rhs[0] = 1;
    const result = solveFrom(denseSystem(shift, { symmetric: false }), rhs, {});
    expect(result.residualNorms.slice(0, n)).toEqual(new Array(n).fill(1));
    expect(result.iterations).toBe(n);
    expect(result.reason.kind).toBe("converged");
  });
});
