/** Solve a heat control problem from code. */
import { boxGrid, cg, fastDiagonalizationSolver, heatProblem, readStep, schurFormulation, solveOptimalControl, uniformTimeGrid } from "@parakkt/core";
import { twoLevel } from "@parakkt/precond";

const problem = heatProblem({
  space: boxGrid({ extent: [1, 1], cells: [32, 32] }),
  time: uniformTimeGrid(1, 64),
  diffusivity: 1,
  regularization: 1e-4,
  initialState: (x, y) => Math.sin(Math.PI * x) * Math.sin(Math.PI * y),
  target: (x, y, _z, t) => t * x * (1 - x) * y * (1 - y),
  spatialSolver: fastDiagonalizationSolver,
});
const solution = solveOptimalControl(problem, {
  formulation: schurFormulation,
  method: cg,
  preconditioner: (discretization) => twoLevel(discretization, { combination: "additive", factor: "exact" }),
  decomposition: { subdomains: 8, overlap: 1 },
});
const control = new Float64Array(problem.space.size);
readStep(solution.control, 64, control); // of the last time step
console.log(solution.reason.kind, solution.iterations, solution.relativeResidual, solution.objective.total);
