import { cg, fgmres, gmres, minres, type KrylovMethod, type KrylovSystem, type StoppingCriteria } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { densePreconditioner, denseSystem, euclideanNorm, geometricSpectrum, randomOrthogonal, residualNorm, symmetricMatrix, times } from "./krylov-matrices.js";

const n = 30;
const full = { restart: n };
const methods: [string, (system: KrylovSystem) => KrylovMethod][] = [
  ["cg", cg],
  ["minres", minres],
  ["gmres", (system) => gmres(system, full)],
  ["restarted gmres", (system) => gmres(system, { restart: 8 })],
  ["fgmres", (system) => fgmres(system, full)],
];

/** One random symmetric positive definite system of the given condition, solved; with the residual as the test recomputes it. */
function solveRandom(create: (system: KrylovSystem) => KrylovMethod, exponent: number, seed: number, relativeTolerance: number) {
  const matrix = symmetricMatrix(geometricSpectrum(n, 10 ** exponent), seededRandom(100 * exponent + seed));
  const rhs = seededRandom(seed + 7000).normalVector(n);
  const x = new Float64Array(n);
  const result = create(denseSystem(matrix)).solve(rhs, x, { relativeTolerance, maxIterations: 600, stagnationWindow: 600 });
  // The floor that no method can pass for certain: the rounding error of b − A x, a few ε(‖A‖‖x‖ + ‖b‖).
  const floor = Number.EPSILON * (10 ** exponent * euclideanNorm(x) + euclideanNorm(rhs));
  return { result, recomputed: residualNorm(matrix, rhs, x), threshold: relativeTolerance * euclideanNorm(rhs), floor };
}

