import { cg, defaultStoppingCriteria, fgmres, gmres, minres, type KrylovMethod, type KrylovProgress, type KrylovSystem } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { denseSystem, geometricSpectrum, symmetricMatrix, times } from "./krylov-matrices.js";

const methods: [string, (system: KrylovSystem) => KrylovMethod][] = [
  ["cg", cg],
  ["minres", minres],
  ["gmres", gmres],
  ["fgmres", fgmres],
];

const n = 30;
const matrix = symmetricMatrix(geometricSpectrum(n, 100), seededRandom(70));
const rhs = seededRandom(71).normalVector(n);
const system = denseSystem(matrix);

describe.each(methods)("%s", (name, create) => {
  test("says its name", () => {
    expect(create(system).name).toBe(name);
  });

  test("returns zero for a zero right-hand side without any iteration", () => {
    const x = new Float64Array(n);
    const result = create(system).solve(new Float64Array(n), x);
    expect(result).toMatchObject({ reason: { kind: "converged", by: "absolute-tolerance" }, iterations: 0, residualNorms: [0], trueResidualNorm: 0 });
    expect(x).toEqual(new Float64Array(n));
  });

  test("takes the last residual from a system that knows it, with one application less, and its scratch to work in", () => {
    const [plain, x, known] = [create(system).solve(rhs, new Float64Array(n), { zeroInitialGuess: true }), new Float64Array(n), new Float64Array(n)];
    let asked = 0;
    const residual = (at: Float64Array, out: Float64Array): boolean => {
      asked++;
      known.set(at);
      const image = times(matrix, at);
      out.forEach((_, i) => (out[i] = rhs[i] - image[i]));
      return true;
    };
    const result = create({ ...system, residual, scratch: new Float64Array(n) }).solve(rhs, x, { zeroInitialGuess: true });
    expect([result.iterations, result.reason, result.residualNorms]).toEqual([plain.iterations, plain.reason, plain.residualNorms]);
    expect(asked).toBeGreaterThan(0);
    expect(known).toEqual(x);
    expect(result.counts.operatorApplications).toBe(plain.counts.operatorApplications - asked);
    const unknowing = create({ ...system, residual: () => false }).solve(rhs, new Float64Array(n), { zeroInitialGuess: true });
    expect(unknowing).toEqual(plain);
  });

  test("leaves an exact initial guess alone", () => {
    const exact = Float64Array.from({ length: n }, (_, i) => i);
    const diagonal = denseSystem(Matrix.diag(Array.from({ length: n }, (_, i) => i + 1)));
    const x = Float64Array.from(exact);
    const result = create(diagonal).solve(exact.map((value) => value * (value + 1)), x);
    expect(result).toMatchObject({ reason: { kind: "converged" }, iterations: 0, trueResidualNorm: 0 });
    expect(x).toEqual(exact);
  });

  test("takes an initial residual below the absolute tolerance for converged", () => {
    const x = new Float64Array(n);
    const result = create(system).solve(rhs, x, { absoluteTolerance: 1e3 });
    expect(result.reason).toEqual({ kind: "converged", by: "absolute-tolerance" });
    expect(result.iterations).toBe(0);
  });

  test("converges by whichever tolerance is the larger one", () => {
    const solveBy = (relativeTolerance: number, absoluteTolerance: number) =>
      create(system).solve(rhs, new Float64Array(n), { relativeTolerance, absoluteTolerance }).reason;
    expect(solveBy(1e-6, 1e-10)).toEqual({ kind: "converged", by: "relative-tolerance" });
    expect(solveBy(1e-10, 1e-4)).toEqual({ kind: "converged", by: "absolute-tolerance" });
  });

  test("measures the relative tolerance by the residual of the initial guess", () => {
    const exact = seededRandom(72).normalVector(n);
    const guess = exact.map((value) => value * (1 + 1e-5));
    const result = create(system).solve(times(matrix, exact), guess, { relativeTolerance: 1e-6 });
    expect(result.reason.kind).toBe("converged");
    expect(result.trueResidualNorm).toBeLessThanOrEqual(2e-6 * result.residualNorms[0]);
    expect(result.iterations).toBeGreaterThan(3);
  });

  test("stops at the iteration limit, also at none at all", () => {
    for (const maxIterations of [0, 1, 5]) {
      const x = new Float64Array(n);
      const result = create(system).solve(rhs, x, { maxIterations });
      expect(result).toMatchObject({ reason: { kind: "stopped", by: "max-iterations" }, iterations: maxIterations });
      expect(result.residualNorms).toHaveLength(maxIterations + 1);
      expect(x.some((value) => value !== 0)).toBe(maxIterations > 0);
    }
  });

  test("says converged when that happens in the last iteration allowed", () => {
    const { iterations } = create(system).solve(rhs, new Float64Array(n));
    const result = create(system).solve(rhs, new Float64Array(n), { maxIterations: iterations });
    expect(result).toMatchObject({ reason: { kind: "converged" }, iterations });
  });

  test("shows the observer every iteration once and in order", () => {
    const seen: KrylovProgress[] = [];
    const observer = (progress: KrylovProgress): undefined => void seen.push(progress);
    const { residualNorms, iterations } = create(system).solve(rhs, new Float64Array(n), { observer });
    expect(iterations).toBeGreaterThan(5);
    const initialResidualNorm = residualNorms[0];
    expect(seen).toEqual(residualNorms.map((residualNorm, iteration) => ({ iteration, residualNorm, initialResidualNorm })));
  });

  test.each(["observer", "time-limit"] as const)("stops when the observer says %s, keeping what it has", (by) => {
    const x = new Float64Array(n);
    const result = create(system).solve(rhs, x, { observer: ({ iteration }) => (iteration === 4 ? by : undefined) });
    expect(result).toMatchObject({ reason: { kind: "stopped", by }, iterations: 4 });
    const limited = new Float64Array(n);
    create(system).solve(rhs, limited, { maxIterations: 4 });
    expect(x).toEqual(limited);
  });

  test("may be stopped before the first iteration", () => {
    const result = create(system).solve(rhs, new Float64Array(n), { observer: () => "observer" });
    expect(result).toMatchObject({ reason: { kind: "stopped", by: "observer" }, iterations: 0 });
  });

  test("gives the same answer to the last bit when used again", () => {
    const method = create(system);
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    const first = method.solve(rhs, x);
    method.solve(seededRandom(73).normalVector(n), new Float64Array(n), { maxIterations: 7 });
    expect(method.solve(rhs, y)).toEqual(first);
    expect(y).toEqual(x);
  });

  test("does not change the right-hand side", () => {
    const copy = Float64Array.from(rhs);
    create(system).solve(copy, new Float64Array(n));
    expect(copy).toEqual(rhs);
  });
});

