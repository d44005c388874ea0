import {
  boxGrid,
  fastDiagonalizationSolver,
  heapArena,
  heatProblem,
  kktRightHandSide,
  serialCommunicator,
  solveDirect,
  spaceTimeDiscretization,
  timePartition,
  uniformTimeGrid,
  type HeatProblem,
  type HeatProblemSpecification,
  type OptimalControlSolution,
} from "@parakkt/core";
import { denseMatrix, relativeDistance } from "@parakkt/testing";
import { Matrix, solve } from "ml-matrix";
import { denseMatrices, unequalGrid } from "./dense-optimal-control.js";

const specification: HeatProblemSpecification = {
  space: boxGrid({ extent: [1, 0.5], cells: [4, 3] }),
  time: unequalGrid(7),
  diffusivity: 0.3,
  initialState: (x, y) => x * y,
  target: (x, y, _z, t) => Math.cos(t) * (x - y),
  regularization: 1e-3,
  spatialSolver: fastDiagonalizationSolver,
};

/** (u, z, λ) by a dense LU decomposition of the KKT matrix assembled from τ, L, s and ω alone. */
function denseSolution(problem: HeatProblem): Float64Array {
  const { grid, regularization, operator, integrator } = problem;
  const laplacian = denseMatrix(operator.rows, operator.cols, operator.apply);
  const scheme = { implicit: laplacian, control: Matrix.eye(operator.rows).mul(integrator.controlScale) };
  const { kkt } = denseMatrices({ scheme, grid, regularization });
  const discretization = spaceTimeDiscretization({ integrator, regularization, partition: timePartition(grid, 1, 0), communicator: serialCommunicator(), arena: heapArena() });
  const rhs = new Float64Array(kkt.rows);
  kktRightHandSide(discretization, problem, rhs);
  return Float64Array.from(solve(kkt, Matrix.columnVector(rhs)).to1DArray());
}

const vectorOf = ({ state, control, adjoint }: OptimalControlSolution): Float64Array => Float64Array.of(...state.data, ...control.data, ...adjoint.data);

const source = (x: number, y: number, _z: number, t: number): number => Math.exp(-t) * (1 + x + 2 * y);

describe("the direct solver", () => {
  test.each<[string, Partial<HeatProblemSpecification>]>([
    ["equal steps", { time: uniformTimeGrid(2, 6) }],
    ["unequal steps", {}],
    ["a single step", { time: uniformTimeGrid(0.1, 1) }],
    ["a source", { source }],
    ["a scaled control", { controlScale: -3 }],
    ["a small regularization", { regularization: 1e-9 }],
    ["all of that, in one dimension", { space: boxGrid({ extent: [2], cells: [7] }), source, controlScale: 0.2 }],
    ["all of that, in three dimensions", { space: boxGrid({ extent: [1, 2, 1], cells: [3, 3, 4] }), time: unequalGrid(3), source, controlScale: 0.2 }],
  ])("agrees with a dense LU decomposition of the KKT matrix for %s", (_name, changes) => {
    const problem = heatProblem({ ...specification, ...changes });
    const solution = solveDirect(problem, { relativeTolerance: 1e-10 });
    expect(solution.reason).toEqual({ kind: "converged", by: "direct" });
    expect(solution.relativeResidual).toBeLessThanOrEqual(1e-13);
    expect(relativeDistance(vectorOf(solution), denseSolution(problem))).toBeLessThanOrEqual(1e-11);
  });

  test("would not agree if the steps were taken as equal (negative control)", () => {
    const problem = heatProblem(specification);
    const equal = heatProblem({ ...specification, time: uniformTimeGrid(problem.grid.duration, 7) });
    expect(relativeDistance(vectorOf(solveDirect(equal, { relativeTolerance: 1e-10 })), denseSolution(problem))).toBeGreaterThan(1e-3);
  });

  test("says attainable accuracy, with its residual, when more is asked for than rounding allows", () => {
    const solution = solveDirect(heatProblem(specification), { relativeTolerance: 1e-20 });
    expect(solution.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(solution.relativeResidual).toBeGreaterThan(1e-20);
    expect(solution.relativeResidual).toBeLessThan(1e-13);
  });

  test("of a problem without data is zero, with residual zero", () => {
    const zero = (): number => 0;
    const solution = solveDirect(heatProblem({ ...specification, initialState: zero, target: zero }), { relativeTolerance: 1e-10 });
    expect(vectorOf(solution).every((value) => value === 0)).toBe(true);
    expect([solution.relativeResidual, solution.objective.total, solution.reason.kind]).toEqual([0, 0, "converged"]);
  });

  test("refuses a variable diffusivity, and says what to use", () => {
    const problem = heatProblem({ ...specification, diffusivity: (x) => 1 + x, spatialSolver: (operator) => fastDiagonalizationSolver({ ...operator, constantDiffusivity: 1 }) });
    expect(() => solveDirect(problem, { relativeTolerance: 1e-8 })).toThrow(
      "solveDirect: diffusivity: expected a constant, so that sine transforms diagonalise the operator, got one that varies in space. Use the schur formulation",
    );
  });
});
