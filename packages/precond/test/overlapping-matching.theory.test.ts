import {
  boxGrid,
  cg,
  choleskySolver,
  diffusionOperator,
  backwardEuler,
  heapArena,
  multigridSolver,
  schurComplement,
  spaceTimeDiscretization,
  serialCommunicator,
  timeGrid,
  timePartition,
  uniformTimeGrid,
  writeStep,
  type Communicator,
  type SpaceTimeDiscretization,
  type TimeGrid,
} from "@parakkt/core";
import { simdKernels, type Kernels } from "@parakkt/kernels";
import { matching, matchingRows, overlappingMatching } from "@parakkt/precond";
import { denseMatrix, modalIntegrator, preconditionedSpectrum, roundingBound, seededRandom, serialDiscretization, simulateRanks, toStepOrder } from "@parakkt/testing";
import { inverse, Matrix } from "ml-matrix";

const REGULARIZATION = 1e-2;

/** The matrix of an operator on vectors in step order, one mode. */
function denseInSteps({ stateLayout }: SpaceTimeDiscretization, apply: (x: Float64Array, out: Float64Array) => void): Matrix {
  const { last } = stateLayout.steps;
  return denseMatrix(last, last, (x, out) => {
    const [from, to] = [new Float64Array(stateLayout.length), new Float64Array(stateLayout.length)];
    for (let n = 1; n <= last; n++) from[stateLayout.offsetOf(n)] = x[n - 1];
    apply(from, to);
    for (let n = 1; n <= last; n++) out[n - 1] = to[stateLayout.offsetOf(n)];
  });
}

interface OneMode {
  readonly grid: TimeGrid;
  readonly mu: number;
  readonly subdomains: number;
  readonly overlap: number;
  readonly regularization?: number;
}

const discretize = ({ grid, mu, subdomains, overlap, regularization = REGULARIZATION }: OneMode): SpaceTimeDiscretization =>
  serialDiscretization({ integrator: modalIntegrator(Float64Array.of(mu)), steps: grid, regularization, subdomains, overlap });

/** F of one mode, entry by entry. */
function factorMatrix({ grid, mu, regularization = REGULARIZATION }: OneMode, kind: "exact" | "stationary"): Matrix {
  const rows = matchingRows({ grid, range: { first: 1, last: grid.steps }, reactionRate: 1 / Math.sqrt(regularization), kind });
  const F = Matrix.zeros(grid.steps, grid.steps);
  rows.forEach(({ step, reaction, scale, coupling }, k) => {
    F.set(k, k, (1 + step.size * (mu + reaction)) / scale);
    if (k > 0) F.set(k, k - 1, -coupling / scale);
  });
  return F;
}

/** G = Σ R̃ᵢᵀ (RᵢFRᵢᵀ)⁻¹ Rᵢ by dense inversion of the windows. */
function windowMatrix(mode: OneMode, kind: "exact" | "stationary"): Matrix {
  const F = factorMatrix(mode, kind);
  const { partition } = discretize(mode);
  const G = Matrix.zeros(F.rows, F.rows);
  for (let i = 0; i < partition.subdomains; i++) {
    const { first, last } = partition.owned(i);
    const begin = Math.max(1, first - partition.overlap);
    const local = inverse(F.subMatrix(begin - 1, last - 1, begin - 1, last - 1));
    for (let row = first; row <= last; row++) for (let col = begin; col <= last; col++) G.set(row - 1, col - 1, local.get(row - begin, col - begin));
  }
  return G;
}

const unequal = timeGrid(Array.from({ length: 14 }, (_, n) => (n / 13) ** 1.4));

test.each([
  ["equal steps, 4 subdomains of 4", uniformTimeGrid(1, 16), 4, 2],
  ["unequal steps, 5 subdomains of unequal length", unequal, 5, 2],
  ["no overlap", unequal, 3, 0],
])("the preconditioner is GᵀG of (WIN.1): %s", (_, grid, subdomains, overlap) => {
  for (const kind of ["exact", "stationary"] as const) {
    const mode = { grid, mu: 7, subdomains, overlap };
    const discretization = discretize(mode);
    const M = denseInSteps(discretization, overlappingMatching(discretization, kind).apply);
    const G = windowMatrix(mode, kind);
    const expected = G.transpose().mmul(G);
    const difference = Matrix.sub(M, expected);
    expect(Math.max(...difference.to1DArray().map(Math.abs))).toBeLessThanOrEqual(1e3 * Number.EPSILON * Math.max(...expected.to1DArray().map(Math.abs)));
  }
});

