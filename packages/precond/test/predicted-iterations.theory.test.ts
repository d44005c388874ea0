import { boxGrid, cg, fastDiagonalizationSolver, heatProblem, reducedFormulation, schurFormulation, sineBasisSolver, uniformTimeGrid } from "@parakkt/core";
import { matching, planSolve, twoLevel } from "@parakkt/precond";
import { constant, reference } from "./plan-facts.js";

const { PI, sin } = Math;

interface Case {
  readonly points: readonly number[];
  readonly steps: number;
  readonly nu: number;
  readonly omega: number;
  readonly subdomains?: number;
}

/** Iterations of a solve with the reference data, tolerance 1e-8. */
function measured({ points, steps, nu, omega, subdomains }: Case): number {
  const [second, third] = [points.length > 1, points.length > 2];
  const space = boxGrid({ extent: points.map(() => 1), cells: points.map((count) => count + 1) });
  const shape = (x: number, y: number, z: number, k: number): number => sin(PI * x) * (second ? sin(k * PI * y) : 1) * (third ? sin(PI * z) : 1);
  const hill = (x: number, y: number, z: number): number => x * (1 - x) * (second ? y * (1 - y) : 1) * (third ? z * (1 - z) : 1);
  const problem = heatProblem({
    ...{ space, time: uniformTimeGrid(1, steps), diffusivity: nu, regularization: omega, spatialSolver: fastDiagonalizationSolver },
    initialState: (x, y, z) => shape(x, y, z, 1),
    target: (x, y, z, t) => sin(2 * PI * t) * shape(x, y, z, 2) + t * hill(x, y, z),
  });
  const inverse = { combination: "additive", factor: "exact" } as const;
  const { iterations } = sineBasisSolver(problem, {
    method: cg,
    criteria: { relativeTolerance: 1e-8, maxIterations: 400 },
    decomposition: { subdomains: subdomains ?? 1, overlap: (subdomains ?? 1) > 1 ? 1 : 0 },
    ...(subdomains === undefined
      ? { formulation: reducedFormulation }
      : { formulation: schurFormulation, preconditioner: (d) => (subdomains === 1 ? matching(d, "exact") : twoLevel(d, inverse)) }),
  }).solve();
  return iterations;
}

function predicted({ points, steps, nu, omega, subdomains }: Case): number {
  const preconditioner = subdomains === 1 ? ({ preconditioner: "matching" } as const) : ({ preconditioner: "two-level", subdomains: subdomains ?? 1 } as const);
  const fixed = subdomains === undefined ? ({ formulation: "reduced" } as const) : ({ formulation: "schur", ...preconditioner } as const);
  const box = { points, extent: points.map(() => 1), steps };
  return planSolve({ ...reference, ...box, diffusivity: constant(nu), regularization: omega, fixed }).chosen.predictedIterations;
}

const factor = (case_: Case): number => {
  const ratio = predicted(case_) / measured(case_);
  return Math.max(ratio, 1 / ratio);
};

const boxes = [
  { points: [63], steps: 64 },
  { points: [31, 31], steps: 64 },
  { points: [15, 15, 15], steps: 32 },
];
const grid = boxes.flatMap((box) => [1, 1e-2, 1e-4].flatMap((nu) => [1, 1e-2, 1e-4].map((omega): Case => ({ ...box, nu, omega }))));

test.each(grid)("reduced, $points points, ν = $nu, ω = $omega: within 1.6 of the measured count", (given) => {
  expect(factor(given)).toBeLessThanOrEqual(1.6);
});

test("the condition number alone would be wrong by more", () => {
  const given = { points: [31, 31], steps: 64, nu: 1e-2, omega: 1e-4 };
  const condition = 1 + 1 / (given.omega * ((2 * given.nu * PI ** 2) ** 2 + (PI / 2) ** 2));
  const bound = Math.log(2e8) / Math.log((Math.sqrt(condition) + 1) / (Math.sqrt(condition) - 1));
  expect(bound / measured(given)).toBeGreaterThan(3);
});

test.each(grid)("schur with two levels, $points points, ν = $nu, ω = $omega: within 1.5 of the measured count", (given) => {
  expect(factor({ ...given, subdomains: 8 })).toBeLessThanOrEqual(1.5);
});

test.each(grid)("schur with matching, $points points, ν = $nu, ω = $omega: at most 3 below and 5 above the measured count", (given) => {
  const whole = { ...given, subdomains: 1 };
  const excess = predicted(whole) - measured(whole);
  expect(excess).toBeGreaterThanOrEqual(-3);
  expect(excess).toBeLessThanOrEqual(5);
});
