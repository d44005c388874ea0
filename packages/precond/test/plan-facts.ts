import type { CostCurve, DiffusivityFacts, GridCosts, PlanFacts, SolveCosts } from "@parakkt/precond";

/** ν the same everywhere. */
export const constant = (nu: number): DiffusivityFacts => ({ constant: nu, smallest: nu, largest: nu });

/** 1 + 0.9 sin 2πx sin 2πy, as `diffusivityProfile` sees it. */
export const smooth: DiffusivityFacts = { smallest: 0.1, largest: 1.9, effective: 0.913, typical: 0.88, jump: 1.6 };

/** 10⁴ in (¼, ½) × (¼, ¾), 1 elsewhere. */
export const inclusion: DiffusivityFacts = { smallest: 1, largest: 1e4, effective: 1.08, typical: 2.6, jump: 1e4 };

/** The reference problem: unit square, n = 127, N = 512, T = 1, ω = 1e-4, 1e-8. */
export const reference: PlanFacts = {
  points: [127, 127],
  extent: [1, 1],
  steps: 512,
  duration: 1,
  equalSteps: true,
  regularization: 1e-4,
  controlScale: 1,
  diffusivity: constant(1),
  relativeTolerance: 1e-8,
};

const flat = (nanoseconds: number): CostCurve => [[1, nanoseconds]];
const lanes = (one: number, eight: number) => ({ one: flat(one), eight: flat(eight) });
const exact = (solve: number) => ({
  reduced: { iteration: flat(2 * solve + 10), rest: flat(2 * solve + 60) },
  schur: { iteration: lanes(2 * solve + 20, solve + 20), windows: flat(solve + 20), rest: flat(solve + 60) },
});
const cycles = (cycle: number) => ({ iteration: lanes(2 * cycle + 20, cycle + 20), windows: flat(cycle + 20), nextCycle: lanes(2 * cycle, cycle) });
const grid = (solve: number): GridCosts => ({
  cholesky: { ...exact(solve), singleWindows: flat(0.6 * solve + 20), analysis: flat(5000), factor: flat(40 * solve) },
  multigrid: { setUp: flat(8000), reduced: exact(150).reduced, schurRest: flat(210), double: cycles(14), single: cycles(11) },
});

/** Round figures of a machine that does not exist, so that choices in tests do not depend on the one that was measured. */
export const roundCosts: SolveCosts = {
  machine: "none",
  date: "1970-01-01",
  start: 0.1,
  fastTransform: flat(3),
  denseTransform: flat(0.2),
  direct: flat(50),
  modes: exact(8),
  fullSpace: { iteration: flat(100), column: flat(5) },
  frequencies: { iteration: flat(50), transforms: flat(60) },
  grids: [grid(15), grid(30), grid(200)],
};
