import {
  boxGrid,
  cg,
  fastDiagonalizationSolver,
  fgmres,
  fullSpaceFormulation,
  heatProblem,
  minres,
  reducedFormulation,
  schurFormulation,
  solveDirect,
  solveOptimalControl,
  uniformTimeGrid,
  type HeatProblem,
  type OptimalControlSolution,
  type SolveOptions,
} from "@parakkt/core";
import { kktBlockDiagonal, kktBlockElimination, twoLevel } from "@parakkt/precond";

/** One problem of heat control with time in units of 1/θ of its duration and the control in units that s = σ belongs to. */
function problemInUnits(theta: number, sigma: number): HeatProblem {
  return heatProblem({
    space: boxGrid({ extent: [1], cells: [16] }),
    time: uniformTimeGrid(theta, 32),
    diffusivity: 0.1 / theta,
    regularization: 1e-3 * (theta * sigma) ** 2,
    controlScale: sigma,
    initialState: (x) => Math.sin(Math.PI * x),
    target: (x, _y, _z, t) => x * (1 - x) * Math.sin((3 * t) / theta),
    spatialSolver: fastDiagonalizationSolver,
  });
}

const decomposition = { subdomains: 4, overlap: 1 };
const additive: NonNullable<SolveOptions["preconditioner"]> = (d) => twoLevel(d, { combination: "additive", factor: "exact" });
const restricted: NonNullable<SolveOptions["preconditioner"]> = (d) => twoLevel(d, { combination: "restricted", factor: "exact" });

const ways: [string, (problem: HeatProblem) => OptimalControlSolution][] = [
  ["direct", (problem) => solveDirect(problem, { relativeTolerance: 1e-8 })],
  ["schur with CG", (problem) => solveOptimalControl(problem, { formulation: schurFormulation, method: cg, preconditioner: additive, decomposition })],
  ["reduced with CG", (problem) => solveOptimalControl(problem, { formulation: reducedFormulation, method: cg })],
  [
    "full-space with FGMRES",
    (problem) => solveOptimalControl(problem, { formulation: fullSpaceFormulation, method: fgmres, preconditioner: (d) => kktBlockElimination(d, restricted(d)), decomposition }),
  ],
  [
    "full-space with MINRES",
    (problem) => solveOptimalControl(problem, { formulation: fullSpaceFormulation, method: minres, preconditioner: (d) => kktBlockDiagonal(d, additive(d)), decomposition }),
  ],
];

describe.each(ways)("%s", (_name, solve) => {
  const reference = solve(problemInUnits(1, 1));

  test.each([
    [1e-8, 1],
    [600, 1e-7],
    [1e8, 1],
    [1e13, -30],
  ])("takes the same iterations to the same verdict and objective with T = %d, s = %d as with T = s = 1", (theta, sigma) => {
    const solution = solve(problemInUnits(theta, sigma));
    expect(solution.reason).toEqual(reference.reason);
    expect(solution.iterations).toBe(reference.iterations);
    expect(Math.abs(solution.objective.total / (theta * reference.objective.total) - 1)).toBeLessThan(1e-9);
    expect(solution.relativeResidual).toBeLessThan(2 * reference.relativeResidual + 1e-13);
  });
});

test("the plain 2-norm would let a state pass whose constraint is violated by a percent where T = 1e8 (negative control)", () => {
  const theta = 1e8;
  const { state, target } = solveDirect(problemInUnits(theta, 1), { relativeTolerance: 1e-8 });
  const length = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const violation = 0.01 * length(state.data);
  const plainRhs = (theta / 32) * length(target.data);
  expect(violation / plainRhs).toBeLessThan(1e-8);
  expect(violation / (plainRhs / theta)).toBeGreaterThan(1e-2);
});
