import { cg, choleskySolver, fastDiagonalizationSolver, schurFormulation, solveDirect, fieldErrors, manufacturedProblem, solveOptimalControl, uniformTimeGrid, type Course, type FieldErrors, type HeatProblem, type Manufactured, type OptimalControlSolution, type Shape } from "@parakkt/core";
import { observedOrders } from "@parakkt/testing";
import { classicalMatching } from "./matching-preconditioners.js";

const { PI, cos, exp, sin } = Math;
const dimensions = [1, 2, 3];
const extents = [1, 0.75, 1.25];
const FIELDS = ["state", "control", "adjoint"] as const;
const common = { regularization: 0.05, controlScale: 1.5, spatialSolver: fastDiagonalizationSolver };

const solveDirectly = (problem: HeatProblem): OptimalControlSolution => solveDirect(problem, { relativeTolerance: 1e-10 });

/** The order between the two finest of a series of solutions. */
function finestOrders(errors: readonly FieldErrors[]): FieldErrors {
  const order = (field: keyof FieldErrors): number => observedOrders(errors.map((error) => error[field])).at(-1)!;
  return { state: order("state"), control: order("control"), adjoint: order("adjoint") };
}

function expectOrders(orders: FieldErrors, expected: number): void {
  for (const field of FIELDS) {
    expect(orders[field]).toBeGreaterThanOrEqual(expected - 0.05);
    expect(orders[field]).toBeLessThanOrEqual(expected + 0.05);
  }
}

describe("in time", () => {
  const final = 0.5;
  const wave: Course = { value: (t) => cos(3 * t) + t, derivative: (t) => 1 - 3 * sin(3 * t) };
  /** Zero at T, with a slope. */
  const fading: Course = { value: (t) => (final - t) * exp(t), derivative: (t) => (final - t - 1) * exp(t) };

  /** Sines on 4 cells per axis with Lφ from the discrete eigenvalue, so that the error of the space discretization is zero. */
  const discreteMode = (dimension: number, frequencies: readonly number[]): Shape => {
    const factor = (axis: number, x: number): number => (axis < dimension ? sin((frequencies[axis] * PI * x) / extents[axis]) : 1);
    const value = (x: number, y: number, z: number): number => factor(0, x) * factor(1, y) * factor(2, z);
    const eigenvalue = frequencies.slice(0, dimension).reduce((sum, k, axis) => sum + (8 / extents[axis]) ** 2 * sin((PI * k) / 8) ** 2, 0);
    return { value, image: (x, y, z) => eigenvalue * value(x, y, z) };
  };
  const sum = (a: Shape, b: Shape): Shape => ({ value: (...at) => a.value(...at) + 0.5 * b.value(...at), image: (...at) => a.image!(...at) + 0.5 * b.image!(...at) });

  const manufactured = (dimension: number): Manufactured => {
    const shape = sum(discreteMode(dimension, [1, 1, 1]), discreteMode(dimension, [2, 1, 3]));
    return {
      ...common,
      extent: extents.slice(0, dimension),
      cells: [4, 4, 4].slice(0, dimension),
      diffusivity: 1,
      state: { shape, course: wave },
      adjoint: { shape, course: fading },
    };
  };
  const errorsAt = (steps: number, dimension: number): FieldErrors => {
    const example = manufactured(dimension);
    const problem = manufacturedProblem(example, uniformTimeGrid(final, steps));
    return fieldErrors(example, problem, solveDirectly(problem));
  };

  test.each(dimensions)("backward Euler is of order 1 in state, control and adjoint, %i-D", (dimension) => {
    expectOrders(finestOrders([256, 512, 1024].map((steps) => errorsAt(steps, dimension))), 1);
  });

  test("an adjoint that is not zero at T is not approximated at all (negative control)", () => {
    const example = manufactured(1);
    const shifted: Course = { value: (t) => fading.value(t) + 1, derivative: fading.derivative };
    const wrong: Manufactured = { ...example, adjoint: { ...example.adjoint, course: shifted } };
    const errors = [256, 512].map((steps) => {
      const problem = manufacturedProblem(wrong, uniformTimeGrid(final, steps));
      return fieldErrors(wrong, problem, solveDirectly(problem));
    });
    expect(finestOrders(errors).adjoint).toBeLessThan(0.6);
  });
});

