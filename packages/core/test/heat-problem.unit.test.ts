import {
  boxGrid,
  cg,
  fastDiagonalizationSolver,
  heatProblem,
  optimalControlSolver,
  schurFormulation,
  solveDirect,
  uniformTimeGrid,
  type HeatProblemSpecification,
  type OptimalControlProblem,
} from "@parakkt/core";
import { differingBits } from "@parakkt/testing";

const space = boxGrid({ extent: [1, 2], cells: [4, 6] });
const time = uniformTimeGrid(1, 5);
const specification: HeatProblemSpecification = {
  space,
  time,
  diffusivity: 1,
  initialState: (x, y) => x * (1 - x) * y,
  target: (x, y, _z, t) => x + y + t,
  regularization: 1e-2,
  spatialSolver: fastDiagonalizationSolver,
};
const setUp = (problem: OptimalControlProblem) => optimalControlSolver(problem, { formulation: schurFormulation, method: cg });

describe("a heat problem", () => {
  test("samples functions at the interior points, at the end of each step", () => {
    const problem = heatProblem(specification);
    const out = new Float64Array(space.size);
    problem.target(time.step(3), out);
    expect(differingBits(out, space.evaluate((x, y) => x + y + 0.6))).toBe(0);
    expect(differingBits(problem.initialState, space.evaluate((x, y) => x * (1 - x) * y))).toBe(0);
    expect(problem.cellVolume).toBe((1 / 4) * (2 / 6));
    expect(problem.forcing).toBeUndefined();
  });

  test("weighs its source with the step size", () => {
    const problem = heatProblem({ ...specification, source: (x, y, _z, t) => x * y * t });
    const out = new Float64Array(space.size);
    problem.forcing?.(time.step(2), out);
    out.forEach((value, i) => expect(value).toBeCloseTo(space.evaluate((x, y) => x * y * 0.08)[i], 15));
  });

  test("takes values and procedures in place of functions", () => {
    const byFunctions = heatProblem({ ...specification, source: (x, _y, _z, t) => x - t });
    const byValues = heatProblem({
      ...specification,
      initialState: space.evaluate((x, y) => x * (1 - x) * y),
      target: { at: ({ end }, out) => void space.evaluate((x, y) => x + y + end, out) },
      source: { at: ({ end }, out) => void space.evaluate((x) => x - end, out) },
    });
    const [a, b] = [byFunctions, byValues].map((problem) => solveDirect(problem, { relativeTolerance: 1e-10 }));
    expect(differingBits(a.control.data, b.control.data)).toBe(0);
    expect(a.objective).toEqual(b.objective);
  });

  test.each([0, NaN, Infinity])("refuses the control scale %p", (controlScale) => {
    expect(() => heatProblem({ ...specification, controlScale })).toThrow(`heatProblem: control scale: expected a finite number other than 0, got ${controlScale}`);
  });
});

describe("a malformed problem", () => {
  const problem = heatProblem(specification);

  test.each([0, -1, NaN, Infinity])("with the regularization %p is refused with something to try", (regularization) => {
    expect(() => setUp({ ...problem, regularization })).toThrow(
      `OptimalControlProblem: regularization: expected a positive finite number, got ${regularization}. Without regularization the control is not determined; try 1e-4.`,
    );
  });

  test("with an initial state of the wrong length is refused", () => {
    expect(() => setUp({ ...problem, initialState: new Float64Array(3) })).toThrow("length of the initial state: expected the integrator's stateSize 15, got 3");
  });

  test("with an initial state that is not finite is refused, and says where", () => {
    const initialState = problem.initialState.slice();
    initialState[7] = NaN;
    expect(() => setUp({ ...problem, initialState })).toThrow("initial state at degree of freedom 7: expected finite numbers, got NaN");
  });

  test("with a target or a forcing that is not finite ends the solve and names the field, the step and the degree of freedom", () => {
    const spoiled = (step: number, j: number) => (at: { index: number }, out: Float64Array): void => {
      out.fill(1);
      if (at.index === step) out[j] = Infinity;
    };
    expect(() => setUp({ ...problem, target: spoiled(4, 2) }).solve()).toThrow("target: non-finite value at time step 4, degree of freedom 2");
    expect(() => setUp({ ...problem, forcing: spoiled(1, 9) }).solve()).toThrow("forcing: non-finite value at time step 1, degree of freedom 9");
  });

  test("with an unusable partition is refused", () => {
    expect(() => optimalControlSolver(problem, { formulation: schurFormulation, method: cg, decomposition: { subdomains: 6, overlap: 0 } })).toThrow(
      "timePartition: number of subdomains: expected a whole number from 1 to the 5 time steps, got 6",
    );
  });
});
