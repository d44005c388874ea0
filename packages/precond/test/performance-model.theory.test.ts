import { distributedChoice, networkNamed, networks, planSolve, predictOnRanks, type PlanFacts, type RankedSolve, type SolveChoice } from "@parakkt/precond";

const facts: PlanFacts = {
  points: [63, 63],
  extent: [1, 1],
  steps: 1024,
  duration: 1,
  equalSteps: true,
  regularization: 1e-4,
  controlScale: 1,
  diffusivity: { smallest: 0.1, largest: 1 },
  relativeTolerance: 1e-8,
};
const network = networkNamed("cluster");
const solveOf = (choice: Omit<SolveChoice, "spatialSolver">): RankedSolve => ({
  distributed: distributedChoice({ ...choice, spatialSolver: { kind: "cholesky" } }, { steps: 1024, size: 63 * 63 }),
  spatialSolver: { kind: "cholesky" },
});
const matching = solveOf({ formulation: "schur", preconditioner: { kind: "matching" } });
const twoLevel = solveOf({ formulation: "schur", preconditioner: { kind: "two-level", subdomains: 128 } });
const levels = solveOf({ formulation: "full-space", preconditioner: { kind: "multilevel", subdomains: 128 } });
const frequencies = solveOf({ formulation: "schur", preconditioner: { kind: "time-diagonalization" } });
const onRanks = (solve: RankedSolve, ranks: number, latency = network.latency) => predictOnRanks(facts, solve, ranks, { network: { ...network, latency } });

describe("the predicted time", () => {
  test.each([
    ["matching", matching],
    ["two levels", twoLevel],
    ["several levels", levels],
    ["frequencies", frequencies],
  ])("of %s is the sum of its parts, and what limits is the largest of them", (_name, solve) => {
    for (const ranks of [1, 2, 16, 128]) {
      const { seconds, parts, limit } = onRanks(solve, ranks);
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(seconds, 10);
      expect(parts[limit]).toBe(Math.max(...Object.values(parts)));
    }
  });

  test("on one rank has no messages and is about that of the planner", () => {
    const { seconds, parts } = onRanks(twoLevel, 1);
    expect(parts.latency + parts.bandwidth).toBe(0);
    const { chosen } = planSolve({ ...facts, fixed: { formulation: "schur", preconditioner: "two-level", subdomains: 128, spatialSolver: "cholesky" } });
    expect(Math.abs(seconds / chosen.predictedSeconds - 1)).toBeLessThan(0.15);
  });

  test("of matching does not fall below its sweeps, which ranks do one after another; that of several levels falls far below", () => {
    expect(onRanks(matching, 128).seconds).toBeGreaterThan(0.4 * onRanks(matching, 1).seconds);
    expect(onRanks(levels, 128).seconds).toBeLessThan(0.1 * onRanks(levels, 1).seconds);
    expect(onRanks(matching, 128).limit).toBe("serial sweep");
  });

  test("grows with the latency, and without it more ranks are never slower where all work is shared (negative control)", () => {
    expect(onRanks(twoLevel, 64, 1e-2).seconds).toBeGreaterThan(onRanks(twoLevel, 64).seconds);
    expect(onRanks(twoLevel, 64, 1e-2).limit).toBe("latency");
    const computing = [1, 2, 4, 8, 16, 32, 64].map((ranks) => onRanks(frequencies, ranks, 0).parts.compute);
    computing.slice(1).forEach((seconds, i) => expect(seconds).toBeLessThan(computing[i] * 1.01));
  });
});

describe("auto on ranks", () => {
  const chosenOn = (ranks: number) => planSolve({ ...facts, ranks, network }).chosen;

  test("takes a sequential method on one rank and a time-parallel one on many", () => {
    expect(chosenOn(1).preconditioner.kind).toMatch(/matching|two-level|none/);
    expect(chosenOn(64).preconditioner.kind).toMatch(/two-level|multilevel|time-diagonalization/);
  });

  test("takes diagonalization in time where that is predicted to be the fastest: on many ranks, and not where steps are unequal (negative control)", () => {
    const many = planSolve({ ...facts, ranks: 256, network });
    expect(many.chosen.preconditioner.kind).toBe("time-diagonalization");
    const others = many.alternatives.filter(({ preconditioner }) => preconditioner.kind !== "time-diagonalization");
    expect(others.length).toBeGreaterThan(4);
    for (const { predictedSeconds } of others) expect(predictedSeconds).toBeGreaterThan(many.chosen.predictedSeconds);
    expect(planSolve({ ...facts, equalSteps: false, ranks: 256, network }).chosen.preconditioner.kind).not.toBe("time-diagonalization");
    expect(chosenOn(16).preconditioner.kind).not.toBe("time-diagonalization");
  });

  test("is never slower than the others that it lists", () => {
    const { chosen, alternatives } = planSolve({ ...facts, ranks: 16, network });
    for (const { predictedSeconds } of alternatives) expect(chosen.predictedSeconds).toBeLessThanOrEqual(predictedSeconds);
    expect(new Set(alternatives.map(({ preconditioner }) => preconditioner.kind))).toEqual(new Set(["none", "matching", "overlapping-matching", "two-level", "multilevel", "time-diagonalization"]));
  });

  test("does not propose frequencies for unequal steps", () => {
    const { alternatives } = planSolve({ ...facts, equalSteps: false, ranks: 16, network });
    expect(alternatives.some(({ preconditioner }) => preconditioner.kind === "time-diagonalization")).toBe(false);
  });
});

test("a network says whether it is measured or assumed, and an unknown one is refused", () => {
  for (const { basis } of networks) expect(basis).toMatch(/^(measured|assumed): /);
  expect(() => networkNamed("ether")).toThrow("expected shared-memory, mpi, cluster, got ether");
});
