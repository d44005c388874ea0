import { serialCommunicator, sharedDecision, type Communicator } from "@parakkt/core";
import { simulateRanks } from "@parakkt/testing";

/** Reduces `values` one by one; what each rank saw decided before and after each reduction. */
const decisionsSeen = (communicator: Communicator, values: number): { seen: number[]; sums: number[]; messages: number; bytes: number } => {
  let asked = 0;
  const shared = sharedDecision(communicator, () => 10 * communicator.rank + ++asked);
  const seen = [shared.latest()];
  const sums: number[] = [];
  for (let turn = 0; turn < values; turn++) {
    const gathered = new Float64Array(2 * communicator.size);
    shared.communicator.allGather(Float64Array.of(turn, communicator.rank), gathered);
    sums.push(gathered.reduce((sum, value) => sum + value, 0));
    seen.push(shared.latest());
  }
  return { seen, sums, messages: communicator.messages, bytes: communicator.bytes };
};

test.each([2, 3, 5])("%i ranks see what rank 0 decided, at the same places, and the data as they were", (size) => {
  const ranks = simulateRanks(size, (communicator) => decisionsSeen(communicator, 3));
  const sums = [0, 1, 2].map((turn) => size * turn + (size * (size - 1)) / 2);
  for (const rank of ranks) expect(rank).toEqual({ seen: [0, 1, 2, 3], sums, messages: 3, bytes: 3 * 8 * 3 });
});

test("a single rank asks itself whenever it looks", () => {
  expect(decisionsSeen(serialCommunicator(), 2).seen).toEqual([1, 2, 3]);
});

test("gathers of other lengths, and long ones, carry nothing", () => {
  const bytes = simulateRanks(2, (communicator) => {
    const shared = sharedDecision(communicator, () => 1);
    shared.communicator.allGather(new Float64Array(communicator.rank), new Float64Array(1), [0, 1]);
    shared.communicator.allGather(new Float64Array(2000), new Float64Array(4000));
    return [communicator.bytes, shared.latest()];
  });
  expect(bytes).toEqual([
    [16_000, 0],
    [16_008, 0],
  ]);
});
