import { boxGrid, fastDiagonalizationSolver, heatProblem, solveDirect, timeGrid, type HeatProblem } from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { relativeDistance } from "@parakkt/testing";
import { stepwiseData } from "../dist/kkt/stepwise-data.js";
import { modalSolver } from "../dist/kkt/direct-modal-solver.js";

function problemOn(cells: readonly number[], withSource: boolean): HeatProblem {
  return heatProblem({
    space: boxGrid({ extent: cells.map((_, axis) => 1 + axis / 2), cells }),
    time: timeGrid([0, 0.1, 0.15, 0.3, 0.7, 0.71, 1]),
    diffusivity: 0.2,
    initialState: (x, y, z) => x * (1 + y) - z,
    target: (x, y, z, t) => Math.exp(x - t) * (1 + y * z),
    ...(withSource && { source: (x: number, y: number, _z: number, t: number) => x - y * t }),
    regularization: 1e-3,
    controlScale: 0.6,
    spatialSolver: fastDiagonalizationSolver,
  });
}

function solvedOn(kernels: Kernels, problem: HeatProblem) {
  const solver = modalSolver(problem, 0.2, { kernels });
  solver.load(stepwiseData(problem));
  solver.solve();
  return solver;
}

describe.each([[[16]], [[11]], [[16, 8]], [[5, 8]], [[32, 32]], [[8, 4, 16]], [[3, 6, 5]]])("on %j cells", (cells) => {
  test.each([false, true])("the SIMD and the plain kernels give the same fields (source: %p)", (withSource) => {
    const problem = problemOn(cells, withSource);
    const [fast, plain] = [solvedOn(simdKernels(), problem), solvedOn(plainKernels(), problem)];
    expect(relativeDistance(fast.state.data, plain.state.data)).toBeLessThan(1e-13);
    expect(relativeDistance(fast.control.data, plain.control.data)).toBeLessThan(1e-13);
  });
});

test.each([
  [[64, 64], 3],
  [[16, 16, 16], 5],
])("storage on %j cells with 6 steps is two fields and %i states besides the kernels' tables", (cells, states) => {
  const size = cells.reduce((product, count) => product * (count - 1), 1);
  const steps = 6;
  const { storage } = modalSolver(problemOn(cells, false), 0.2);
  const blockOfModes = 2 * (steps + 2) * 512;
  expect(storage).toBeGreaterThanOrEqual((2 * steps + states) * size);
  expect(storage).toBeLessThan((2 * steps + states) * size + blockOfModes + 1e4);
});

test("adjoint and target become arrays when they are first asked for, once", () => {
  const problem = problemOn([8, 8], true);
  const { adjoint, control, target } = solveDirect(problem, { relativeTolerance: 1e-10 });
  expect(adjoint.data).toBe(adjoint.data);
  expect(target.data).toBe(target.data);
  expect(relativeDistance(adjoint.data, control.data.map((z) => (1e-3 / 0.6) * z))).toBeLessThan(1e-15);
  expect(target.data[0]).toBeCloseTo(Math.exp(1 / 8 - 0.1), 12);
});
