import { serialCommunicator } from "@parakkt/core";
import { adjointMgrit, mgrit, modelledTime, rankCosts, type CycleOptions, type HierarchyOptions, type RankCost } from "@parakkt/layers";
import { simulateRanks } from "@parakkt/testing";
import { denseNetwork, hierarchyOf, randomState, randomWeights } from "./network-cases.js";

const width = 2;

/** What one more forward cycle, and one more backward cycle, costs each rank. */
function measured(N: number, levels: HierarchyOptions, { size, ...options }: Partial<CycleOptions> & { size: number }): { forward: RankCost[]; backward: RankCost[] } {
  const network = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 3 }), width, batch: 1 });
  const after = (forwardCycles: number, backwardCycles: number): { evaluations: number[]; products: number[]; messages: number; bytes: number }[] =>
    simulateRanks(size, (communicator) => {
      const forward = mgrit(hierarchyOf(N, { ...levels, communicator }), network, options);
      const adjoint = adjointMgrit(forward, network, options);
      const limits = (maxIterations: number) => ({ relativeTolerance: 0, maxIterations });
      forward.solve({ initialState: randomState(network.stateSize) }, limits(forwardCycles));
      adjoint.solve({ finalAdjoint: randomState(network.stateSize) }, limits(backwardCycles));
      const { messages, bytes } = communicator;
      return { evaluations: [...forward.counts.evaluations], products: [...adjoint.counts.evaluations], messages, bytes };
    });
  const [base, moreForward, moreBackward] = [after(1, 1), after(2, 1), after(1, 2)];
  const difference = (more: typeof base, counts: "evaluations" | "products"): RankCost[] =>
    more.map((rank, r) => ({
      evaluations: rank[counts].map((count, l) => count - base[r][counts][l]),
      messages: rank.messages - base[r].messages,
      bytes: rank.bytes - base[r].bytes,
    }));
  return { forward: difference(moreForward, "evaluations"), backward: difference(moreBackward, "products") };
}

describe.each<[number, HierarchyOptions, Partial<CycleOptions>]>([
  [24, { levels: 2, coarsening: 4 }, {}],
  [24, { levels: 3, coarsening: 2 }, { relaxations: [1, 0] }],
  [24, { levels: 4, coarsening: 2 }, { cycle: "F" }],
  [24, { levels: 2, coarsening: 12 }, { relaxations: 0 }],
  [29, { levels: 3, coarsening: [5, 2] }, { relaxations: [2, 1], cycle: "F" }],
])("a cycle on %i steps, %j, %j", (N, levels, options) => {
  test.each([1, 2, 3, 4])("costs each of %i ranks the evaluations, products, messages and bytes of the formulas (MGR.12)", (size) => {
    const found = measured(N, levels, { size, ...options });
    const predicted = rankCosts(hierarchyOf(N, { ...levels, communicator: { ...serialCommunicator(), size } }), { ...options, stateSize: width });
    expect(found.forward).toEqual(predicted);
    expect(found.backward).toEqual([...rankCosts(reversedOf(N, levels, size), { ...options, stateSize: width })].reverse());
  });
});

const reversedOf = (N: number, levels: HierarchyOptions, size: number) => hierarchyOf(N, { ...levels, communicator: { ...serialCommunicator(), size } }).reversed();

test("another relaxation costs another number of messages", () => {
  const messages = (relaxations: number): number => rankCosts(hierarchyOf(24, { levels: 2, communicator: { ...serialCommunicator(), size: 2 } }), { relaxations, stateSize: width })[0].messages;
  expect(messages(2)).toBe(messages(1) + 1);
});

describe("the modelled time of a solve", () => {
  const on = (size: number) => hierarchyOf(256, { levels: 2, communicator: { ...serialCommunicator(), size } });
  const times = { step: 1e-6, latency: 0, perByte: 0 };

  test("without communication is the span times that of a step: two levels, FCF, N/c ranks", () => {
    const { total, serial, communication } = modelledTime({ hierarchy: on(64), iterations: 2, stateSize: 4 }, times);
    expect(total / times.step).toBeCloseTo(4 + 2 * (2 * 3 + 3 + 64), 9);
    expect(serial / times.step).toBeCloseTo(256, 9);
    expect(communication).toBe(0);
  });

  test("on one rank is that of all evaluations, and of the march with one level", () => {
    const alone = modelledTime({ hierarchy: on(1), iterations: 1, stateSize: 4 }, { ...times, latency: 1 });
    expect(alone.total / times.step).toBeCloseTo(256 * 3 + 2 * 64, 9);
    expect(modelledTime({ hierarchy: hierarchyOf(256, { levels: 1 }), iterations: 0, stateSize: 4 }, times).total).toBe(256 * times.step);
  });

  test("grows by latency and bytes of the rank that sends most", () => {
    const solve = { hierarchy: on(4), iterations: 3, stateSize: 4 };
    const [first] = rankCosts(solve.hierarchy, solve);
    const { communication } = modelledTime(solve, { ...times, latency: 1e-6, perByte: 1e-9 });
    expect(communication).toBeCloseTo(3 * (2 * 1e-6 * first.messages + 1e-9 * first.bytes), 12);
  });
});
