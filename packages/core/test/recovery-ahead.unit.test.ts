import { heapArena, serialCommunicator, spaceTimeDiscretization, timePartition, uniformTimeGrid, type SpaceTimeVector } from "@parakkt/core";
import { modalIntegrator, simulateRanks } from "@parakkt/testing";
import { recoveryAhead } from "../dist/kkt/recovery-ahead.js";

const partition = timePartition(uniformTimeGrid(1, 4), 4, 0);

/** What happens on each of so many ranks, in order, and the state that is taken the first time; a second time none is. */
function steps(ranks: number, { independent = true, settled = true, spare = true }): { events: string[]; taken: number[] | false }[] {
  return simulateRanks(ranks, (communicator) => {
    const discretization = spaceTimeDiscretization({ integrator: modalIntegrator(Float64Array.of(1)), regularization: 1, partition, communicator, arena: heapArena() });
    const { stateLayout: layout } = discretization;
    const vector = (): Float64Array => new Float64Array(layout.length);
    const events: string[] = [];
    const recover = ({ data }: SpaceTimeVector): void => {
      events.push("recover");
      data.fill(7);
    };
    const ahead = recoveryAhead(discretization, recover, independent);
    ahead.measure(() => void events.push("measure"), spare ? vector : () => undefined);
    if (settled) ahead.settle();
    const state = { layout, data: vector() };
    const taken = ahead.take(state) && [...state.data];
    expect(ahead.take(state)).toBe(false);
    return { events, taken };
  });
}

test("the rank that begins recovers first, those that wait for it measure first; the settled state is taken, once", () => {
  const [first, second] = steps(2, {});
  expect(first).toEqual({ events: ["recover", "measure"], taken: [7, 7] });
  expect(second).toEqual({ events: ["measure", "recover"], taken: [7, 7] });
});

test.each([
  ["one rank has nobody to wait for", 1, {}],
  ["ranks wait for each other in the measurement", 2, { independent: false }],
  ["there is no vector for it", 2, { spare: false }],
])("nothing is recovered ahead where %s", (_, ranks, setting) => {
  for (const { events, taken } of steps(ranks, setting)) expect({ events, taken }).toEqual({ events: ["measure"], taken: false });
});

test("a state that was not settled is not taken (negative control)", () => {
  for (const { events, taken } of steps(2, { settled: false })) {
    expect(events).toHaveLength(2);
    expect(taken).toBe(false);
  }
});

test("a second measurement forgets the first one", () => {
  const discretization = spaceTimeDiscretization({ integrator: modalIntegrator(Float64Array.of(1)), regularization: 1, partition, communicator: serialCommunicator(), arena: heapArena() });
  const ahead = recoveryAhead(discretization, () => undefined, true);
  ahead.settle();
  ahead.measure(() => undefined, undefined);
  expect(ahead.take({ layout: discretization.stateLayout, data: new Float64Array(4) })).toBe(false);
});
