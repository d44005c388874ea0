/** Buffers of one exchange with the ranks before and after this one in time; absent at the ends of the time axis. */
export interface NeighbourExchange {
  readonly toPrevious: Float64Array;
  readonly fromPrevious: Float64Array;
  readonly toNext: Float64Array;
  readonly fromNext: Float64Array;
}

/**
 * The ranks of one SPMD program. Every rank owns a contiguous block of time subdomains, runs the same statements
 * and calls these blocking operations in the same order.
 */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** Begins to send to and receive from both neighbours; local work may run until `finishExchange`. One exchange at a time. */
  startExchange(exchange: NeighbourExchange): void;
  finishExchange(): void;
  /** gathered ← the equally long `local` vectors of all ranks, in rank order. */
  allGather(local: Float64Array, gathered: Float64Array): void;
  /** data of `root` ← copied to all ranks. */
  broadcast(root: number, data: Float64Array): void;
  barrier(): void;
  /** Ends the job on all ranks. */
  abort(reason: string): never;
  /** Messages sent by this rank so far. */
  readonly messages: number;
}
