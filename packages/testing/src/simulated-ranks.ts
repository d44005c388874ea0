import { countingCommunicator, rankOrderSum, type CommunicationEngine, type Communicator, type NeighbourExchange } from "@parakkt/core";

/** What one rank gave to one communication; only ranks that name the same operation can meet. */
interface Contribution {
  readonly operation: string;
  readonly vectors: readonly Float64Array[];
}

/** All ranks' contributions to one communication, in rank order. */
type Meeting = (Contribution | undefined)[];

/** All that was ever sent. */
interface Tape {
  readonly meetings: Meeting[];
  /** Messages from one rank to another, by `from → to`. */
  readonly mail: Map<string, Float64Array[]>;
}

/** Thrown through the program of a rank that waits for the others; the program is run again once they have come. */
const waiting = new Error("this rank waits for the others");

/**
 * Runs an SPMD program on `size` ranks in one thread, without concurrency: every rank runs until it needs what another one
 * has not sent yet, and starts again from its beginning when it is there. Returns the results in rank order.
 *
 * The program must be repeatable: no state outside of it. K communications cost K + 1 runs. Throws where ranks call different
 * operations, exchange buffers that do not fit together, or leave messages that nobody receives.
 */
export function simulateRanks<T>(size: number, program: (communicator: Communicator) => T): T[] {
  const tape: Tape = { meetings: [], mail: new Map() };
  for (;;) {
    const before = contributions(tape);
    const runs = Array.from({ length: size }, (_, rank) => runRank(tape, { rank, size }, program));
    const finished = runs.filter(({ outcome }) => outcome !== undefined);
    const allCame = tape.meetings.every((meeting) => isComplete(meeting, size));
    if (finished.length === size && allCame) {
      requireNoMailLeft(tape, runs);
      return finished.map(({ outcome }) => outcome!.result);
    }
    if (contributions(tape) === before) fail("the ranks do not take part in the same communications");
  }
}

interface Place {
  readonly rank: number;
  readonly size: number;
}

/** One run of one rank: its result if it came to its end, and how many messages it took of each kind. */
interface Run<T> {
  readonly outcome: { readonly result: T } | undefined;
  readonly taken: ReadonlyMap<string, number>;
}

function runRank<T>(tape: Tape, place: Place, program: (communicator: Communicator) => T): Run<T> {
  const post = replayPost(tape, place.rank);
  const { taken } = post;
  try {
    return { outcome: { result: program(countingCommunicator({ ...place, ...post, ...replayMeetings(tape.meetings, place) })) }, taken };
  } catch (error) {
    if (error === waiting) return { outcome: undefined, taken };
    throw error;
  }
}

/** Messages from rank to rank. */
function replayPost({ mail }: Tape, rank: number): Pick<CommunicationEngine, "send" | "receive"> & { readonly taken: Map<string, number> } {
  const sent = new Map<string, number>();
  const taken = new Map<string, number>();
  const next = (passed: Map<string, number>, route: string): number => {
    const position = passed.get(route) ?? 0;
    passed.set(route, position + 1);
    return position;
  };
  const box = (route: string): Float64Array[] => mail.get(route) ?? mail.set(route, []).get(route)!;
  return {
    taken,
    send(to, data) {
      const route = `${rank} → ${to}`;
      box(route)[next(sent, route)] ??= data.slice();
    },
    receive(from, data) {
      const route = `${from} → ${rank}`;
      const message = box(route)[next(taken, route)];
      if (message === undefined) throw waiting;
      deliver(message, data, `from rank ${from} to rank ${rank}`);
    },
  };
}

/** Exchanges and collectives, in which all ranks meet. */
function replayMeetings(meetings: Meeting[], { rank, size }: Place): Omit<CommunicationEngine, keyof Place | "send" | "receive"> {
  let position = 0;
  let pending: { exchange: NeighbourExchange; meeting: Meeting } | undefined;

  const join = (operation: string, vectors: readonly Float64Array[]): Meeting => {
    const meeting = (meetings[position++] ??= new Array<undefined>(size).fill(undefined));
    contribute(meeting, rank, { operation, vectors });
    return meeting;
  };
  return {
    startExchange(exchange) {
      if (pending) fail(`rank ${rank} starts an exchange before it has finished the last one`);
      pending = { exchange, meeting: join("exchange", [exchange.toPrevious, exchange.toNext]) };
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
      deliver(joined(all.map(({ vectors }) => vectors[0])), gathered, `to rank ${rank}`);
    },
    allToAll(send, sendCounts, received, receivedCounts) {
      const all = completed(join("all-to-all", parts(send, sendCounts)));
      const own = parts(received, receivedCounts);
      own.forEach((part, from) => deliver(all[from].vectors[rank], part, `from rank ${from} to rank ${rank}`));
    },
    allReduce(values) {
      const all = completed(join(`all-reduce of ${values.length}`, [values]));
      rankOrderSum(joined(all.map(({ vectors }) => vectors[0])), values);
    },
    broadcast(root, data) {
      deliver(completed(join(`broadcast from ${root}`, [data]))[root].vectors[0], data, `from rank ${root} to rank ${rank}`);
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

/** Views of the parts of `data`. */
function parts(data: Float64Array, counts: readonly number[]): Float64Array[] {
  let start = 0;
  return counts.map((count) => data.subarray(start, (start += count)));
}

function joined(vectors: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(vectors.reduce((length, vector) => length + vector.length, 0));
  parts(all, vectors.map(({ length }) => length)).forEach((part, i) => part.set(vectors[i]));
  return all;
}

function requireNoMailLeft<T>({ mail }: Tape, runs: readonly Run<T>[]): void {
  for (const [route, messages] of mail) {
    const left = messages.length - Math.max(...runs.map(({ taken }) => taken.get(route) ?? 0));
    if (left > 0) fail(`${left} messages ${route} were never received`);
  }
}

function isComplete(meeting: Meeting, size: number): boolean {
  return meeting.filter((contribution) => contribution !== undefined).length === size;
}

function contributions({ meetings, mail }: Tape): number {
  const sent = [...mail.values()].reduce((sum, messages) => sum + messages.length, 0);
  return meetings.reduce((sum, meeting) => sum + meeting.filter((contribution) => contribution !== undefined).length, sent);
}
