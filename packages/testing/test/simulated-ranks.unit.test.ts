import type { NeighbourExchange } from "@parakkt/core";
import { simulateRanks } from "@parakkt/testing";

const exchangeOf = (lengths: Record<keyof NeighbourExchange, number>): NeighbourExchange => ({
  toPrevious: new Float64Array(lengths.toPrevious),
  fromPrevious: new Float64Array(lengths.fromPrevious),
  toNext: new Float64Array(lengths.toNext),
  fromNext: new Float64Array(lengths.fromNext),
});

describe("simulated ranks", () => {
  test("gather in rank order, as often as they like", () => {
    const results = simulateRanks(4, ({ rank, size, allGather }) => {
      const gathered = new Float64Array(size);
      for (let round = 1; round <= 3; round++) allGather(Float64Array.of(round * 10 + rank), gathered);
      return [...gathered];
    });
    expect(results).toEqual(new Array(4).fill([30, 31, 32, 33]));
  });

  test("hand a token through a chain of exchanges", () => {
    const results = simulateRanks(3, (communicator) => {
      let token = communicator.rank === 0 ? 5 : 0;
      for (let turn = 1; turn < communicator.size; turn++) {
        const { rank, size } = communicator;
        const exchange = exchangeOf({ toPrevious: 0, fromPrevious: rank > 0 ? 1 : 0, toNext: rank < size - 1 ? 1 : 0, fromNext: 0 });
        exchange.toNext.fill(token + 1);
        communicator.startExchange(exchange);
        communicator.finishExchange();
        if (rank === turn) token = exchange.fromPrevious[0];
      }
      return { token, messages: communicator.messages };
    });
    expect(results).toEqual([
      { token: 5, messages: 2 },
      { token: 6, messages: 2 },
      { token: 7, messages: 0 },
    ]);
  });

  test("broadcast the root's data and pass barriers together", () => {
    const results = simulateRanks(3, ({ rank, broadcast, barrier }) => {
      const data = Float64Array.of(rank);
      broadcast(1, data);
      barrier();
      return data[0];
    });
    expect(results).toEqual([1, 1, 1]);
  });

  test("refuse programs whose ranks call different operations", () => {
    expect(() => simulateRanks(2, ({ rank, barrier, broadcast }) => (rank === 0 ? barrier() : broadcast(0, new Float64Array(1))))).toThrow(
      "rank 1 calls broadcast from 0 where another rank calls barrier",
    );
  });

  test("refuse programs in which one rank stays away", () => {
    expect(() => simulateRanks(3, ({ rank, barrier }) => (rank < 2 ? barrier() : undefined))).toThrow("the ranks do not take part in the same communications");
  });

  test("refuse exchanges whose buffers do not fit together", () => {
    const program = ({ rank, startExchange, finishExchange }: Parameters<Parameters<typeof simulateRanks>[1]>[0]): void => {
      startExchange(exchangeOf({ toPrevious: 0, fromPrevious: rank === 1 ? 2 : 0, toNext: rank === 0 ? 3 : 0, fromNext: 0 }));
      finishExchange();
    };
    expect(() => simulateRanks(2, program)).toThrow("3 numbers sent from rank 0 to rank 1, 2 expected");
  });

  test("refuse messages that nobody receives", () => {
    expect(() => simulateRanks(2, ({ rank, send }) => (rank === 0 ? send(1, new Float64Array(1)) : undefined))).toThrow("1 messages 0 → 1 were never received");
  });

  test("refuse to wait for a message that nobody sends", () => {
    expect(() => simulateRanks(2, ({ rank, receive }) => (rank === 1 ? receive(0, new Float64Array(1)) : undefined))).toThrow(
      "the ranks do not take part in the same communications",
    );
  });

  test("pass on the errors of a program, and abort with the reason", () => {
    expect(() => simulateRanks(2, () => { throw new Error("broken"); })).toThrow("broken");
    expect(() => simulateRanks(2, ({ rank, abort }) => (rank === 1 ? abort("no memory") : undefined))).toThrow("rank 1 aborts: no memory");
  });
});
