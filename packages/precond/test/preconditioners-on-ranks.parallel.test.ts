import {
  backwardEuler,
  boxGrid,
  choleskySolver,
  diffusionOperator,
  heapArena,
  multigridSolver,
  seededRandom,
  serialCommunicator,
  spaceTimeDiscretization,
  timeGrid,
  timePartition,
  uniformTimeGrid,
  writeStep,
  type Communicator,
  type Preconditioner,
  type SpaceTimeDiscretization,
  type SpatialOperator,
  type SpatialSolver,
  type TimeGrid,
} from "@parakkt/core";
import { plainKernels } from "@parakkt/kernels";
import { matching, multilevel, oneLevel, passesThroughRanks, twoLevel } from "@parakkt/precond";
import { denseIntegrator, differingBits, simulateRanks, toStepOrder } from "@parakkt/testing";
import { Matrix } from "ml-matrix";

const DOFS = 3;

interface Setting {
  readonly grid: TimeGrid;
  readonly subdomains: number;
  readonly overlap: number;
}

type Discretize = (setting: Setting, communicator: Communicator) => SpaceTimeDiscretization;

/** Dense blocks without symmetry, state by state. */
const general: Discretize = ({ grid, subdomains, overlap }, communicator) => {
  const random = seededRandom(31);
  const matrix = (): Matrix => Matrix.add(Matrix.eye(DOFS), Matrix.from1DArray(DOFS, DOFS, [...random.normalVector(DOFS * DOFS)]).mul(0.2));
  const integrator = denseIntegrator({ implicit: matrix(), explicit: matrix(), control: matrix() });
  return spaceTimeDiscretization({ integrator, partition: timePartition(grid, subdomains, overlap), regularization: 1e-2, communicator, arena: heapArena() });
};

/** A heat equation by kernels on blocks of lanes. */
const onLanes = (spatialSolver: (operator: SpatialOperator) => SpatialSolver): Discretize => ({ grid, subdomains, overlap }, communicator) => {
  const operator = diffusionOperator(boxGrid({ extent: [1, 1], cells: [6, 5] }), (x) => 1 + x);
  const integrator = backwardEuler({ operator, solver: spatialSolver(operator), controlScale: 1.5 });
  const kernels = plainKernels();
  const partition = timePartition(grid, subdomains, overlap);
  return spaceTimeDiscretization({ integrator, lanes: integrator.lanes?.(kernels), partition, regularization: 1e-2, communicator, arena: kernels });
};

/** Values that belong to a step, whoever stores them. */
function residualOf({ stateLayout: layout }: SpaceTimeDiscretization): Float64Array {
  const data = new Float64Array(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, seededRandom(1000 + n).normalVector(layout.dofs));
  return data;
}

type Create = (discretization: SpaceTimeDiscretization) => Preconditioner;

const additive = { combination: "additive", factor: "exact" } as const;
const restricted = { combination: "restricted", factor: "dyadic" } as const;
const preconditioners: readonly (readonly [string, Create])[] = [
  ["matching", (d) => matching(d, "exact")],
  ["one level, additive", (d) => oneLevel(d, additive)],
  ["one level, restricted", (d) => oneLevel(d, restricted)],
  ["two levels, additive", (d) => twoLevel(d, additive)],
  ["two levels, restricted, two nodes a subdomain", (d) => twoLevel(d, { ...restricted, nodesPerSubdomain: 2 })],
  ["multilevel, additive", (d) => multilevel(d, { ...additive, serialSteps: 3 })],
  ["multilevel, restricted", (d) => multilevel(d, { ...restricted, serialSteps: 3 })],
];

interface Applied {
  readonly correction: Float64Array;
  readonly messages: number;
  readonly doubles: number;
}

/** Two applications, the second one measured: nothing may be left over from the first. */
const applied = (discretize: Discretize, setting: Setting, create: Create) => (communicator: Communicator): Applied => {
  const discretization = discretize(setting, communicator);
  const { apply } = create(discretization);
  const correction = new Float64Array(discretization.stateLayout.length);
  const residual = discretization.arena.allocate(correction.length);
  const out = discretization.arena.allocate(correction.length);
  residual.set(residualOf(discretization));
  apply(residual, out);
  const [messages, bytes] = [communicator.messages, communicator.bytes];
  apply(residual, out);
  const sent = { messages: communicator.messages - messages, doubles: (communicator.bytes - bytes) / 8 };
  return { ...sent, correction: toStepOrder([discretization.stateLayout], out) };
};

const joined = (parts: readonly Applied[]): Float64Array => Float64Array.from(parts.flatMap(({ correction }) => [...correction]));

const unequal = timeGrid([0, 0.5, 0.6, 1.6, 2, 2.5, 3.5, 3.7, 4, 4.2, 4.9, 5, 5.5, 6, 6.5, 6.6, 7, 7.3, 8]);
const settings: readonly (readonly [string, Setting])[] = [
  ["18 unequal steps in 7 subdomains", { grid: unequal, subdomains: 7, overlap: 1 }],
  ["20 equal steps in 10 subdomains without overlap", { grid: uniformTimeGrid(1, 20), subdomains: 10, overlap: 0 }],
  ["17 equal steps in 2 subdomains", { grid: uniformTimeGrid(1, 17), subdomains: 2, overlap: 1 }],
  ["11 equal steps in 1 subdomain", { grid: uniformTimeGrid(1, 11), subdomains: 1, overlap: 0 }],
];

describe.each(settings)("with %s", (_name, setting) => {
  test.each(preconditioners)("%s has the same bits on any number of ranks, one a step included", (_kind, create) => {
    const serial = applied(general, setting, create)(serialCommunicator());
    for (const ranks of [2, 3, 7, setting.grid.steps]) {
      expect([ranks, differingBits(joined(simulateRanks(ranks, applied(general, setting, create))), serial.correction)]).toEqual([ranks, 0]);
    }
  });
});

