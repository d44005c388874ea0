import { euclideanSpace, fgmres, gmres, type LinearOperator, type Preconditioner } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { densePreconditioner, denseSystem, geometricSpectrum, leastResidual, randomMatrix, residualNorm, symmetricMatrix, times } from "./krylov-matrices.js";

function disc(n: number, spread: number, seed: number): Matrix {
  return Matrix.eye(n).add(randomMatrix(n, n, seededRandom(seed)).mul(spread / Math.sqrt(n)));
}

/** A different matrix at every call; keeps what it returned. */
function varyingPreconditioner(n: number): Preconditioner & { readonly corrections: Float64Array[] } {
  const corrections: Float64Array[] = [];
  return {
    size: n,
    stationary: false,
    symmetric: false,
    corrections,
    apply(residual, correction) {
      correction.set(times(disc(n, 0.9, 500 + corrections.length), residual));
      corrections.push(Float64Array.from(correction));
    },
  };
}

describe("flexible GMRES", () => {
  test("reaches the least residual over the preconditioned vectors when the preconditioner varies", () => {
    const n = 30;
    const matrix = disc(n, 0.6, 51);
    const rhs = seededRandom(52).normalVector(n);
    const preconditioner = varyingPreconditioner(n);
    const method = fgmres(denseSystem(matrix, { symmetric: false, preconditioner }));
    const { residualNorms } = method.solve(rhs, new Float64Array(n), { maxIterations: 15, relativeTolerance: 0 });
    const images = preconditioner.corrections.map((z) => times(matrix, z));
    for (let k = 1; k <= 15; k++) {
      const least = leastResidual(rhs, images.slice(0, k));
      expect(Math.abs(residualNorms[k] - least)).toBeLessThanOrEqual(100 * k * Number.EPSILON * residualNorms[0]);
    }
  });

  test("converges where GMRES with the same varying preconditioner would not even know its residual", () => {
    const n = 30;
    const matrix = disc(n, 0.6, 53);
    const rhs = seededRandom(54).normalVector(n);
    const solveAs = (claimed: boolean, method: typeof gmres) => {
      const preconditioner = { ...varyingPreconditioner(n), stationary: claimed };
      return method(denseSystem(matrix, { symmetric: false, preconditioner })).solve(rhs, new Float64Array(n), { relativeTolerance: 1e-9, maxIterations: 60 });
    };
    expect(solveAs(false, fgmres).reason.kind).toBe("converged");
    // Negative control: a preconditioner that lies about being stationary is found out by the recomputed residual.
    const deceived = solveAs(true, gmres);
    expect(deceived.reason.kind).not.toBe("converged");
    expect(deceived.trueResidualNorm).toBeGreaterThan(1e-6 * deceived.residualNorms[0]);
  });

  test("takes the steps of GMRES when the preconditioner does not vary", () => {
    const n = 40;
    const matrix = disc(n, 1.5, 55);
    const rhs = seededRandom(56).normalVector(n);
    const preconditioner = densePreconditioner(disc(n, 0.3, 57), { symmetric: false });
    const system = denseSystem(matrix, { symmetric: false, preconditioner });
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    const flexible = fgmres(system, { restart: 50 }).solve(rhs, x, { maxIterations: 20 });
    const fixed = gmres(system, { restart: 50 }).solve(rhs, y, { maxIterations: 20 });
    expect(flexible.residualNorms).toEqual(fixed.residualNorms);
    // Z y and M⁻¹(V y) differ by rounding only.
    x.forEach((entry, i) => expect(Math.abs(entry - y[i])).toBeLessThanOrEqual(1e-13));
  });

  test("works with an inner Krylov solve as its preconditioner", () => {
    const n = 60;
    const matrix = symmetricMatrix(geometricSpectrum(n, 1e4), seededRandom(58));
    const operator: LinearOperator = denseSystem(matrix).operator;
    const inner = gmres({ operator, space: euclideanSpace(n) }, { restart: 20 });
    const preconditioner: Preconditioner = {
      size: n,
      stationary: false,
      symmetric: false,
      apply(residual, correction) {
        correction.fill(0);
        inner.solve(residual, correction, { relativeTolerance: 0.1, maxIterations: 20 });
      },
    };
    const rhs = seededRandom(59).normalVector(n);
    const x = new Float64Array(n);
    const result = fgmres({ operator, space: euclideanSpace(n), preconditioner }).solve(rhs, x);
    expect(result.reason.kind).toBe("converged");
    expect(residualNorm(matrix, rhs, x)).toBeLessThanOrEqual(2e-8 * result.residualNorms[0]);
  });

  test("equals GMRES to the last bit without preconditioner, and keeps no second basis", () => {
    const system = denseSystem(disc(30, 0.5, 60), { symmetric: false });
    const rhs = seededRandom(61).normalVector(30);
    const [x, y] = [new Float64Array(30), new Float64Array(30)];
    const flexible = fgmres(system).solve(rhs, x);
    expect(flexible).toEqual(gmres(system).solve(rhs, y));
    expect(x).toEqual(y);
  });
});
