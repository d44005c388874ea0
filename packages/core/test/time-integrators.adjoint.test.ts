import {
  backwardEuler,
  boxGrid,
  choleskySolver,
  countingIntegrator,
  diffusionOperator,
  fastDiagonalizationSolver,
  timeGrid,
  uniformTimeGrid,
  type Diffusivity,
  type SpatialOperator,
  type SpatialSolver,
} from "@parakkt/core";
import { denseIntegrator, describeTimeIntegrator, seededRandom, type IntegratorUnderTest } from "@parakkt/testing";
import { randomScheme } from "./dense-optimal-control.js";

const random = (): (() => number) => {
  const { uniform } = seededRandom(17);
  return () => 2 * uniform() - 1;
};

const smoothDiffusivity: Diffusivity = (x, y, z) => 1 + 0.5 * Math.sin(2 * x + 3 * y - z);
const inclusion: Diffusivity = (x, y) => (x > 0.25 && x < 0.5 && y > 0.25 && y < 0.75 ? 1e4 : 1);

interface HeatCase {
  readonly cells: readonly number[];
  readonly diffusivity: Diffusivity;
  readonly solver: (operator: SpatialOperator) => SpatialSolver;
  readonly controlScale?: number;
}

/** Backward Euler on the unit box, with the lowest mode as smooth state; ν π² d · duration ≈ 1. */
function heat({ cells, diffusivity, solver, controlScale = 1 }: HeatCase): IntegratorUnderTest {
  const grid = boxGrid({ extent: cells.map(() => 1), cells });
  const operator = diffusionOperator(grid, diffusivity);
  const mode = (x: number): number => Math.sin(Math.PI * x);
  const state = grid.evaluate((x, y, z) => mode(x) * (cells.length > 1 ? mode(y) : 1) * (cells.length > 2 ? mode(z) : 1));
  return {
    integrator: backwardEuler({ operator, solver: solver(operator), controlScale }),
    step: uniformTimeGrid(1, 20).step(3),
    random: random(),
    smooth: { state, duration: 0.1 / cells.length },
  };
}

describeTimeIntegrator("backward Euler, 1-D, constant ν, fast diagonalization", () => heat({ cells: [16], diffusivity: 0.7, solver: fastDiagonalizationSolver }));
describeTimeIntegrator("backward Euler, 2-D, constant ν, fast diagonalization", () => heat({ cells: [9, 12], diffusivity: 1, solver: fastDiagonalizationSolver }));
describeTimeIntegrator("backward Euler, 3-D, constant ν, fast diagonalization", () => heat({ cells: [5, 6, 7], diffusivity: 1, solver: fastDiagonalizationSolver }));
describeTimeIntegrator("backward Euler, 1-D, variable ν, Cholesky", () => heat({ cells: [17], diffusivity: smoothDiffusivity, solver: choleskySolver }));
describeTimeIntegrator("backward Euler, 2-D, variable ν, Cholesky", () => heat({ cells: [10, 8], diffusivity: smoothDiffusivity, solver: choleskySolver }));
describeTimeIntegrator("backward Euler, 3-D, variable ν, Cholesky", () => heat({ cells: [6, 5, 4], diffusivity: smoothDiffusivity, solver: choleskySolver }));
describeTimeIntegrator("backward Euler, a scaled control", () => heat({ cells: [8, 8], diffusivity: 1, solver: fastDiagonalizationSolver, controlScale: -2.5 }));

// A stiff inclusion: τ‖L‖ = 4e5 moves the residual of a solve with rounding error alone to 1e-11 of it; its order needs a state that is smooth for it.
describeTimeIntegrator("backward Euler, an inclusion of 1e4, Cholesky", () => {
  const { integrator, step, random: draw } = heat({ cells: [16, 16], diffusivity: inclusion, solver: choleskySolver });
  return { integrator, step, random: draw };
});
describeTimeIntegrator("a step of unusual size", () => ({ ...heat({ cells: [12], diffusivity: 1, solver: fastDiagonalizationSolver }), step: timeGrid([0, 1e-3, 2]).step(2), reaction: 3 }));
describeTimeIntegrator("dense blocks without symmetry", () => ({
  integrator: denseIntegrator(randomScheme(2, 4, 3)),
  step: uniformTimeGrid(1, 8).step(1),
  random: random(),
  smooth: { state: Float64Array.of(1, -1, 0.5, 2), duration: 0.1 },
}));
describeTimeIntegrator("a counted integrator", () => {
  const { integrator, ...options } = heat({ cells: [8], diffusivity: 1, solver: fastDiagonalizationSolver });
  return { integrator: countingIntegrator(integrator, { spatialSolves: 0 }), ...options };
});

describe("backward Euler", () => {
  const { integrator, step } = heat({ cells: [8], diffusivity: 1, solver: fastDiagonalizationSolver, controlScale: 3 });

  test("is (I + τL) u − u₋ and B = sτ I", () => {
    const [u, previous, out] = [new Float64Array(7).fill(1), new Float64Array(7).fill(2), new Float64Array(7)];
    integrator.residual(step, previous, u, out);
    const edge = 1 + (step.size * 1) / (1 / 8) ** 2 - 2;
    expect(out[0]).toBeCloseTo(edge, 12);
    expect(out[3]).toBe(-1);
    integrator.applyControl(step, u, out);
    expect([...out]).toEqual(new Array(7).fill(3 * step.size));
  });

  test("refuses an operator that is not symmetric, and says what to do", () => {
    const operator = { ...diffusionOperator(boxGrid({ extent: [1], cells: [4] }), 1) };
    const solver = fastDiagonalizationSolver(operator);
    expect(() => backwardEuler({ operator: { ...operator, symmetric: false }, solver })).toThrow(
      "backwardEuler: spatial operator: expected a symmetric operator, got one that says it is not. Write a TimeIntegrator of your own",
    );
  });

  test("is counted step by step, forward and adjoint, also under a reaction", () => {
    const counter = { spatialSolves: 0 };
    const counted = countingIntegrator(integrator, counter);
    const [a, b, c] = [new Float64Array(7), new Float64Array(7), new Float64Array(7)];
    counted.step(step, a, b, c);
    counted.withReaction(2).stepAdjoint(step, a, b, c);
    counted.residual(step, a, b, c);
    expect(counter.spatialSolves).toBe(2);
  });
});
