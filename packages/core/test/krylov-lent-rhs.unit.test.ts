import { cg, euclideanSpace } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { denseSystem, geometricSpectrum, symmetricMatrix } from "./krylov-matrices.js";

const n = 40;
const b = seededRandom(31).normalVector(n);
const method = () => cg({ ...denseSystem(symmetricMatrix(geometricSpectrum(n, 1e6), seededRandom(30))), space: euclideanSpace(n) });

/** A solve from zero whose right-hand side is lent, unless `lent` is false. */
function solve(solver: ReturnType<typeof method>, { lent = true, relativeTolerance = 1e-9, accepted = 0, rhs = b.slice() }) {
  const x = new Float64Array(n);
  let restored = 0;
  const restoreRhs = (): void => {
    restored++;
    rhs.set(b);
  };
  const accept = ({ residualNorm, initialResidualNorm }: { residualNorm: number; initialResidualNorm: number }): boolean => residualNorm <= accepted * initialResidualNorm;
  const result = solver.solve(rhs, x, { relativeTolerance, zeroInitialGuess: true, accept, ...(lent && { restoreRhs }) });
  return { ...result, x, rhs, restored };
}

test("a method that works in a lent right-hand side takes the same steps, and asks for it again when it verifies what it has found", () => {
  const [own, lent] = [false, true].map((isLent) => solve(method(), { lent: isLent }));
  expect(lent.residualNorms).toEqual(own.residualNorms);
  expect(lent.x).toEqual(own.x);
  expect(lent.trueResidualNorm).toBe(own.trueResidualNorm);
  expect(lent.restored).toBe(1);
});

test("beyond the accuracy that can be attained it verifies again and again, from the same right-hand side", () => {
  const [own, lent] = [false, true].map((isLent) => solve(method(), { lent: isLent, relativeTolerance: 1e-16 }));
  expect(own.reason.kind).toBe("stopped");
  expect(lent.reason).toEqual(own.reason);
  expect(lent.residualNorms).toEqual(own.residualNorms);
  expect(lent.x).toEqual(own.x);
});

test("an accepted iterate leaves its residual in the lent right-hand side, and the next solve has a residual of its own", () => {
  const solver = method();
  const lent = solve(solver, { accepted: 1e-4 });
  expect(lent.restored).toBe(0);
  expect(lent.rhs).not.toEqual(b);
  const next = solve(solver, { lent: false, rhs: (lent.rhs.set(b), lent.rhs) });
  expect(next.rhs).toEqual(b);
  expect(next.residualNorms).toEqual(solve(method(), { lent: false }).residualNorms);
});
