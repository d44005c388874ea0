import { boxGrid, cg, defaultStoppingCriteria, fastDiagonalizationSolver, fgmres, fullSpaceFormulation, heatProblem, minres, readStep, reducedFormulation, schurFormulation, sineBasisSolver, solveDirect, uniformTimeGrid, type OptimalControlSolution, type SolveOptions, type SpaceTimeVector } from "@parakkt/core";
import { kktBlockDiagonal, kktBlockElimination, twoLevel } from "@parakkt/precond";

/** J_h for n = 63, N = 256, found to 12 digits by independent modal, sparse LU and CG solvers. */
const REFERENCE = [
  [1, 0.0656619948823156],
  [1e-2, 0.0630520465466711],
  [1e-4, 0.0132660319000004],
  [1e-6, 0.000184485848371322],
] as const;

type Discretization = Parameters<typeof twoLevel>[0];
const additive = (d: Discretization) => twoLevel(d, { combination: "additive", factor: "exact" });
const restricted = (d: Discretization) => twoLevel(d, { combination: "restricted", factor: "exact" });

const ways: [string, Omit<SolveOptions, "criteria" | "decomposition">][] = [
  ["schur with CG", { formulation: schurFormulation, method: cg, preconditioner: additive }],
  ["full-space with FGMRES", { formulation: fullSpaceFormulation, method: fgmres, preconditioner: (d) => kktBlockElimination(d, restricted(d)) }],
  ["full-space with MINRES", { formulation: fullSpaceFormulation, method: minres, preconditioner: (d) => kktBlockDiagonal(d, additive(d)) }],
  ["reduced with CG", { formulation: reducedFormulation, method: cg }],
];

function problem(regularization: number) {
  return heatProblem({
    space: boxGrid({ extent: [1, 1], cells: [64, 64] }),
    time: uniformTimeGrid(1, 256),
    diffusivity: 1,
    regularization,
    initialState: (x, y) => Math.sin(Math.PI * x) * Math.sin(Math.PI * y),
    target: (x, y, _z, t) => Math.sin(2 * Math.PI * t) * Math.sin(Math.PI * x) * Math.sin(2 * Math.PI * y) + t * x * (1 - x) * y * (1 - y),
    spatialSolver: fastDiagonalizationSolver,
  });
}

function relativeDistance(a: SpaceTimeVector, b: SpaceTimeVector): number {
  const [x, y] = [new Float64Array(a.layout.dofs), new Float64Array(a.layout.dofs)];
  let [difference, size] = [0, 0];
  for (let n = 1; n <= a.layout.steps.last; n++) {
    readStep(a, n, x);
    readStep(b, n, y);
    for (let j = 0; j < x.length; j++) {
      difference += (x[j] - y[j]) ** 2;
      size += y[j] ** 2;
    }
  }
  return Math.sqrt(difference / size);
}

describe.each(REFERENCE)("n = 63, N = 256, ω = %d", (regularization, total) => {
  let direct: OptimalControlSolution;
  beforeAll(() => {
    direct = solveDirect(problem(regularization), { relativeTolerance: 1e-10 });
  });

  test.each(ways)("%s agrees with the reference to 1e-9 and with the direct state and control to 1e-8", (name, options) => {
    // The control row carries the weight τω: at ω = 1e-6 a relative residual of 1e-10 leaves the reduced control with an error of 1.05e-8.
    const relativeTolerance = name === "reduced with CG" ? 1e-11 : 1e-10;
    const criteria = { ...defaultStoppingCriteria, relativeTolerance, maxIterations: 2000 };
    const solution = sineBasisSolver(problem(regularization), { ...options, criteria, decomposition: { subdomains: 16, overlap: 1 } }).solve();
    process.stdout.write(`${solution.iterations} iterations, objective ${Math.abs(solution.objective.total / total - 1).toExponential(1)}, state ${relativeDistance(solution.state, direct.state).toExponential(1)}, control ${relativeDistance(solution.control, direct.control).toExponential(1)}\n`);
    expect(solution.reason.kind).toBe("converged");
    expect(Math.abs(solution.objective.total / total - 1)).toBeLessThan(1e-9);
    expect(relativeDistance(solution.state, direct.state)).toBeLessThan(1e-8);
    expect(relativeDistance(solution.control, direct.control)).toBeLessThan(1e-8);
  });
});
