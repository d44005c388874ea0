import {
  axpy,
  certify,
  fullSpaceFormulation,
  heapArena,
  readStep,
  reducedFormulation,
  schurFormulation,
  serialCommunicator,
  spaceTimeDiscretization,
  timePartition,
  type Formulation,
  type FormulationFactory,
  type KktCandidate,
  type OptimalControlProblem,
  type SpaceTimeDiscretization,
  type SpaceTimeLayout,
  type SpaceTimeVector,
} from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { denseIntegrator, denseRow, euclideanNorm, fromStepOrder, modalIntegrator, randomSpaceTimeVector, relativeDistance, seededRandom, stepOrderMatrix, toStepOrder, type DenseScheme } from "@parakkt/testing";
import { Matrix, solve } from "ml-matrix";
import { denseMatrices, randomScheme, unequalGrid } from "./dense-optimal-control.js";

/** Rounding of dense solves: condition numbers are at most 1e4. */
const TOLERANCE = 1e-10;

const grid = unequalGrid(7);
const regularization = 0.3;

/** Initial state, target and forcing, where there is one, at random, one vector a step. */
function problemOf(integrator: OptimalControlProblem["integrator"], forced = true): OptimalControlProblem {
  const stepValues = (seed: number, n: number): Float64Array => seededRandom(1000 * seed + n).normalVector(integrator.stateSize);
  return {
    grid,
    integrator,
    regularization,
    initialState: stepValues(1, 0),
    target: ({ index }, out) => out.set(stepValues(2, index)),
    ...(forced && { forcing: ({ index }, out) => out.set(stepValues(3, index)) }),
  };
}

/** (u, z, λ) of (KKT.1) in the order field, step, dof, by a dense LU decomposition of its definition; b₁ = f₁ + R₁u₀. */
function denseSolution({ initialState, target, forcing, integrator }: OptimalControlProblem, scheme: DenseScheme): Float64Array {
  const { kkt } = denseMatrices({ scheme, grid, regularization });
  const { stateSize, controlSize } = integrator;
  const rhs = new Float64Array(kkt.rows);
  const source = rhs.subarray(grid.steps * (stateSize + controlSize));
  for (let n = 1; n <= grid.steps; n++) {
    const [weighted, row] = [rhs, source].map((field) => field.subarray((n - 1) * stateSize, n * stateSize));
    target(grid.step(n), weighted);
    forcing?.(grid.step(n), row);
    weighted.forEach((value, j) => (weighted[j] = grid.step(n).size * value));
  }
  const transported = denseRow(scheme, grid.step(1)).right.mmul(Matrix.columnVector(initialState));
  for (let j = 0; j < stateSize; j++) source[j] += transported.get(j, 0);
  return Float64Array.from(solve(kkt, Matrix.columnVector(rhs)).to1DArray());
}

const inSteps = (vector: SpaceTimeVector): Float64Array[] =>
  Array.from({ length: grid.steps }, (_, k) => {
    const values = new Float64Array(vector.layout.dofs);
    readStep(vector, k + 1, values);
    return values;
  });
const entriesOf = ({ state, control, adjoint }: KktCandidate): Float64Array => Float64Array.from([state, control, adjoint].flatMap(inSteps).flatMap((values) => [...values]));

/** Largest entry between the steps of a vector: its padding. */
const paddingOf = (fields: SpaceTimeLayout[], x: Float64Array): number => {
  const withoutPadding = fromStepOrder(fields, toStepOrder(fields, x));
  return x.reduce((largest, value, i) => Math.max(largest, Math.abs(value - withoutPadding[i])), 0);
};

const factories: { name: string; create: FormulationFactory; unknown: (discretization: SpaceTimeDiscretization) => SpaceTimeLayout[] }[] = [
  { name: "full-space", create: fullSpaceFormulation, unknown: ({ stateLayout, controlLayout }) => [stateLayout, controlLayout, stateLayout] },
  { name: "schur", create: schurFormulation, unknown: ({ stateLayout }) => [stateLayout] },
  { name: "reduced", create: reducedFormulation, unknown: ({ controlLayout }) => [controlLayout] },
];

const eigenvalues = Float64Array.of(0.2, 3, 40);
const modal = { scheme: { implicit: Matrix.diag([...eigenvalues]), control: Matrix.eye(3).mul(-1.7) }, integrator: modalIntegrator(eigenvalues, -1.7) };
const dense = { scheme: randomScheme(11, 4, 3), integrator: { ...denseIntegrator(randomScheme(11, 4, 3)), controlScale: 2.5 } };
const integrators: { blocks: string; scheme: DenseScheme; integrator: OptimalControlProblem["integrator"]; kernels?: () => Kernels }[] = [
  { blocks: "dense blocks without symmetry", ...dense },
  { blocks: "modes on plain kernels", ...modal, kernels: plainKernels },
  { blocks: "modes on SIMD kernels", ...modal, kernels: simdKernels },
];

const cases = factories.flatMap((factory) => integrators.flatMap((integrator) => [1, 4].map((subdomains) => ({ ...factory, ...integrator, subdomains }))));

interface SetUp {
  readonly formulation: Formulation;
  /** The layouts of the unknown. */
  readonly fields: SpaceTimeLayout[];
  /** iterate ← iterate + A⁻¹ defect, completed */
  readonly correct: (defect?: () => Float64Array) => void;
  /** A vector that the operator can work on. */
  readonly vector: () => Float64Array;
}

