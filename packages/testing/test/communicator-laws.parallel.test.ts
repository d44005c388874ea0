import { countingCommunicator, serialCommunicator, type CommunicationEngine, type Communicator } from "@parakkt/core";
import { communicatorLaws, simulateRanks } from "@parakkt/testing";

describe.each(communicatorLaws)("$name", ({ program, expected }) => {
  test("on one rank", () => {
    expect(program(serialCommunicator())).toEqual(expected(0, 1));
  });

  test.each([1, 2, 3, 5])("on %i simulated ranks", (size) => {
    simulateRanks(size, program).forEach((result, rank) => expect(result).toEqual(expected(rank, size)));
  });
});

/** The communicator with other operations in place of some of its own. */
const changed = (communicator: Communicator, operations: Partial<Communicator>): Communicator => Object.assign(Object.create(communicator) as Communicator, operations);

/** The laws that a communicator breaks on `size` simulated ranks. */
function brokenLaws(size: number, spoil: (communicator: Communicator) => Communicator): string[] {
  const broken = communicatorLaws.filter(({ program, expected }) => {
    try {
      return simulateRanks(size, (communicator) => program(spoil(communicator))).some((result, rank) => String(result) !== String(expected(rank, size)));
    } catch {
      return true;
    }
  });
  return broken.map(({ name }) => name.split(" ")[0]);
}

describe("a communicator that", () => {
  test("adds the sums of pairs is found (negative control)", () => {
    const pairwise = (communicator: Communicator): Communicator => changed(communicator, {
      allReduce(values) {
        const { length } = values;
        const gathered = new Float64Array(communicator.size * length);
        communicator.allGather(values, gathered);
        values.forEach((_, i) => (values[i] = gathered[i] + gathered[length + i] + (gathered[2 * length + i] + gathered[3 * length + i])));
      },
    });
    expect(brokenLaws(4, pairwise)).toEqual(["all-reduce"]);
  });

  test("delivers parts in the wrong order is found (negative control)", () => {
    const disordered = (communicator: Communicator): Communicator => changed(communicator, {
      allToAll(send, sendCounts, received, receivedCounts) {
        communicator.allToAll(send, sendCounts, received, receivedCounts);
        received.reverse();
      },
    });
    expect(brokenLaws(3, disordered)).toEqual(["all-to-all"]);
  });
});

describe("mistakes are refused before anything is sent", () => {
  const engine = (rank: number, size: number): Communicator =>
    countingCommunicator(new Proxy({ rank, size } as CommunicationEngine, { get: (place, name) => (name in place ? Reflect.get(place, name) : () => fail(name)) }));
  const fail = (name: string | symbol): never => {
    throw new Error(`${String(name)} reached the engine`);
  };
  const none = new Float64Array(0);
  const one = new Float64Array(1);

  test.each<[string, (communicator: Communicator) => void, string]>([
    ["buffers for a neighbour that is not there", (c) => c.startExchange({ toPrevious: one, fromPrevious: none, toNext: none, fromNext: none }), "rank 0 of 2 does not have"],
    ["a message to oneself", (c) => c.send(0, one), "expected another rank, got rank 0 itself"],
    ["a message from a rank that is not there", (c) => c.receive(2, one), "expected a whole number from 0 to 1, got 2"],
    ["a gathered vector of the wrong length", (c) => c.allGather(one, one), "expected 2 gathered, 1 of rank 0, got 1 and 1"],
    ["counts that do not add up", (c) => c.allGather(one, new Float64Array(4), [1, 2]), "expected 3 gathered"],
    ["a transposition whose counts do not fit", (c) => c.allToAll(one, [0, 1], one, [1, 0]), "the rank's own alike"],
    ["an unknown root", (c) => c.broadcast(-1, one), "expected a whole number from 0 to 1, got -1"],
  ])("%s", (_mistake, program, words) => {
    expect(() => program(engine(0, 2))).toThrow(words);
  });
});