/** e^{x/ℓ} sin(kπx/ℓ) on every axis: zero on the boundary, and no eigenfunction. −∆ of the product, ν = 1. */
function smoothShape(dimension: number, k: number): Shape {
  const factor = (axis: number, x: number): number => (axis < dimension ? exp(x / extents[axis]) * sin((k * PI * x) / extents[axis]) : 1);
  const second = (axis: number, x: number): number => {
    const [ell, frequency] = [extents[axis], k * PI];
    return (exp(x / ell) * ((1 - frequency ** 2) * sin((frequency * x) / ell) + 2 * frequency * cos((frequency * x) / ell))) / ell ** 2;
  };
  return {
    value: (x, y, z) => factor(0, x) * factor(1, y) * factor(2, z),
    image(x, y, z) {
      const at = [x, y, z];
      return -at.slice(0, dimension).reduce((sum, _, axis) => sum + at.reduce((product, value, other) => product * (other === axis ? second : factor)(other, value), 1), 0);
    },
  };
}

/** Linear courses make backward Euler exact: u from any start, λ when it vanishes at T⁺. */
const growing: Course = { value: (t) => 1 + 2 * t, derivative: () => 2 };
const vanishingAt = (end: number): Course => ({ value: (t) => end - t, derivative: () => -1 });

describe("in space", () => {
  const [final, steps] = [0.5, 4];
  const courses = { state: growing, adjoint: vanishingAt(final + final / steps) };

  const errorsAt = (cells: number, dimension: number): FieldErrors => {
    const example: Manufactured = {
      ...common,
      extent: extents.slice(0, dimension),
      cells: [cells, 0.75 * cells, 1.25 * cells].slice(0, dimension),
      diffusivity: 1,
      state: { shape: smoothShape(dimension, 1), course: courses.state },
      adjoint: { shape: smoothShape(dimension, 2), course: courses.adjoint },
    };
    const problem = manufacturedProblem(example, uniformTimeGrid(final, steps));
    return fieldErrors(example, problem, solveDirectly(problem));
  };

  test.each([
    { dimension: 1, cells: [32, 64, 128] },
    { dimension: 2, cells: [32, 64, 128] },
    { dimension: 3, cells: [8, 16, 32] },
  ])("the stencil is of order 2 in state, control and adjoint, $dimension-D", ({ dimension, cells }) => {
    expectOrders(finestOrders(cells.map((count) => errorsAt(count, dimension))), 2);
  });

  test("variable ν with harmonic means at the faces is of order 2, 1-D, by CG on S with Cholesky", () => {
    const nu = (x: number): number => 1 + 0.5 * sin(3 * x);
    const shape = (k: number): Shape => ({
      value: (x) => sin(k * PI * x),
      image: (x) => nu(x) * (k * PI) ** 2 * sin(k * PI * x) - 1.5 * cos(3 * x) * k * PI * cos(k * PI * x),
    });
    const errors = [32, 64, 128].map((cells) => {
      const example: Manufactured = {
        ...common,
        extent: [1],
        cells: [cells],
        diffusivity: nu,
        spatialSolver: choleskySolver,
        state: { shape: shape(1), course: courses.state },
        adjoint: { shape: shape(2), course: courses.adjoint },
      };
      const problem = manufacturedProblem(example, uniformTimeGrid(final, steps));
      const criteria = { relativeTolerance: 1e-11, absoluteTolerance: 0, maxIterations: 100, stagnationWindow: 50 };
      const solution = solveOptimalControl(problem, { formulation: schurFormulation, method: cg, preconditioner: classicalMatching, criteria });
      expect(solution.reason.kind).toBe("converged");
      return fieldErrors(example, problem, solution);
    });
    expectOrders(finestOrders(errors), 2);
  });
});

describe("in space and time together", () => {
  const final = 0.25;
  const fading: Course = { value: (t) => sin(3 * (final - t)), derivative: (t) => -3 * cos(3 * (final - t)) };
  const wave: Course = { value: (t) => exp(-2 * t), derivative: (t) => -2 * exp(-2 * t) };

  test.each([
    { dimension: 1, cells: [8, 16, 32] },
    { dimension: 2, cells: [8, 16, 32] },
    { dimension: 3, cells: [4, 8, 16] },
  ])("τ ∝ h² gives order 2 in h, $dimension-D", ({ dimension, cells }) => {
    const errors = cells.map((count) => {
      const example: Manufactured = {
        ...common,
        extent: extents.slice(0, dimension),
        cells: new Array<number>(dimension).fill(count),
        diffusivity: 1,
        state: { shape: smoothShape(dimension, 1), course: wave },
        adjoint: { shape: smoothShape(dimension, 1), course: fading },
      };
      const problem = manufacturedProblem(example, uniformTimeGrid(final, count ** 2 / 2));
      return fieldErrors(example, problem, solveDirectly(problem));
    });
    expectOrders(finestOrders(errors), 2);
  });
});
