import { uniformTimeGrid } from "@parakkt/core";
import { distributedLevels, frequencyBlocks, matching, matchingRows, multilevel, oneLevel, overlappingMatching, planSolve, subdomainSolves, timeDiagonalization, twoLevel, type DistributedSolve, type PlanFacts } from "@parakkt/precond";
import { modalIntegrator, serialDiscretization } from "@parakkt/testing";

/** A name as a program in plain JavaScript would misspell it. */
const misspelt = (name: string): never => name as never;

const discretization = serialDiscretization({ integrator: modalIntegrator(Float64Array.of(3, 40), 1), steps: 16, subdomains: 4, overlap: 1, regularization: 1e-2 });
const rows = { grid: uniformTimeGrid(1, 4), range: { first: 1, last: 4 }, reactionRate: 1 };
const facts: PlanFacts = { points: [15], extent: [1], steps: 16, duration: 1, equalSteps: true, regularization: 1, controlScale: 1, diffusivity: { smallest: 1, largest: 2 }, relativeTolerance: 1e-8 };
const solve: DistributedSolve = { formulation: "schur", method: "cg", preconditioner: "two-level", steps: 16, dofs: 2, subdomains: 4, overlap: 1, nodesPerSubdomain: 1, combination: "additive" };

test.each<[string, () => unknown]>([
  ...[["oneLevel", oneLevel] as const, ["twoLevel", twoLevel] as const, ["multilevel", multilevel] as const].flatMap(([name, create]): [string, () => unknown][] => [
    [`${name}: combination`, () => create(discretization, { combination: misspelt("aditive"), factor: "exact" })],
    [`${name}: matching factor`, () => create(discretization, { combination: "additive", factor: misspelt("exct") })],
  ]),
  ["matching: matching factor", () => matching(discretization, misspelt("Exact"))],
  ["overlappingMatching: matching factor", () => overlappingMatching(discretization, misspelt("stationery"))],
  ["matchingRows: matching factor", () => matchingRows({ ...rows, kind: misspelt("exct") })],
  ["matchingRows: matching factor", () => subdomainSolves(discretization, misspelt("exct"))],
  ["timeDiagonalization: frequency shifts", () => timeDiagonalization(discretization, misspelt("share"))],
  ["timeDiagonalization: frequency shifts", () => frequencyBlocks(discretization, misspelt("share"))],
  ["planSolve: formulation", () => planSolve({ ...facts, fixed: { formulation: misspelt("shur") } })],
  ["planSolve: method", () => planSolve({ ...facts, fixed: { method: misspelt("gmrs") } })],
  ["planSolve: preconditioner", () => planSolve({ ...facts, fixed: { preconditioner: misspelt("twolevel") } })],
  ["planSolve: spatialSolver", () => planSolve({ ...facts, fixed: { spatialSolver: misspelt("choleski") } })],
  ["planSolve: precision", () => planSolve({ ...facts, fixed: { precision: misspelt("half") } })],
  ["distributedLevels: preconditioner", () => distributedLevels({ ...solve, preconditioner: misspelt("twolevel") }, 2)],
  ["distributedLevels: method", () => distributedLevels({ ...solve, method: misspelt("CG") }, 2)],
  ["distributedLevels: combination", () => distributedLevels({ ...solve, combination: misspelt("sum") }, 2)],
])("a misspelt name is refused with those that were expected, and not taken for another: %s", (words, wrong) => {
  expect(wrong).toThrow(expect.objectContaining({ name: "InvalidArgumentError", message: expect.stringMatching(new RegExp(`^${words}: expected one of ".*", got "`)) }));
});

test.each([["oneLevel", oneLevel], ["twoLevel", twoLevel], ["multilevel", multilevel]] as const)("%s without a discretization says what a solver wants", (name, create) => {
  const called = create as unknown as (options: object) => unknown;
  expect(() => called({ combination: "additive", factor: "exact" })).toThrow(`(discretization) => ${name}(discretization, options)`);
});

test("the right names are taken", () => {
  for (const factor of ["exact", "dyadic", "stationary", "classical"] as const) {
    for (const combination of ["additive", "restricted"] as const) expect(() => twoLevel(discretization, { combination, factor })).not.toThrow();
    expect(() => overlappingMatching(discretization, factor)).not.toThrow();
  }
  for (const shifts of ["exact", "shared"] as const) expect(() => timeDiagonalization(discretization, shifts)).not.toThrow();
  expect(() => planSolve({ ...facts, fixed: { formulation: "schur", preconditioner: "two-level", spatialSolver: "cholesky", precision: "single" } })).not.toThrow();
  expect(() => distributedLevels(solve, 2)).not.toThrow();
});