const solvers: readonly (readonly [string, Discretize])[] = [
  ["Cholesky", onLanes(choleskySolver)],
  ["multigrid", onLanes((operator) => multigridSolver(operator, { cycles: 2 }))],
];

describe.each(solvers)("on lanes with %s", (_name, discretize) => {
  const setting = { grid: uniformTimeGrid(1, 38), subdomains: 12, overlap: 1 };

  test.each(preconditioners)("%s has the same bits whatever subdomains lie side by side", (_kind, create) => {
    const serial = applied(discretize, setting, create)(serialCommunicator());
    for (const ranks of [3, 12, 14]) {
      expect([ranks, differingBits(joined(simulateRanks(ranks, applied(discretize, setting, create))), serial.correction)]).toEqual([ranks, 0]);
    }
  });
});

describe("coarse sweeps that pass through ranks of at least eight subdomains", () => {
  const setting = { grid: uniformTimeGrid(1, 70), subdomains: 34, overlap: 1 };

  test.each<[string, Create]>([
    ["two levels", (d) => twoLevel(d, { ...additive, nodesPerSubdomain: 2 })],
    ["the second of three levels, where they do not cut it", (d) => multilevel(d, { ...additive, stepsPerSubdomain: 2, serialSteps: 20 })],
  ])("leave every bit of %s as it is on one rank", (_name, create) => {
    const discretize = onLanes(choleskySolver);
    const serial = applied(discretize, setting, create)(serialCommunicator());
    for (const ranks of [2, 3, 4]) {
      expect([ranks, differingBits(joined(simulateRanks(ranks, applied(discretize, setting, create))), serial.correction)]).toEqual([ranks, 0]);
    }
  });

  test("are worth it to two levels combined additively, and not to those that have no other work at the same time", () => {
    const passes = (subdomains: number, lasts: readonly number[]): boolean =>
      passesThroughRanks(timePartition(uniformTimeGrid(1, 64), subdomains, 1), lasts.map((last, rank) => ({ first: (lasts[rank - 1] ?? 0) + 1, last })));
    expect([passes(32, [16, 32, 48, 64]), passes(16, [32, 64])]).toEqual([true, true]);
    expect([passes(16, [16, 32, 48, 64]), passes(8, [32, 64]), passes(16, [30, 64]), passes(16, [64])]).toEqual([false, false, false, false]);
    const messages = (options: typeof additive | typeof restricted): number => simulateRanks(2, applied(general, setting, (d) => twoLevel(d, options))).reduce((total, of) => total + of.messages, 0);
    // Overlap and sums 2 + 2, restriction 1, sweeps 2, prolongation 1; restricted: overlap 2, S 2, restriction 1, one gathering by each rank.
    expect([messages(additive), messages(restricted)]).toEqual([8, 7]);
  });
});

describe("communication of one application with R ranks, n dofs a state, overlap δ and κP coarse nodes", () => {
  const [P, delta] = [12, 2];
  const setting = { grid: uniformTimeGrid(1, 48), subdomains: P, overlap: delta };
  const nodes = (kappa: number, cuts: number, ranks: number) => ({ messages: cuts + ranks, doubles: cuts * DOFS + kappa * P * DOFS });
  /** Each cut between ranks is crossed by so many states, in one message each way. */
  const across = (cuts: number, states: number) => ({ messages: 2 * cuts, doubles: 2 * cuts * states * DOFS });
  const sum = (...parts: readonly { messages: number; doubles: number }[]) => ({
    messages: parts.reduce((total, { messages }) => total + messages, 0),
    doubles: parts.reduce((total, { doubles }) => total + doubles, 0),
  });
  const laws: readonly (readonly [string, Create, (ranks: number) => { messages: number; doubles: number }])[] = [
    ["matching passes one state each way", (d) => matching(d, "exact"), (R) => across(R - 1, 1)],
    ["one level, additive, exchanges δ states each way twice", (d) => oneLevel(d, additive), (R) => sum(across(R - 1, delta), across(R - 1, delta))],
    ["one level, restricted, exchanges δ states each way, and one for S", (d) => oneLevel(d, restricted), (R) => sum(across(R - 1, delta), across(R - 1, 1))],
    ["two levels, additive, send one state more to the next rank and gather κP", (d) => twoLevel(d, additive), (R) => sum(across(R - 1, delta), across(R - 1, delta), nodes(1, R - 1, R))],
    ["two levels, restricted, the same", (d) => twoLevel(d, { ...restricted, nodesPerSubdomain: 2 }), (R) => sum(across(R - 1, delta), across(R - 1, 1), nodes(2, R - 1, R))],
  ];

  test.each(laws)("%s", (_name, create, law) => {
    for (const ranks of [1, 2, 3, 12]) {
      const results = simulateRanks(ranks, applied(general, setting, create));
      const expected = ranks === 1 ? { messages: 0, doubles: 0 } : law(ranks);
      expect(sum(...results)).toEqual(expected);
    }
  });
});

test("an overlap that reaches across a rank's part of a subdomain is refused with what to try", () => {
  const program = (communicator: Communicator) => oneLevel(general({ grid: uniformTimeGrid(1, 12), subdomains: 3, overlap: 2 }, communicator), additive);
  expect(() => simulateRanks(7, program)).toThrow(
    "subdomainSolves: number of ranks: expected parts of subdomains that are no shorter than the overlap of 2 steps, got a part of 1 steps, for 7 ranks and 3 subdomains. Use no more ranks than subdomains, or a smaller overlap.",
  );
});
