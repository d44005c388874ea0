import { heapArena, type Communicator } from "@parakkt/core";
import { adjointMgrit, mgrit, parameterGradients, stepSum, type HierarchyOptions, type InitialGuess, type MgritOptions, type StepFunction } from "@parakkt/layers";
import { differingBits, simulateRanks } from "@parakkt/testing";
import { denseNetwork, hierarchyOf, randomState, randomWeights, recurrentNetwork } from "./network-cases.js";

const N = 24;
const width = 2;
const network = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 3 }), width, batch: 2 });
const initialState = randomState(network.stateSize);
const finalAdjoint = randomState(network.stateSize, 98);

interface Pass {
  readonly states: Float64Array;
  readonly adjoints: Float64Array;
  readonly gradient: Float64Array;
  readonly norms: number[];
  readonly evaluations: number[];
  readonly products: number[];
  readonly span: number;
  readonly messages: number;
}

interface Setting extends HierarchyOptions {
  readonly cycles: number;
  readonly options?: MgritOptions;
  readonly source?: (n: number, out: Float64Array) => void;
  readonly guess?: InitialGuess;
  /** Cycles of the adjoint solve, default as many as forward. */
  readonly adjointCycles?: number;
}

/** Forward and adjoint solve of one rank: what it holds of states, adjoints and gradients. */
function pass({ cycles, options, source, guess = "constant", adjointCycles = cycles, ...levels }: Setting, communicator?: Communicator): Pass {
  const hierarchy = hierarchyOf(N, { ...levels, duration: 3, ...(communicator && { communicator }) });
  const forward = mgrit(hierarchy, network, options);
  const adjoint = adjointMgrit(forward, network, options);
  const limits = (maxIterations: number) => ({ relativeTolerance: 0, maxIterations });
  const u = forward.solve({ initialState, guess, ...(source && { rightHandSide: source }) }, limits(cycles));
  const v = adjoint.solve({ finalAdjoint, guess, ...(source && { source }) }, limits(adjointCycles));
  const held = Array.from({ length: forward.held.last - forward.held.first + 1 }, (_, k) => forward.held.first + k);
  const gradient: number[] = [];
  parameterGradients(forward, adjoint, network)((_, part) => gradient.push(...part));
  return {
    states: Float64Array.from(held.flatMap((n) => [...forward.state(n)])),
    adjoints: Float64Array.from(held.flatMap((n) => [...adjoint.adjoint(n - 1)])),
    gradient: Float64Array.from(gradient),
    norms: [...u.residualNorms, ...v.residualNorms],
    evaluations: [...forward.counts.evaluations],
    products: [...adjoint.counts.evaluations],
    span: forward.counts.span + adjoint.counts.span,
    messages: hierarchy.communicator.messages,
  };
}

/** The parts of all ranks one behind the other; where the finest level is replicated, that of the first rank. */
function joined(parts: readonly Pass[], field: "states" | "adjoints" | "gradient", length: number): Float64Array {
  if (parts.every((part) => part[field].length === length)) return parts[0][field];
  return Float64Array.from(parts.flatMap((part) => [...part[field]]));
}

const source = (n: number, out: Float64Array): void => void out.fill(Math.cos(n) / N);

describe.each<[string, Setting]>([
  ["two levels, c = 4", { coarsening: 4, levels: 2, cycles: 2 }],
  ["two levels, c = 12: fewer intervals than ranks", { coarsening: 12, levels: 2, cycles: 1 }],
  ["three levels, c = 2, F-cycle", { coarsening: 2, levels: 3, cycles: 1, options: { cycle: "F" } }],
  ["four levels, c = 2, nested iteration, right-hand sides", { coarsening: 2, levels: 4, cycles: 1, guess: "nested", source }],
  ["three levels with remainders, c = 5 and 2, ν = 2, ω = 1.1", { coarsening: [5, 2], levels: 3, cycles: 2, options: { relaxations: [2, 1], weight: 1.1 } }],
  ["three levels, no forward cycle", { coarsening: 2, levels: 3, cycles: 0, adjointCycles: 1, guess: (n, out) => void out.fill(Math.sin(n)) }],
  ["one level", { levels: 1, cycles: 0 }],
])("%s", (_name, setting) => {
  const alone = pass(setting);

  test.each([2, 3, 4])("states, adjoints, gradients and residuals have the same bits on one rank and on %i", (size) => {
    const parts = simulateRanks(size, (communicator) => pass(setting, communicator));
    for (const field of ["states", "adjoints", "gradient"] as const) expect(differingBits(joined(parts, field, alone[field].length), alone[field])).toBe(0);
    for (const { norms, span } of parts) {
      expect(norms).toEqual(alone.norms);
      expect(span).toBe(alone.span);
    }
  });

  test("the comparison sees a difference in the last place", () => {
    const other = alone.states.slice();
    other[5] = other[5] * (1 + Number.EPSILON);
    expect(differingBits(other, alone.states)).toBe(1);
  });
});

