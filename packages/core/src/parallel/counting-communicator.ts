import { requireArgument } from "../errors.js";
import type { Communicator } from "./communicator.js";

/** What carries a communicator's data: its operations, without counts and checks. */
export type CommunicationEngine = Omit<Communicator, "messages" | "bytes">;

/**
 * The communicator of an engine: checks ranks and lengths, counts messages and bytes, and keeps what needs no
 * communication (empty messages, a single rank's collectives) from the engine. So every engine counts alike.
 */
export function countingCommunicator(engine: CommunicationEngine): Communicator {
  let messages = 0;
  let bytes = 0;
  const count = (doubles: number): void => {
    if (doubles === 0) return;
    messages++;
    bytes += Float64Array.BYTES_PER_ELEMENT * doubles;
  };
  return {
    rank: engine.rank,
    size: engine.size,
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    ...(engine.progress && { progress: engine.progress }),
    ...countedMessages(engine, count),
    ...countedCollectives(engine, count),
    barrier: () => engine.barrier(),
    abort: (reason) => engine.abort(reason),
  };
}

/** Takes note of one message of so many doubles. */
type Count = (doubles: number) => void;

function countedMessages(engine: CommunicationEngine, count: Count): Pick<Communicator, "startExchange" | "finishExchange" | "send" | "receive"> {
  return {
    startExchange(exchange) {
      requireEmptyAtEnds(engine, exchange);
      count(exchange.toPrevious.length);
      count(exchange.toNext.length);
      engine.startExchange(exchange);
    },
    finishExchange: () => engine.finishExchange(),
    send(to, data) {
      requireOtherRank(engine, to, "send");
      count(data.length);
      if (data.length > 0) engine.send(to, data);
    },
    receive(from, data) {
      requireOtherRank(engine, from, "receive");
      if (data.length > 0) engine.receive(from, data);
    },
  };
}

function countedCollectives(engine: CommunicationEngine, count: Count): Pick<Communicator, "allGather" | "allToAll" | "allReduce" | "broadcast"> {
  const { rank, size } = engine;
  return {
    allGather(local, gathered, counts) {
      const expected = counts ? sum(counts) : size * local.length;
      const fits = gathered.length === expected && (!counts || (counts.length === size && counts[rank] === local.length));
      requireArgument(fits, () => lengthMistake("allGather", `${expected} gathered, ${counts?.[rank] ?? local.length} of rank ${rank}`, [gathered, local]));
      if (size > 1) count(local.length);
      engine.allGather(local, gathered, counts);
    },
    allToAll(send, sendCounts, received, receivedCounts) {
      requireTransposition(engine, { send, sendCounts, received, receivedCounts });
      for (let other = 0; other < size; other++) if (other !== rank) count(sendCounts[other]);
      engine.allToAll(send, sendCounts, received, receivedCounts);
    },
    allReduce(values) {
      if (size === 1 || values.length === 0) return;
      count(values.length);
      engine.allReduce(values);
    },
    broadcast(root, data) {
      requireRank(engine, root, "broadcast");
      if (size === 1 || data.length === 0) return;
      if (rank === root) count(data.length);
      engine.broadcast(root, data);
    },
  };
}

type Place = Pick<Communicator, "rank" | "size">;

function requireEmptyAtEnds({ rank, size }: Place, { toPrevious, fromPrevious, toNext, fromNext }: Parameters<Communicator["startExchange"]>[0]): void {
  const beyondFirst = rank === 0 ? toPrevious.length + fromPrevious.length : 0;
  const beyondLast = rank === size - 1 ? toNext.length + fromNext.length : 0;
  requireArgument(beyondFirst + beyondLast === 0, () => ({
    what: `buffers for a neighbour that rank ${rank} of ${size} does not have`,
    where: "startExchange",
    expected: "empty ones",
    got: `${beyondFirst} numbers before the first and ${beyondLast} after the last rank`,
  }));
}

function requireRank({ size }: Place, rank: number, where: string): void {
  requireArgument(Number.isInteger(rank) && rank >= 0 && rank < size, () => ({
    what: "rank",
    where,
    expected: `a whole number from 0 to ${size - 1}`,
    got: String(rank),
  }));
}

function requireOtherRank(place: Place, other: number, where: string): void {
  requireRank(place, other, where);
  requireArgument(other !== place.rank, () => ({ what: "partner", where, expected: "another rank", got: `rank ${other} itself` }));
}

interface Transposition {
  readonly send: Float64Array;
  readonly sendCounts: readonly number[];
  readonly received: Float64Array;
  readonly receivedCounts: readonly number[];
}

function requireTransposition({ rank, size }: Place, { send, sendCounts, received, receivedCounts }: Transposition): void {
  const complete = sendCounts.length === size && receivedCounts.length === size && sendCounts[rank] === receivedCounts[rank];
  requireArgument(complete && send.length === sum(sendCounts) && received.length === sum(receivedCounts), () =>
    lengthMistake("allToAll", `${size} counts each way that add up to the vectors, the rank's own alike (${sendCounts}; ${receivedCounts})`, [send, received]),
  );
}

function lengthMistake(where: string, expected: string, vectors: readonly Float64Array[]) {
  return { what: "lengths", where, expected, got: vectors.map(({ length }) => length).join(" and ") };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
