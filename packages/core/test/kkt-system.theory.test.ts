import { kktFields, kktSpace, kktSystem, reducedHessian, schurComplement, uniformTimeGrid, type TimeGrid } from "@parakkt/core";
import { differingBits, dot, modalIntegrator, randomSpaceTimeVector, roundingBound, seededRandom, serialDiscretization, stepOrderMatrix, symmetricEigenvalues } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { denseMatrices, discretize, matrixDistance, randomScheme, unequalGrid } from "./dense-optimal-control.js";

const grids: [string, TimeGrid][] = [
  ["equal steps", uniformTimeGrid(1, 8)],
  ["unequal steps", unequalGrid(8)],
];
/** A product of two rows of J: sums of at most 8 · 3 terms, in both factors. */
const ENTRY = roundingBound(100);
/** H contains J⁻¹, whose condition is about 50 here. */
const SOLVED = 50 * roundingBound(100);

describe.each(grids)("with %s", (_name, grid) => {
  const problem = { scheme: randomScheme(5), grid, regularization: 1e-2 };
  const dense = denseMatrices(problem);

  describe.each([1, 3, 4])("and P = %i", (subdomains) => {
    const discretization = discretize(problem, subdomains);
    const { stateLayout, controlLayout } = discretization;
    const fields = [stateLayout, controlLayout, stateLayout];

    test("K is the block matrix (KKT.1)", () => {
      const system = kktSystem(discretization);
      const matrix = stepOrderMatrix({ from: fields, to: fields }, system.apply);
      expect(matrixDistance(matrix, dense.kkt)).toBeLessThanOrEqual(ENTRY);
      expect([system.rows, system.cols]).toEqual([kktSpace(discretization).size, kktSpace(discretization).size]);
    });

    test("K is symmetric, and has one positive eigenvalue for each state and control and one negative for each adjoint", () => {
      const matrix = stepOrderMatrix({ from: fields, to: fields }, kktSystem(discretization).apply);
      expect(matrixDistance(matrix, matrix.transpose())).toBeLessThanOrEqual(ENTRY);
      const eigenvalues = symmetricEigenvalues(matrix);
      expect(eigenvalues.filter((value) => value < 0).length).toBe(dense.jacobian.rows);
      expect(eigenvalues.filter((value) => value > 0).length).toBe(dense.jacobian.rows + dense.control.columns);
    });

    test("S = J W⁻¹ Jᵀ + B W⁻¹ Bᵀ/ω (SCH.1), symmetric positive definite", () => {
      const matrix = stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, schurComplement(discretization).apply);
      expect(matrixDistance(matrix, dense.schur)).toBeLessThanOrEqual(ENTRY);
      expect(symmetricEigenvalues(matrix)[0]).toBeGreaterThan(0);
    });

    test("S is the Schur complement of K on the adjoint: det K = ± det W det ωW det S", () => {
      const logarithms = (matrix: Matrix): number => symmetricEigenvalues(matrix).reduce((sum, value) => sum + Math.log(Math.abs(value)), 0);
      const kkt = stepOrderMatrix({ from: fields, to: fields }, kktSystem(discretization).apply);
      const schur = stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, schurComplement(discretization).apply);
      const eliminated = logarithms(dense.stateWeights) + logarithms(Matrix.mul(dense.controlWeights, problem.regularization));
      expect(logarithms(kkt)).toBeCloseTo(eliminated + logarithms(schur), 8);
    });

    test("H = ωW + Bᵀ J⁻ᵀ W J⁻¹ B", () => {
      const matrix = stepOrderMatrix({ from: [controlLayout], to: [controlLayout] }, reducedHessian(discretization).apply);
      expect(matrixDistance(matrix, dense.reducedHessian)).toBeLessThanOrEqual(SOLVED);
    });
  });
});