describe.each(cases)("the $name formulation for $blocks, P = $subdomains,", ({ create, unknown, scheme, integrator, kernels, subdomains }) => {
  const problem = problemOf(integrator);
  const exact = denseSolution(problem, scheme);

  /** Seven steps in four subdomains leave padding behind the last one. */
  const setUp = (data = problem): SetUp => {
    const made = kernels?.();
    const arena = made ?? heapArena();
    const partition = timePartition(grid, subdomains, 0);
    const discretization = spaceTimeDiscretization({ integrator, partition, regularization, communicator: serialCommunicator(), arena, lanes: made && integrator.lanes?.(made) });
    const formulation = create(discretization, data);
    const fields = unknown(discretization);
    const vector = (): Float64Array => arena.allocate(formulation.iterate.length);
    const [input, image] = [vector(), vector()];
    const operator = stepOrderMatrix({ from: fields, to: fields }, (x, out) => {
      input.set(x);
      formulation.operator.apply(input, image);
      out.set(image);
    });
    const correct = (defect = formulation.defect): void => {
      const correction = solve(operator, Matrix.columnVector(toStepOrder(fields, defect()))).to1DArray();
      axpy(1, fromStepOrder(fields, Float64Array.from(correction)), formulation.iterate);
      formulation.complete();
    };
    return { formulation, fields, correct, vector };
  };
  /** A random iterate, completed, on a formulation that was used for another one before. */
  const moved = (seed: number): SetUp => {
    const made = setUp();
    const { iterate, complete, defect } = made.formulation;
    const moveTo = (values: Float64Array[]): void => {
      values.reduce((start, field) => (iterate.set(field, start), start + field.length), 0);
      complete();
    };
    moveTo(made.fields.map((layout, k) => randomSpaceTimeVector(layout, 100 * seed + k)));
    defect();
    moveTo(made.fields.map((layout, k) => randomSpaceTimeVector(layout, 100 * seed + 50 + k)));
    return made;
  };

  test.each([12, 13])("an exact solve with the defect of any iterate leads to the dense solution of (KKT.1), seed %i", (seed) => {
    const { formulation, correct } = moved(seed);
    expect(relativeDistance(entriesOf(formulation.candidate), exact)).toBeGreaterThan(0.1);
    correct();
    expect(relativeDistance(entriesOf(formulation.candidate), exact)).toBeLessThanOrEqual(TOLERANCE);
  });

  test("so does one with the defect after a reset, whatever was before", () => {
    const { formulation, correct } = moved(14);
    formulation.reset();
    expect(formulation.iterate.every((value) => value === 0)).toBe(true);
    correct();
    expect(relativeDistance(entriesOf(formulation.candidate), exact)).toBeLessThanOrEqual(TOLERANCE);
  });

  test("and so it does without a forcing, where the initial state is all that enters the state equation", () => {
    const unforced = problemOf(integrator, false);
    const { formulation, correct } = setUp(unforced);
    formulation.reset();
    correct();
    expect(relativeDistance(entriesOf(formulation.candidate), denseSolution(unforced, scheme))).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeDistance(entriesOf(formulation.candidate), exact)).toBeGreaterThan(0.1);
  });

  test("the residual of an iterate completes the candidate, where the formulation offers that", () => {
    const { formulation, vector } = setUp();
    const { operator, iterate, candidate, residual } = formulation;
    const [x, image, expected, out] = Array.from({ length: 4 }, vector);
    if (!residual) return expect(formulation.name).not.toBe("reduced");
    x.set(moved(20).formulation.iterate);
    formulation.reset();
    expected.set(formulation.defect());
    operator.apply(x, image);
    axpy(-1, image, expected);
    expect(residual(x, out)).toBe(false);
    iterate.set(x);
    expect(residual(iterate, out)).toBe(true);
    expect(relativeDistance(out, expected)).toBeLessThanOrEqual(TOLERANCE);
    const ofResidual = entriesOf(candidate);
    formulation.complete();
    expect(entriesOf(candidate)).toEqual(ofResidual);
    iterate.fill(0);
    formulation.complete();
    expect(relativeDistance(entriesOf(candidate), ofResidual)).toBeGreaterThan(0.1);
  });

  test("the defect of the solution vanishes", () => {
    const { formulation, correct } = moved(15);
    const before = euclideanNorm(formulation.defect());
    formulation.complete();
    correct();
    expect(euclideanNorm(formulation.defect())).toBeLessThanOrEqual(TOLERANCE * before);
  });

  test("with the defect of another iterate it does not (negative control)", () => {
    const { formulation, correct } = moved(16);
    correct(moved(17).formulation.defect);
    expect(relativeDistance(entriesOf(formulation.candidate), exact)).toBeGreaterThan(0.1);
  });

  test("(KKT.2) of a candidate follows from what its correction leaves of the defect, where the formulation offers that", () => {
    const { formulation, vector } = setUp();
    const { operator, iterate, candidate, relativeResidual } = formulation;
    const [correction, image, left, work] = Array.from({ length: 4 }, vector);
    correction.set(moved(19).formulation.iterate);
    operator.apply(correction, image);
    formulation.reset();
    for (let round = 1; round <= 2; round++) {
      left.set(formulation.defect());
      axpy(-1, image, left);
      const predicted = relativeResidual?.(left, work);
      axpy(1, correction, iterate);
      formulation.complete();
      const { relativeResidual: measured } = certify(problem, candidate, serialCommunicator());
      expect(measured).toBeGreaterThan(1e-3);
      if (predicted !== undefined) expect(Math.abs(predicted / measured - 1)).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  test("padding stays zero", () => {
    const { formulation, fields, correct } = moved(18);
    expect(paddingOf(fields, formulation.defect())).toBe(0);
    formulation.complete();
    correct();
    const { state, adjoint } = formulation.candidate;
    expect([paddingOf(fields, formulation.iterate), paddingOf([state.layout], state.data), paddingOf([adjoint.layout], adjoint.data)]).toEqual([0, 0, 0]);
  });
});
