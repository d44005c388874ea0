import type { Communicator, NeighbourExchange } from "@parakkt/core";

/** What one rank gave to one communication; only ranks that name the same operation can meet. */
interface Contribution {
  readonly operation: string;
  readonly vectors: readonly Float64Array[];
}

/** All ranks' contributions to one communication, in rank order. */
type Meeting = (Contribution | undefined)[];

/** Thrown through the program of a rank that waits for the others; the program is run again once they have come. */
const waiting = new Error("this rank waits for the others");

/**
 * Runs an SPMD program on `size` ranks in one thread, without concurrency: every rank runs until it needs what another one
 * has not sent yet, and starts again from its beginning when it is there. Returns the results in rank order.
 *
 * The program must be repeatable: no state outside of it. K communications cost K + 1 runs. Throws where ranks call different
 * operations, or exchange buffers that do not fit together.
 */
export function simulateRanks<T>(size: number, program: (communicator: Communicator) => T): T[] {
  const tape: Meeting[] = [];
  for (;;) {
    const before = contributions(tape);
    const outcomes = Array.from({ length: size }, (_, rank) => runRank(tape, { rank, size }, program));
    const finished = outcomes.filter((outcome) => outcome !== undefined);
    if (finished.length === size && tape.every((meeting) => isComplete(meeting, size))) return finished.map(({ result }) => result);
    if (contributions(tape) === before) fail("the ranks do not take part in the same communications");
  }
}

interface Place {
  readonly rank: number;
  readonly size: number;
}

function runRank<T>(tape: Meeting[], place: Place, program: (communicator: Communicator) => T): { result: T } | undefined {
  try {
    return { result: program(replayCommunicator(tape, place)) };
  } catch (error) {
    if (error === waiting) return undefined;
    throw error;
  }
}

function replayCommunicator(tape: Meeting[], { rank, size }: Place): Communicator {
  let position = 0;
  let messages = 0;
  let pending: { exchange: NeighbourExchange; meeting: Meeting } | undefined;

  const join = (operation: string, vectors: readonly Float64Array[]): Meeting => {
    const meeting = (tape[position++] ??= new Array<undefined>(size).fill(undefined));
    contribute(meeting, rank, { operation, vectors });
    return meeting;
  };
  return {
    rank,
    size,
    get messages() {
      return messages;
    },
    startExchange(exchange) {
      if (pending) fail(`rank ${rank} starts an exchange before it has finished the last one`);
      const meeting = join("exchange", [exchange.toPrevious, exchange.toNext]);
      messages += [exchange.toPrevious, exchange.toNext].filter((buffer) => buffer.length > 0).length;
      pending = { exchange, meeting };
    },
    finishExchange() {
      const { exchange, meeting } = pending ?? fail(`rank ${rank} finishes an exchange that it has not started`);
      pending = undefined;
      const all = completed(meeting);
      deliver(all[rank - 1]?.vectors[1], exchange.fromPrevious, `from rank ${rank - 1} to rank ${rank}`);
      deliver(all[rank + 1]?.vectors[0], exchange.fromNext, `from rank ${rank + 1} to rank ${rank}`);
    },
    allGather(local, gathered) {
      const all = completed(join("all-gather", [local]));
      deliver(Float64Array.from(all.flatMap(({ vectors }) => [...vectors[0]])), gathered, `to rank ${rank}`);
      messages++;
    },
    broadcast(root, data) {
      deliver(completed(join(`broadcast from ${root}`, [data]))[root].vectors[0], data, `from rank ${root} to rank ${rank}`);
      if (rank === root) messages++;
    },
    barrier: () => void completed(join("barrier", [])),
    abort: (reason) => fail(`rank ${rank} aborts: ${reason}`),
  };
}

/** Keeps a copy of what the rank gives, the first time that it comes here. */
function contribute(meeting: Meeting, rank: number, { operation, vectors }: Contribution): void {
  const other = meeting.find((contribution) => contribution !== undefined);
  if (other && other.operation !== operation) fail(`rank ${rank} calls ${operation} where another rank calls ${other.operation}`);
  meeting[rank] ??= { operation, vectors: vectors.map((vector) => vector.slice()) };
}

function fail(message: string): never {
  throw new Error(message);
}

function completed(meeting: Meeting): Contribution[] {
  const present = meeting.filter((contribution) => contribution !== undefined);
  if (present.length < meeting.length) throw waiting;
  return present;
}

function deliver(sent: Float64Array = new Float64Array(0), buffer: Float64Array, route: string): void {
  if (sent.length !== buffer.length) fail(`${sent.length} numbers sent ${route}, ${buffer.length} expected`);
  buffer.set(sent);
}

function isComplete(meeting: Meeting, size: number): boolean {
  return meeting.filter((contribution) => contribution !== undefined).length === size;
}

function contributions(tape: readonly Meeting[]): number {
  return tape.reduce((sum, meeting) => sum + meeting.filter((contribution) => contribution !== undefined).length, 0);
}
