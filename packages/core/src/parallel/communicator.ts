/** Buffers of one exchange with the ranks before and after this one in time; empty at the ends of the time axis. */
export interface NeighbourExchange {
  readonly toPrevious: Float64Array;
  readonly fromPrevious: Float64Array;
  readonly toNext: Float64Array;
  readonly fromNext: Float64Array;
}

/**
 * The ranks of one SPMD program. Every rank owns a contiguous block of time subdomains, runs the same statements
 * and calls these blocking operations in the same order. What arrives does not depend on timing: no "any source", no race.
 *
 * All lengths and counts are numbers of doubles. Between a rank's sends and receives lies no promise of buffering: `send` may
 * wait until its partner receives.
 */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** Begins to send to and receive from both neighbours; local work may run until `finishExchange`. One exchange at a time. */
  startExchange(exchange: NeighbourExchange): void;
  finishExchange(): void;
  /** Sends to one other rank; data may be overwritten afterwards. Messages between two ranks arrive in the order sent. */
  send(to: number, data: Float64Array): void;
  /** Lets what was sent go on its way; for long local work, now and then. Left out where messages need no help. */
  progress?(): void;
  /** data ← the next message from one other rank, as long as it was sent. */
  receive(from: number, data: Float64Array): void;
  /** gathered ← the `local` vectors of all ranks, in rank order; rank r's has `counts[r]` doubles (left out: all are equally long). */
  allGather(local: Float64Array, gathered: Float64Array, counts?: readonly number[]): void;
  /**
   * Transposes the distribution: part r of `send` (`sendCounts[r]` doubles) goes to rank r, and part r of `received`
   * (`receivedCounts[r]` doubles) comes from it. Parts lie one behind the other in rank order, the rank's own among them.
   */
  allToAll(send: Float64Array, sendCounts: readonly number[], received: Float64Array, receivedCounts: readonly number[]): void;
  /** values ← ((values of rank 0 + values of rank 1) + …) on all ranks: the same bits on each, but not for another number of ranks. */
  allReduce(values: Float64Array): void;
  /** data of `root` ← copied to all ranks. */
  broadcast(root: number, data: Float64Array): void;
  barrier(): void;
  /** Ends the job on all ranks. */
  abort(reason: string): never;
  /** Messages sent by this rank so far: one for each message to one rank and for each collective that it gave data to. */
  readonly messages: number;
  /** Bytes of data in these messages; what a collective sends on inside of an engine does not count. */
  readonly bytes: number;
}