test("ranks share the evaluations of every level, but each of them marches the coarsest", () => {
  const setting = { coarsening: 2, levels: 3, cycles: 2 };
  const alone = pass(setting);
  const parts = simulateRanks(3, (communicator) => pass(setting, communicator));
  const coarsestSteps = N / 4;
  for (const counts of ["evaluations", "products"] as const) {
    const total = (level: number): number => parts.reduce((sum, part) => sum + part[counts][level], 0);
    expect([total(0), total(1)]).toEqual([alone[counts][0], alone[counts][1]]);
    expect(total(2)).toBe(alone[counts][2] + 2 * setting.cycles * coarsestSteps);
  }
});

test("only the first rank's initial state counts", () => {
  const [first, second] = simulateRanks(2, (communicator) => {
    const solver = mgrit(hierarchyOf(N, { levels: 2, communicator }), network);
    const elsewhere = new Float64Array(initialState.length).fill(NaN);
    return solver.solve({ initialState: communicator.rank === 0 ? initialState : elsewhere }, { maxIterations: 1 }).residualNorms;
  });
  expect(second).toEqual(first);
  expect(first.every(Number.isFinite)).toBe(true);
});

test("with two levels a cycle costs two exchanges of one state and two gathers", () => {
  const messagesAfter = (cycles: number): number[] =>
    simulateRanks(3, (communicator) => {
      const solver = mgrit(hierarchyOf(N, { levels: 2, communicator }), network);
      solver.solve({ initialState }, { relativeTolerance: 0, maxIterations: cycles });
      return communicator.messages;
    });
  const [one, two] = [messagesAfter(1), messagesAfter(2)];
  expect(two.map((messages, rank) => messages - one[rank])).toEqual([4, 4, 2]);
});

test("the serial march that replaces a broken iteration runs from rank to rank with the bits of one rank", () => {
  const exploding: StepFunction = {
    stateSize: 2,
    step: (at, state, next) => state.forEach((u, j) => (next[j] = at.level === 0 ? Math.cos(u + j) : u * 1e300 + 1e300)),
  };
  const run = (communicator?: Communicator): { kind: string; states: number[] } => {
    const solver = mgrit(hierarchyOf(N, { levels: 2, ...(communicator && { communicator }) }), exploding);
    const { reason } = solver.solve({ initialState: Float64Array.of(0.3, 0.4) });
    const held = Array.from({ length: solver.held.last - solver.held.first + 1 }, (_, k) => solver.held.first + k);
    return { kind: reason.kind, states: held.flatMap((n) => [...solver.state(n)]) };
  };
  const alone = run();
  const parts = simulateRanks(3, run);
  expect(parts.map(({ kind }) => kind)).toEqual(Array(3).fill("fell-back"));
  expect(differingBits(Float64Array.from(parts.flatMap(({ states }) => states)), Float64Array.from(alone.states))).toBe(0);
});

test.each([
  [37, 3],
  [37, 4],
  [5, 4],
  [64, 3],
])("a sum over %i steps has the same bits however the steps are dealt to %i ranks", (steps, size) => {
  const sum = (communicator: Communicator): Float64Array => {
    const { rank } = communicator;
    const add = stepSum({ steps, size: 2, communicator, arena: heapArena() });
    const total = new Float64Array(2);
    for (let n = Math.floor((rank * steps) / communicator.size) + 1; n <= Math.floor(((rank + 1) * steps) / communicator.size); n++) add.add(n, randomState(2, n));
    add.total(total);
    return total;
  };
  const [alone] = simulateRanks(1, sum);
  for (const total of simulateRanks(size, sum)) expect(differingBits(total, alone)).toBe(0);
  const inOrder = Array.from({ length: steps }, (_, k) => randomState(2, k + 1)).reduce((a, b) => a.map((value, j) => value + b[j]));
  alone.forEach((value, j) => expect(Math.abs(value - inOrder[j])).toBeLessThan(1e-13 * steps));
});

describe("gradients of shared parameters", () => {
  const recurrent = recurrentNetwork({ steps: N, features: 2, seed: 4, batch: 2 });
  const start = randomState(recurrent.stateSize);
  const sharedGradient = (communicator?: Communicator): Float64Array => {
    const hierarchy = hierarchyOf(N, { levels: 2, duration: N, ...(communicator && { communicator }) });
    const forward = mgrit(hierarchy, recurrent);
    const adjoint = adjointMgrit(forward, recurrent);
    forward.solve({ initialState: start }, { maxIterations: 2 });
    adjoint.solve({ finalAdjoint: start }, { maxIterations: 1 });
    const sum = stepSum({ steps: N, size: recurrent.parameterSize, communicator: hierarchy.communicator, arena: heapArena() });
    const total = new Float64Array(recurrent.parameterSize);
    parameterGradients(forward, adjoint, recurrent)((n, gradient) => sum.add(n, gradient));
    sum.total(total);
    return total;
  };

  test.each([2, 3, 4])("add up to the same bits on one rank and on %i", (size) => {
    const alone = sharedGradient();
    for (const total of simulateRanks(size, sharedGradient)) expect(differingBits(total, alone)).toBe(0);
  });
});
