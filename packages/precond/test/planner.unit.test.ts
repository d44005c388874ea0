import { InvalidArgumentError } from "@parakkt/core";
import { describeChoice, measuredCosts, planSolve, type FixedChoices, type DiffusivityFacts, type PlanFacts, type PlannedAlternative } from "@parakkt/precond";
import { costAt, costInLanes } from "../dist/planner/solve-costs.js";
import { constant, inclusion, reference, roundCosts, smooth } from "./plan-facts.js";

const plan = (facts: Partial<PlanFacts>) => planSolve({ ...reference, ...facts }, roundCosts);
const chosen = (facts: Partial<PlanFacts>): PlannedAlternative => plan(facts).chosen;
const of = (formulation: string, facts: Partial<PlanFacts>): PlannedAlternative => plan(facts).alternatives.find((one) => one.formulation === formulation)!;

test.each([1e-8, 1e-4, 1, 100])("a constant diffusivity is solved directly, whatever ω = %g, dimension, size and steps", (regularization) => {
  for (const points of [[63], [1000], [31, 31], [100, 50], [255, 255], [15, 15, 15], [63, 63, 63]]) {
    for (const equalSteps of [true, false]) {
      const facts = { points, extent: points.map(() => 1), regularization, equalSteps };
      expect(chosen(facts)).toMatchObject({ formulation: "direct", predictedIterations: 0 });
      expect(chosen({ ...facts, diffusivity: constant(1e-3) })).toMatchObject({ formulation: "direct" });
    }
  }
});

/** Slow decay: over the whole interval the slowest mode loses a fiftieth. */
const SLOW: DiffusivityFacts = { smallest: 1e-3, largest: 2e-3 };

test("a variable diffusivity is never solved directly nor by sine transforms", () => {
  for (const diffusivity of [smooth, inclusion]) {
    for (const { formulation, spatialSolver } of plan({ diffusivity }).alternatives) {
      expect(formulation).not.toBe("direct");
      expect(spatialSolver.kind).not.toBe("fast-diagonalization");
    }
  }
});

test("with a variable diffusivity schur is chosen where states decay fast or ω is small, reduced where they decay slowly and ω is large", () => {
  for (const diffusivity of [smooth, inclusion]) {
    expect(chosen({ diffusivity, regularization: 1 }).formulation).toBe("schur");
    expect(chosen({ diffusivity, regularization: 1e-6 }).formulation).toBe("schur");
  }
  expect(chosen({ diffusivity: SLOW, regularization: 1 }).formulation).toBe("reduced");
  expect(chosen({ diffusivity: SLOW, regularization: 1e-6 }).formulation).toBe("schur");
});

