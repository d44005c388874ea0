import { cg, euclideanSpace, fgmres, gmres, minres, type KrylovMethod, type KrylovSystem, type LinearOperator } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { settledArrayBuffers } from "./settled-array-buffers.js";

const n = 50_000;

/** tridiag(−1, 2.1, −1) */
const operator: LinearOperator = {
  rows: n,
  cols: n,
  symmetric: true,
  apply: tridiagonal,
  applyTranspose: tridiagonal,
};

function tridiagonal(x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) out[i] = 2.1 * x[i] - (i > 0 ? x[i - 1] : 0) - (i < n - 1 ? x[i + 1] : 0);
}

const preconditioner = {
  size: n,
  stationary: true,
  symmetric: true,
  apply(residual: Float64Array, correction: Float64Array) {
    for (let i = 0; i < n; i++) correction[i] = residual[i] / (2 + (i % 2));
  },
};

const system: KrylovSystem = { operator, space: euclideanSpace(n), preconditioner };

const methods: [string, () => KrylovMethod][] = [
  ["cg", () => cg(system)],
  ["minres", () => minres(system)],
  ["gmres", () => gmres(system, { restart: 8 })],
  ["fgmres", () => fgmres(system, { restart: 8 })],
];

const arrayBuffers = (): number => process.memoryUsage().arrayBuffers;

/** Methods are kept, so that no collection takes away from what is counted. */
const kept: KrylovMethod[] = [];
const keep = (method: KrylovMethod): KrylovMethod => {
  kept.push(method);
  return method;
};

describe.each(methods)("%s", (_, create) => {
  const rhs = seededRandom(98).normalVector(n);
  const x = new Float64Array(n);

  test("allocates no vector after its first solve", () => {
    const method = keep(create());
    const run = (): number => method.solve(rhs, x.fill(0), { maxIterations: 12, relativeTolerance: 1e-14 }).iterations;
    run();
    const before = settledArrayBuffers();
    for (let repeat = 0; repeat < 5; repeat++) expect(run()).toBe(12);
    expect(arrayBuffers() - before).toBeLessThan(8 * n);
  });

  test("is seen to allocate when a new one is made (negative control)", () => {
    const before = settledArrayBuffers();
    const method = keep(create());
    method.solve(rhs, x.fill(0), { maxIterations: 2 });
    expect(arrayBuffers() - before).toBeGreaterThanOrEqual(8 * 3 * n);
  });
});