test("its spectrum is that of matching but for what the windows forget (WIN.2), which without overlap is much", () => {
  const grid = uniformTimeGrid(1, 64);
  for (const mu of [0, 3, 100]) {
    const [forgets, keeps] = [0, 6].map((overlap) => {
      const mode = { grid, mu, subdomains: 8, overlap, regularization: 1e-3 };
      const discretization = discretize(mode);
      const M = denseInSteps(discretization, overlappingMatching(discretization, "exact").apply);
      return preconditionedSpectrum(M, denseInSteps(discretization, schurComplement(discretization).apply));
    });
    const c = 1 / (64 * Math.sqrt(1e-3));
    const l = c / 2 + Math.sqrt(1 + (c * c) / 4);
    const q = 1 / (l * (l + mu / 64));
    const lost = q ** 7 / Math.sqrt(1 - q * q);
    expect(keeps[0]).toBeGreaterThanOrEqual(0.5 * (1 - lost) ** 2);
    expect(keeps[keeps.length - 1]).toBeLessThanOrEqual((1 + lost) ** 2);
    if (mu === 0) expect(forgets[forgets.length - 1] / forgets[0]).toBeGreaterThan((2 * (1 + lost) ** 2) / (1 - lost) ** 2);
  }
});

const grid = boxGrid({ extent: [1, 0.6], cells: [6, 5] });
const operator = diffusionOperator(grid, (x, y) => 1 + x * y);
const integrators = {
  cholesky: backwardEuler({ operator, solver: choleskySolver(operator) }),
  single: backwardEuler({ operator, solver: choleskySolver(operator, { precision: "single" }) }),
  multigrid: backwardEuler({ operator, solver: multigridSolver(operator, { cycles: 1 }) }),
};

interface HeatOptions {
  readonly subdomains: number;
  readonly overlap: number;
  readonly communicator?: Communicator;
  readonly kernels?: Kernels;
  readonly solver?: keyof typeof integrators;
}

function heat(steps: number, { subdomains, overlap, communicator = serialCommunicator(), kernels, solver = "cholesky" }: HeatOptions): SpaceTimeDiscretization {
  const integrator = integrators[solver];
  const partition = timePartition(uniformTimeGrid(1, steps), subdomains, overlap);
  return spaceTimeDiscretization({ integrator, partition, regularization: 1e-4, communicator, arena: kernels ?? heapArena(), lanes: kernels && integrator.lanes?.(kernels) });
}

/** M⁻¹ of a vector whose values belong to the step, in step order. */
function applied(discretization: SpaceTimeDiscretization): Float64Array {
  const { stateLayout: layout, arena } = discretization;
  const [x, out] = [arena.allocate(layout.length), arena.allocate(layout.length)];
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data: x }, n, seededRandom(n).normalVector(layout.dofs));
  overlappingMatching(discretization, "stationary").apply(x, out);
  return toStepOrder([layout], out);
}

test.each([
  [32, 8, 3],
  [37, 11, 2],
  [12, 3, 4],
])("lanes give what any integrator gives, also where subdomains differ: %i steps, %i subdomains, overlap %i", (steps, subdomains, overlap) => {
  const plain = applied(heat(steps, { subdomains, overlap }));
  const onLanes = applied(heat(steps, { subdomains, overlap, kernels: simdKernels() }));
  const largest = Math.max(...plain.map(Math.abs));
  plain.forEach((value, i) => expect(Math.abs(onLanes[i] - value)).toBeLessThanOrEqual(roundingBound(500) * largest));
});

test("the bits do not depend on the number of ranks, with and without lanes", () => {
  for (const create of [() => ({ kernels: simdKernels() }), () => ({})]) {
    const onRanks = (ranks: number): number[] =>
      simulateRanks(ranks, (communicator) => [...applied(heat(33, { subdomains: 11, overlap: 2, communicator, solver: "multigrid", ...create() }))]).flat();
    const serial = onRanks(1);
    for (const ranks of [2, 5]) expect(onRanks(ranks)).toEqual(serial);
  }
});

test("the product that the sweeps bring along is rᵀM⁻¹r, with the same bits on any number of ranks; half a preconditioner would give another", () => {
  const products = (ranks: number): { along: number; apart: number; square: number }[] =>
    simulateRanks(ranks, (communicator) => {
      const discretization = heat(37, { subdomains: 11, overlap: 2, communicator, kernels: simdKernels() });
      const { stateLayout: layout, arena, stateSpace } = discretization;
      const [r, z] = [arena.allocate(layout.length), arena.allocate(layout.length)];
      for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data: r }, n, seededRandom(n).normalVector(layout.dofs));
      const along = overlappingMatching(discretization, "stationary").applyInnerProduct!(r, z);
      return { along, apart: stateSpace.innerProduct(r, z), square: stateSpace.innerProduct(z, z) };
    });
  const [{ along, apart, square }] = products(1);
  expect(Math.abs(along / apart - 1)).toBeLessThan(roundingBound(500));
  expect(Math.abs(along / square - 1)).toBeGreaterThan(0.1);
  for (const ranks of [2, 5]) for (const onRank of products(ranks)) expect(onRank.along).toBe(along);
});

