import { backwardEuler, boxGrid, cg, choleskySolver, heatProblem, multigridSolver, schurFormulation, solverParts, uniformTimeGrid, type SpatialSolver, type TimeIntegrator } from "@parakkt/core";

const problem = heatProblem({
  space: boxGrid({ extent: [1, 1], cells: [8, 8] }),
  time: uniformTimeGrid(1, 4),
  diffusivity: 1,
  regularization: 1e-2,
  initialState: () => 0,
  target: () => 1,
  spatialSolver: choleskySolver,
});
const sweepsOf = (solver: SpatialSolver): TimeIntegrator => backwardEuler({ operator: problem.operator, solver });

/** The part of the tolerance at which candidates are accepted. */
function share(sweepIntegrator?: TimeIntegrator): number | undefined {
  return solverParts(problem, { formulation: schurFormulation, method: cg, ...(sweepIntegrator && { sweepIntegrator }) }).formulation.acceptableShare;
}

test("the more exact the solves that measure a candidate, the nearer to the tolerance it is accepted", () => {
  const [cycles, single] = [multigridSolver(problem.operator, { cycles: 1 }), choleskySolver(problem.operator, { precision: "single" })];
  expect([share(sweepsOf(cycles)), share(sweepsOf(single)), share()]).toEqual([0.5, 0.9, 0.95]);
});

test("an integrator of the user counts as exact unless it says otherwise", () => {
  const { exact, ...silent } = sweepsOf(choleskySolver(problem.operator));
  expect(exact).toBe(true);
  expect([share(silent), share({ ...silent, exact: false })]).toEqual([0.9, 0.5]);
});
