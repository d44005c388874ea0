import { cg, fgmres, gmres, minres, seededRandom, type KrylovMethod, type KrylovSystem } from "@parakkt/core";
import { denseSystem, euclideanNorm, geometricSpectrum, residualNorm, symmetricMatrix } from "./krylov-matrices.js";

const n = 30;
const methods: [string, (system: KrylovSystem) => KrylovMethod][] = [
  ["cg", cg],
  ["minres", minres],
  ["gmres", (system) => gmres(system, { restart: n })],
  ["fgmres", (system) => fgmres(system, { restart: 10 })],
];

test("1,000 random systems with condition numbers up to 1e14: what is called converged is within a factor 2 of what it says", () => {
  const seen = { converged: 0, other: 0 };
  for (let k = 0; k < 1000; k++) {
    const exponent = 14 * ((k % 100) / 99);
    const random = seededRandom(k);
    const matrix = symmetricMatrix(geometricSpectrum(n, 10 ** exponent), random);
    const rhs = random.normalVector(n);
    const x = new Float64Array(n);
    const [, create] = methods[k % methods.length];
    const relativeTolerance = 10 ** -(4 + 2 * (k % 5));
    const result = create(denseSystem(matrix)).solve(rhs, x, { relativeTolerance, maxIterations: 400, stagnationWindow: 400 });
    const recomputed = residualNorm(matrix, rhs, x);
    const rounding = 10 * Number.EPSILON * (10 ** exponent * euclideanNorm(x) + euclideanNorm(rhs));
    expect(Math.abs(result.trueResidualNorm - recomputed)).toBeLessThanOrEqual(rounding);
    if (result.reason.kind === "converged") {
      seen.converged++;
      expect(recomputed).toBeLessThanOrEqual(2 * relativeTolerance * euclideanNorm(rhs) + rounding);
    } else seen.other++;
  }
  expect(seen.converged).toBeGreaterThan(200);
  expect(seen.other).toBeGreaterThan(200);
}, 600_000);