/** x and p after two moves of the direction, by the halves or by the preconditioner and the space. */
function moved(discretization: SpaceTimeDiscretization, inHalves: boolean): number[] {
  const { stateLayout: layout, arena, stateSpace } = discretization;
  const [r, z, p, x] = Array.from({ length: 4 }, () => arena.allocate(layout.length));
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data: r }, n, seededRandom(n).normalVector(layout.dofs));
  const preconditioner = overlappingMatching(discretization, "stationary");
  const products: number[] = [];
  for (const move of [undefined, { a: 0.3, b: -0.7, x }, { a: 1.1, b: 0.2, x }]) {
    products.push(inHalves ? preconditioner.halves!.begin(r, z) : preconditioner.applyInnerProduct!(r, z));
    if (inHalves) preconditioner.halves!.finish(z, p, move);
    else if (move) stateSpace.advance(move, z, p, x);
    else p.set(z);
  }
  return [...products, ...toStepOrder([layout], p), ...toStepOrder([layout], x)];
}

test.each([
  ["single", 32, 8, 3],
  ["single", 37, 11, 2],
  ["single", 24, 12, 2],
  ["cholesky", 37, 11, 3],
  ["multigrid", 37, 11, 0],
] as const)("in halves, x and p move with the bits of the whole preconditioner, on any number of ranks: %s, %i steps, %i subdomains, overlap %i", (solver, steps, subdomains, overlap) => {
  const onRanks = (ranks: number, inHalves: boolean): number[][] =>
    simulateRanks(ranks, (communicator) => moved(heat(steps, { subdomains, overlap, communicator, kernels: simdKernels(), solver }), inHalves));
  const [whole] = onRanks(1, false);
  expect(onRanks(1, true)[0]).toEqual(whole);
  for (const ranks of [2, 3, 5]) expect(onRanks(ranks, true)).toEqual(onRanks(ranks, false));
  // The serial values are those of the ranks, put together.
  const byStep = (parts: number[][]): number[] => parts.flatMap((part) => part.slice(3, 3 + (part.length - 3) / 2));
  expect(byStep(onRanks(2, true))).toEqual(byStep([whole]));
});

test("conjugate gradients take as many iterations as with matching on the whole interval", () => {
  const iterations = (subdomains: number, overlap: number): number => {
    const discretization = heat(256, { subdomains, overlap, kernels: simdKernels() });
    const { stateLayout: layout, arena, stateSpace: space } = discretization;
    const preconditioner = subdomains === 1 ? matching(discretization, "exact") : overlappingMatching(discretization, "stationary");
    const [rhs, x] = [arena.allocate(layout.length), arena.allocate(layout.length)];
    for (let n = 1; n <= 256; n++) writeStep({ layout, data: rhs }, n, seededRandom(n).normalVector(layout.dofs));
    return cg({ operator: schurComplement(discretization), preconditioner, space, arena }).solve(rhs, x, { relativeTolerance: 1e-8 }).iterations;
  };
  const whole = iterations(1, 0);
  expect(Math.abs(iterations(8, 8) - whole)).toBeLessThanOrEqual(1);
  expect(iterations(8, 0)).toBeGreaterThan(whole + 1);
});

test("conjugate gradients have the same residual norms and the same solution with and without halves", () => {
  const solved = (inHalves: boolean): { norms: readonly number[]; x: Float64Array } => {
    const discretization = heat(64, { subdomains: 8, overlap: 2, kernels: simdKernels(), solver: "single" });
    const { stateLayout: layout, arena, stateSpace: space } = discretization;
    const { halves, ...preconditioner } = overlappingMatching(discretization, "stationary");
    const [rhs, x] = [arena.allocate(layout.length), arena.allocate(layout.length)];
    for (let n = 1; n <= 64; n++) writeStep({ layout, data: rhs }, n, seededRandom(n).normalVector(layout.dofs));
    const method = cg({ operator: schurComplement(discretization), preconditioner: inHalves ? { ...preconditioner, halves: halves! } : preconditioner, space, arena });
    return { norms: method.solve(rhs, x, { relativeTolerance: 1e-8 }).residualNorms, x };
  };
  const [whole, halved] = [solved(false), solved(true)];
  expect(halved.norms).toEqual(whole.norms);
  expect(halved.x).toEqual(whole.x);
});