test("the alternatives stand in the order of their predicted times, the chosen one first, each once", () => {
  for (const diffusivity of [constant(1), smooth, inclusion]) {
    const { chosen: best, alternatives } = plan({ diffusivity });
    expect(alternatives[0]).toBe(best);
    const seconds = alternatives.map(({ predictedSeconds }) => predictedSeconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(new Set(alternatives.map(describeChoice)).size).toBe(alternatives.length);
  }
});

test("the reason says what was chosen and what was predicted", () => {
  expect(plan({}).why).toMatch(/^direct: the diffusivity is constant; predicted [\d.]+ s; next best schur with /);
  expect(plan({ diffusivity: SLOW, regularization: 100 }).why).toMatch(/^reduced, \S+: the condition number of the reduced Hessian is about 1\.00\d; predicted \S+ s in 3 iterations; next best /);
  expect(plan({ fixed: { formulation: "reduced" } }).why).toMatch(/; nothing else fits what is given$/);
  expect(plan({}).costs).toEqual({ machine: "none", date: "1970-01-01" });
});

const fixedChoices: FixedChoices[] = [
  { formulation: "schur" },
  { formulation: "full-space", preconditioner: "multilevel", subdomains: 32 },
  { preconditioner: "two-level", subdomains: 5 },
  { preconditioner: "one-level" },
  { preconditioner: "matching" },
  { preconditioner: "none" },
  { method: "gmres" },
  { method: "cg" },
  { spatialSolver: "cholesky" },
  { spatialSolver: "multigrid", cycles: 3, precision: "single" },
  { subdomains: 4 },
];

test.each(fixedChoices)("what is fixed stays fixed: %j", (fixed) => {
  for (const diffusivity of [constant(1), smooth]) {
    for (const { formulation, preconditioner, spatialSolver } of plan({ diffusivity, fixed }).alternatives) {
      if (fixed.formulation) expect(formulation).toBe(fixed.formulation);
      if (fixed.preconditioner) expect(preconditioner.kind).toBe(fixed.preconditioner);
      if (fixed.subdomains && preconditioner.subdomains) expect(preconditioner.subdomains).toBe(fixed.subdomains);
      if (fixed.spatialSolver && formulation !== "direct") expect(spatialSolver.kind).toBe(fixed.spatialSolver);
      if (fixed.cycles && spatialSolver.cycles) expect(spatialSolver).toMatchObject({ cycles: 3, precision: "single" });
      if (fixed.method) expect(formulation).not.toBe("direct");
      if (fixed.method === "gmres") expect(formulation).toBe("schur");
    }
  }
});

describe("factors in single precision", () => {
  const proposed = (facts: Partial<PlanFacts>): boolean =>
    plan({ ...facts, fixed: { preconditioner: "overlapping-matching", ...facts.fixed } }).alternatives.some(({ preconditioner, spatialSolver }) => preconditioner.kind === "overlapping-matching" && spatialSolver.kind === "cholesky" && spatialSolver.precision === "single");

  test.each<[string, Partial<PlanFacts>, boolean]>([
    ["smooth ν", { diffusivity: smooth }, true],
    ["an inclusion, short steps or small ω", { diffusivity: inclusion }, true],
    ["an inclusion and long steps at a large ω, where rounding is no longer small against the smallest eigenvalue", { diffusivity: inclusion, steps: 128, regularization: 1e-2 }, false],
    ["the same where nothing else is wanted", { diffusivity: inclusion, steps: 128, regularization: 1e-2, fixed: { precision: "single" } }, true],
    ["smooth ν and the same long steps", { diffusivity: smooth, steps: 128, regularization: 1e-2 }, true],
  ])("%s", (_name, facts, expected) => {
    expect(proposed(facts)).toBe(expected);
  });
});

test.each<[string, Partial<PlanFacts>]>([
  ["direct with variable ν", { diffusivity: smooth, fixed: { formulation: "direct" } }],
  ["fast diagonalization with variable ν", { diffusivity: smooth, fixed: { spatialSolver: "fast-diagonalization" } }],
  ["multigrid in one dimension", { points: [63], extent: [1], fixed: { spatialSolver: "multigrid" } }],
  ["gmres without a preconditioner", { fixed: { method: "gmres", preconditioner: "none" } }],
  ["no step", { steps: 0 }],
  ["half a point", { points: [1.5, 3] }],
  ["no regularization", { regularization: 0 }],
  ["a control without effect", { controlScale: 0 }],
  ["two axes, one extent", { extent: [1] }],
  ["a diffusivity that is not a number", { diffusivity: { smallest: Number.NaN, largest: 1 } }],
])("%s is refused", (_name, facts) => {
  expect(() => plan(facts)).toThrow(InvalidArgumentError);
});

test("unequal steps make Cholesky pay a factor a step, and multigrid nothing", () => {
  const fixed = { formulation: "schur", preconditioner: "matching" } as const;
  const seconds = (spatialSolver: "cholesky" | "multigrid", equalSteps: boolean) =>
    chosen({ diffusivity: smooth, equalSteps, fixed: { ...fixed, spatialSolver } }).predictedSeconds;
  const factors = 2 * reference.steps - (1 + Math.floor(Math.log2(reference.steps)) + 1);
  expect(seconds("cholesky", false) - seconds("cholesky", true)).toBeCloseTo(factors * 127 ** 2 * 40 * 30e-9, 9);
  expect(seconds("multigrid", false)).toBe(seconds("multigrid", true));
});

test("factors that fill the memory are not proposed", () => {
  const kinds = (n: number) => new Set(plan({ points: [n, n, n], extent: [1, 1, 1], steps: 64, diffusivity: smooth }).alternatives.map(({ spatialSolver }) => spatialSolver.kind));
  expect(kinds(95)).toEqual(new Set(["multigrid"]));
  expect(kinds(15)).toEqual(new Set(["multigrid", "cholesky"]));
});

test("isolated regions of large ν make V-cycles dear", () => {
  const cycles = { formulation: "schur", preconditioner: "matching", spatialSolver: "multigrid", cycles: 2 } as const;
  expect(chosen({ diffusivity: inclusion, fixed: cycles }).predictedIterations).toBeGreaterThan(3 * chosen({ diffusivity: smooth, fixed: cycles }).predictedIterations);
  expect(chosen({ diffusivity: inclusion }).spatialSolver.kind).toBe("cholesky");
});

test("other costs make another choice", () => {
  expect(planSolve(reference, { ...roundCosts, direct: [[1, 1e5]] }).chosen.formulation).not.toBe("direct");
});

test("predicted time but for the set-up grows in proportion to the number of steps", () => {
  const seconds = (steps: number) => of("reduced", { steps, regularization: 1 }).predictedSeconds - roundCosts.start;
  expect(seconds(2048) / seconds(1024)).toBeCloseTo(2, 6);
});

test("the measured table holds curves of positive costs, points in ascending order", () => {
  const curves: (readonly (readonly [number, number])[])[] = [];
  const collect = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if (Array.isArray(part) && Array.isArray(part[0])) curves.push(part as [number, number][]);
    else Object.values(part).forEach(collect);
  };
  collect(measuredCosts);
  expect(curves.length).toBeGreaterThan(30);
  for (const curve of curves) {
    for (const [i, [points, cost]] of curve.entries()) {
      expect(cost).toBeGreaterThan(0);
      if (i > 0) expect(points).toBeGreaterThan(curve[i - 1][0]);
    }
  }
});

test("curves are interpolated in logarithms and go on beyond their ends", () => {
  const curve = [[10, 1], [1000, 100]] as const;
  for (const [points, cost] of [[10, 1], [100, 10], [1000, 100], [1, 0.1], [1e4, 1e3]]) expect(costAt(curve, points)).toBeCloseTo(cost, 9);
  expect(costAt([[10, 3]], 1e6)).toBe(3);
});

test("with P subdomains the cost lies between that of one lane and that of eight", () => {
  const lanes = { one: [[1, 9]], eight: [[1, 2]] } as const;
  expect([1, 8, 16, 64].map((P) => costInLanes(lanes, 1, P))).toEqual([9, 2, 2, 2]);
  expect(costInLanes(lanes, 1, 2)).toBeCloseTo(1 + 8 / 2, 12);
  expect(costInLanes(lanes, 1, 9)).toBeCloseTo((8 * 2 + 9) / 9, 12);
});
