import { heapArena, serialCommunicator, spaceTimeLayout, timePartition, uniformTimeGrid, type LinearOperator, type TimeGrid, type TimeIntegrator } from "@parakkt/core";
import { adjointDefect, denseIntegrator, randomSpaceTimeVector, roundingBound, stepOrderMatrix } from "@parakkt/testing";
import { stateJacobian } from "../dist/space-time/state-jacobian.js";
import { denseMatrices, discretize, matrixDistance, randomScheme, unequalGrid } from "./dense-optimal-control.js";

const grids: [string, TimeGrid][] = [
  ["equal steps", uniformTimeGrid(1, 12)],
  ["unequal steps", unequalGrid(12)],
  ["a single step", uniformTimeGrid(1, 1)],
];
const scheme = randomScheme(11);
/** The longest sum behind an entry: two rows of three products. */
const ENTRY = roundingBound(12);
/** An inner product over all steps. */
const IDENTITY = roundingBound(100);

describe.each(grids)("with %s", (_name, grid) => {
  const problem = { scheme, grid, regularization: 0.1 };
  const dense = denseMatrices(problem);
  const subdomainCounts = [1, 2, 3, 5, 8, 11, 12].filter((subdomains) => subdomains <= grid.steps);

  describe.each(subdomainCounts)("and P = %i, dividing N or not,", (subdomains) => {
    const { jacobian, control, stateLayout, controlLayout } = discretize(problem, subdomains);

    test("J is the block lower bidiagonal matrix of the scheme", () => {
      const matrix = stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, jacobian.apply);
      expect(matrixDistance(matrix, dense.jacobian)).toBeLessThanOrEqual(ENTRY);
    });

    test("B is the block diagonal matrix of the controls", () => {
      const matrix = stepOrderMatrix({ from: [controlLayout], to: [stateLayout] }, control.apply);
      expect(matrixDistance(matrix, dense.control)).toBeLessThanOrEqual(ENTRY);
      expect([control.rows, control.cols]).toEqual([stateLayout.length, controlLayout.length]);
    });

    test("⟨J x, y⟩ = ⟨x, Jᵀ y⟩ and ⟨B z, y⟩ = ⟨z, Bᵀ y⟩", () => {
      const [x, y] = [randomSpaceTimeVector(stateLayout, 1), randomSpaceTimeVector(stateLayout, 2)];
      const z = randomSpaceTimeVector(controlLayout, 3);
      const written = (operator: LinearOperator) => ({ apply: overZeros(operator.apply), applyTranspose: overZeros(operator.applyTranspose) });
      expect(adjointDefect(written(jacobian), x, y)).toBeLessThanOrEqual(IDENTITY);
      expect(adjointDefect(written(control), z, y)).toBeLessThanOrEqual(IDENTITY);
    });

    test("the transposes are the transposed matrices", () => {
      const states = stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, jacobian.applyTranspose);
      const controls = stepOrderMatrix({ from: [stateLayout], to: [controlLayout] }, control.applyTranspose);
      expect(matrixDistance(states, dense.jacobian.transpose())).toBeLessThanOrEqual(ENTRY);
      expect(matrixDistance(controls, dense.control.transpose())).toBeLessThanOrEqual(ENTRY);
    });
  });
});

/** The adjoint defect looks at all entries; the padding, which operators leave alone, is to count as zero. */
function overZeros(apply: LinearOperator["apply"]): LinearOperator["apply"] {
  return (x, out) => apply(x, out.fill(0));
}

describe("J of an integrator that is not its own transpose (negative control)", () => {
  const integrator = denseIntegrator(scheme);
  const layout = spaceTimeLayout(timePartition(unequalGrid(12), 3, 0), 3);
  const [x, y] = [randomSpaceTimeVector(layout, 1), randomSpaceTimeVector(layout, 2)];
  const defectOf = (wrong: Partial<TimeIntegrator>): number => {
    const operator = stateJacobian({ ...integrator, ...wrong }, layout, serialCommunicator(), heapArena());
    return adjointDefect({ apply: overZeros(operator.apply), applyTranspose: overZeros(operator.applyTranspose) }, x, y);
  };

  test("fails the identity when the implicit matrix is not transposed", () => {
    const notTransposed: TimeIntegrator["residualAdjoint"] = (step, multiplier, previous, current) => {
      integrator.residualAdjoint(step, multiplier, previous, current);
      integrator.residual(step, new Float64Array(3), multiplier, current);
    };
    expect(defectOf({ residualAdjoint: notTransposed })).toBeGreaterThan(1e-3);
  });

  test("fails the identity when the transport is dropped", () => {
    const dropped: TimeIntegrator["residualAdjoint"] = (step, multiplier, previous, current) => {
      integrator.residualAdjoint(step, multiplier, previous, current);
      previous.fill(0);
    };
    expect(defectOf({ residualAdjoint: dropped })).toBeGreaterThan(1e-3);
  });
});