describe("stagnation", () => {
  const rotation = denseSystem(new Matrix([[0, -1], [1, 0]]), { symmetric: false });

  test.each([["gmres", gmres], ["fgmres", fgmres]] as const)("of restarted %s is found after the window", (_, create) => {
    // ⟨b, A b⟩ = 0: GMRES(1) never moves.
    const x = new Float64Array(2);
    const result = create(rotation, { restart: 1 }).solve(Float64Array.of(1, 0), x, { stagnationWindow: 6 });
    expect(result).toMatchObject({ reason: { kind: "failed", by: "stagnation", iteration: 6 }, iterations: 6 });
    expect(result.reason).toHaveProperty("evidence", expect.stringContaining("for 6 iterations"));
    expect(create(rotation, { restart: 2 }).solve(Float64Array.of(1, 0), x).reason.kind).toBe("converged");
  });

  test("is not called while every window brings one per cent", () => {
    const slow = denseSystem(symmetricMatrix(geometricSpectrum(40, 1e4), seededRandom(74)));
    const criteria = { maxIterations: 2000, relativeTolerance: 1e-6 };
    const b = seededRandom(75).normalVector(40);
    expect(gmres(slow, { restart: 3 }).solve(b, new Float64Array(40), { ...criteria, stagnationWindow: 100 }).reason.kind).not.toBe("failed");
    expect(gmres(slow, { restart: 3 }).solve(b, new Float64Array(40), { ...criteria, stagnationWindow: 1 }).reason).toMatchObject({ by: "stagnation" });
  });

  test("is not tested with an infinite window", () => {
    const result = gmres(rotation, { restart: 1 }).solve(Float64Array.of(1, 0), new Float64Array(2), { stagnationWindow: Infinity });
    expect(result.reason).toEqual({ kind: "stopped", by: "max-iterations" });
    expect(result.iterations).toBe(defaultStoppingCriteria.maxIterations);
  });
});