describe.each(methods)("%s", (name, create) => {
  test("says converged only when the recomputed residual is within twice the threshold, whatever the condition number", () => {
    const outcomes = new Map<string, number>();
    for (let exponent = 0; exponent <= 14; exponent += 2) {
      for (const [seed, tolerance] of [[1, 1e-6], [2, 1e-8], [3, 1e-10], [4, 1e-12], [5, 1e-14]]) {
        const { result, recomputed, threshold, floor } = solveRandom(create, exponent, seed, tolerance);
        outcomes.set(result.reason.kind, (outcomes.get(result.reason.kind) ?? 0) + 1);
        expect(Math.abs(result.trueResidualNorm - recomputed)).toBeLessThanOrEqual(10 * floor);
        if (result.reason.kind === "converged") expect(recomputed).toBeLessThanOrEqual(2 * threshold + 10 * floor);
        else expect(result.trueResidualNorm).toBeGreaterThan(threshold);
      }
    }
    // Both outcomes occur, or the test would prove nothing.
    expect(outcomes.get("converged")).toBeGreaterThan(5);
    expect(outcomes.get("stopped")).toBeGreaterThan(5);
  });

  test("calls attainable accuracy what rounding forbids, near the floor and in spite of its own recursion", () => {
    // Restarted GMRES would take too long to get there with a larger condition number.
    const [exponent, tolerance] = name === "restarted gmres" ? [2, 1e-16] : [6, 1e-13];
    const { result, threshold, floor } = solveRandom(create, exponent, 6, tolerance);
    expect(result.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    // Replacement undoes what the recursions amplify: 0.3 to 1.4 floors seen over 320 runs with condition numbers up to 1e8.
    expect(result.trueResidualNorm).toBeLessThanOrEqual(10 * floor);
    // Negative control: the own recursion promised otherwise to the end, and all but restarted GMRES the tolerance itself.
    expect(result.residualNorms[result.iterations]).toBeLessThanOrEqual(result.trueResidualNorm / 2);
    if (name !== "restarted gmres") expect(Math.min(...result.residualNorms)).toBeLessThanOrEqual(threshold);
    expect(result.trueResidualNorm).toBeGreaterThan(2 * threshold);
  });

  test("with tolerance zero goes to the attainable accuracy and ends there", () => {
    const { result, floor } = solveRandom(create, 2, 8, 0);
    expect(result.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(result.trueResidualNorm).toBeLessThanOrEqual(10 * floor);
  });

  test("replaces a residual that has drifted, and so passes the floor of a bad initial guess", () => {
    const matrix = symmetricMatrix(geometricSpectrum(n, 100), seededRandom(91));
    const exact = seededRandom(92).normalVector(n);
    const rhs = times(matrix, exact);
    const size = 1e9;
    const guess = seededRandom(93).normalVector(n).map((value) => size * value);
    const criteria = { relativeTolerance: 0, absoluteTolerance: 1e-9, maxIterations: 1000 };
    const result = create(denseSystem(matrix)).solve(rhs, guess, criteria);
    expect(result.reason).toEqual({ kind: "converged", by: "absolute-tolerance" });
    expect(residualNorm(matrix, rhs, guess)).toBeLessThanOrEqual(2e-9);
    // It was needed: one cycle cannot know its residual better than ε‖b − A x₀‖ ≈ 1e-5. Each cycle costs an operator application more.
    expect(result.counts.operatorApplications - result.iterations - 1).toBeGreaterThanOrEqual(2);
  });
});

describe("with a good preconditioner", () => {
  test.each([["cg", cg], ["gmres", gmres], ["fgmres", fgmres]] as const)("%s needs few iterations more to see that a replacement does not help", (_, create) => {
    const matrix = symmetricMatrix(geometricSpectrum(n, 1e6), seededRandom(95));
    // M⁻¹ = A^−½ (I + E) A^−½ with spec(I + E) ⊂ [1, 2]
    const inverseRoot = symmetricMatrix(geometricSpectrum(n, 1e6).map((value) => value ** -0.5), seededRandom(95));
    const middle = symmetricMatrix(Array.from({ length: n }, (_entry, k) => 1 + k / n), seededRandom(96));
    const preconditioner = densePreconditioner(inverseRoot.mmul(middle).mmul(inverseRoot));
    const rhs = seededRandom(97).normalVector(n);
    const solveTo = (relativeTolerance: number) => create(denseSystem(matrix, { preconditioner })).solve(rhs, new Float64Array(n), { relativeTolerance });
    const result = solveTo(1e-15);
    expect(result.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    const promisedAt = result.residualNorms.findIndex((norm) => norm <= 1e-15 * result.residualNorms[0]);
    expect(promisedAt).toBeGreaterThan(16);
    // 3 to 7 seen: one or two short cycles. A full cycle to the tolerance would take 8 to 15.
    expect(result.iterations - promisedAt).toBeLessThanOrEqual(7);
  });
});

describe("after a residual has been replaced", () => {
  // The guess is 1e8 along the lowest eigenvector, so r₀ is 1e8 but b − A x₀ is known to ε‖A‖‖x₀‖ ≈ 1e-4 only; 1e-6 is asked for.
  const matrix = symmetricMatrix(geometricSpectrum(n, 1e4), seededRandom(91));
  const lowest = randomOrthogonal(n, seededRandom(91)).getColumn(0);
  const rhs = seededRandom(94).normalVector(n);
  const solveFromFarAway = (more: Partial<StoppingCriteria>) => {
    const criteria = { relativeTolerance: 0, absoluteTolerance: 1e-6, ...more };
    return gmres(denseSystem(matrix), { restart: 2 * n }).solve(rhs, Float64Array.from(lowest, (value) => 1e8 * value), criteria);
  };
  const iterationBeforeRise = (norms: readonly number[]): number => norms.findIndex((norm, k) => norms[k + 1] > 100 * norm);

  test("stagnation is judged from the replaced one", () => {
    const { reason, residualNorms } = solveFromFarAway({ stagnationWindow: 10 });
    expect(reason.kind).toBe("converged");
    // The residual of the recursion before it is not reached again within the window.
    const risen = iterationBeforeRise(residualNorms);
    expect(risen).toBeGreaterThan(0);
    expect(residualNorms.slice(risen + 1, risen + 11).every((norm) => norm > residualNorms[risen])).toBe(true);
  });

  test("a stop that the observer asked for at that moment is not forgotten", () => {
    const risen = iterationBeforeRise(solveFromFarAway({}).residualNorms);
    const { reason, iterations } = solveFromFarAway({ observer: ({ iteration }) => (iteration === risen ? "time-limit" : undefined) });
    expect(reason).toEqual({ kind: "stopped", by: "time-limit" });
    expect(iterations).toBe(risen);
  });
});