describe("the residual (KKT.2)", () => {
  const discretization = discretize({ scheme: randomScheme(9), grid: unequalGrid(6), regularization: 0.3 }, 4);
  const system = kktSystem(discretization);
  const vector = (seed: number): Float64Array => {
    const x = new Float64Array(system.rows);
    const { state, control, adjoint } = kktFields(discretization, x);
    state.set(randomSpaceTimeVector(discretization.stateLayout, seed));
    control.set(randomSpaceTimeVector(discretization.controlLayout, seed + 1));
    adjoint.set(randomSpaceTimeVector(discretization.stateLayout, seed + 2));
    return x;
  };

  /** The rows in one unit, time in units of T and the control in units of state/(|s|T): weights 1/T, 1/(|s|T²), 1. */
  const inOneUnit = (x: Float64Array): number => {
    const { grid } = discretization.partition;
    const s = Math.abs(discretization.integrator.controlScale);
    const { state, control, adjoint } = kktFields(discretization, x);
    const square = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
    return Math.sqrt(square(state) / grid.duration ** 2 + square(control) / (s * grid.duration ** 2) ** 2 + square(adjoint));
  };
  const near = (found: number, expected: number): void => expect(Math.abs(found / expected - 1)).toBeLessThan(1e-13);

  test("is ‖r − K x‖/‖r‖ with the rows in one unit, and leaves r − K x behind", () => {
    const [x, rhs, image, residual] = [vector(1), vector(4), new Float64Array(system.rows), new Float64Array(system.rows)];
    system.apply(x, image);
    const difference = rhs.map((value, i) => value - image[i]);
    near(system.relativeResidual(x, rhs, residual), inOneUnit(difference) / inOneUnit(rhs));
    expect(differingBits(residual, difference)).toBe(0);
    expect(system.relativeResidual(x, image, residual)).toBe(0);
  });

  test("for a zero right-hand side is ‖K x‖, and zero for a zero vector", () => {
    const [x, zero, image, residual] = [vector(1), new Float64Array(system.rows), new Float64Array(system.rows), new Float64Array(system.rows)];
    system.apply(x, image);
    near(system.relativeResidual(x, zero, residual), inOneUnit(image));
    expect(system.relativeResidual(zero, zero, residual)).toBe(0);
  });

  test("leaves the fields of a vector where kktFields says", () => {
    const x = vector(1);
    const { state, control, adjoint } = kktFields(discretization, x);
    expect([state.buffer, control.buffer, adjoint.buffer]).toEqual([x.buffer, x.buffer, x.buffer]);
    expect([...state, ...control, ...adjoint]).toEqual([...x]);
    expect(dot(x, x)).toBeCloseTo(dot(state, state) + dot(control, control) + dot(adjoint, adjoint), 10);
  });
});

describe("the Kronecker form of S for equal steps", () => {
  const steps = 9;
  const eigenvalues = Float64Array.from(seededRandom(3).normalVector(4), (value) => 10 * value * value);
  const [regularization, controlScale] = [1e-3, 2];
  const tau = 1 / steps;
  const c = (controlScale * tau) / Math.sqrt(regularization);
  const discretization = serialDiscretization({ integrator: modalIntegrator(eigenvalues, controlScale), steps, regularization, subdomains: 4 });
  const { stateLayout } = discretization;
  const schur = stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, schurComplement(discretization).apply);

  /** T_c ⊗ I + (D + Dᵀ) ⊗ X + I ⊗ X² over τ, X = τL, with the given first entry of T_c */
  const kronecker = (firstEntry: number): Matrix => {
    const size = eigenvalues.length;
    const matrix = Matrix.zeros(steps * size, steps * size);
    for (let k = 0; k < steps; k++) {
      eigenvalues.forEach((eigenvalue, q) => {
        const x = tau * eigenvalue;
        const i = k * size + q;
        matrix.set(i, i, ((k === 0 ? firstEntry : 2 + c * c) + 2 * x + x * x) / tau);
        if (k > 0) matrix.set(i, i - size, (-1 - x) / tau);
        if (k < steps - 1) matrix.set(i, i + size, (-1 - x) / tau);
      });
    }
    return matrix;
  };

  test("is τS = T_c ⊗ I + (D + Dᵀ) ⊗ X + I ⊗ X² (SCH.2), first entry of T_c 1 + c²", () => {
    expect(matrixDistance(schur, kronecker(1 + c * c))).toBeLessThanOrEqual(ENTRY);
  });

  test("has no Dirichlet condition at the left end: with first entry 2 + c² it is another matrix (negative control)", () => {
    expect(matrixDistance(schur, kronecker(2 + c * c))).toBeGreaterThan(1e-3);
  });
});
