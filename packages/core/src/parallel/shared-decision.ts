import type { Communicator } from "./communicator.js";

/** What rank 0 alone can know (clock, signals, memory), known to all ranks at the same place of the program. */
export interface SharedDecision {
  /** The same ranks; use it in place of the original. */
  readonly communicator: Communicator;
  /** Rank 0's decision as of the last reduction: the same number on all ranks. */
  latest(): number;
}

/** Longer gathers than those of inner products stay as they are. */
const LONGEST = 1024;

/**
 * Lets rank 0 decide for all ranks without a message of its own: each short all-gather, such as those of inner products, carries
 * one number more. So ranks that ask `latest` between the same two reductions never diverge. Cost: 8 bytes a rank and gather.
 */
export function sharedDecision(communicator: Communicator, decide: () => number): SharedDecision {
  const { rank, size } = communicator;
  if (size === 1) return { communicator, latest: decide };
  let latest = 0;
  let own = new Float64Array(0);
  let all = new Float64Array(0);
  const allGather: Communicator["allGather"] = (local, gathered, counts) => {
    const { length } = local;
    if (counts !== undefined || length > LONGEST) return communicator.allGather(local, gathered, counts);
    if (own.length !== length + 1) {
      own = new Float64Array(length + 1);
      all = new Float64Array(size * own.length);
    }
    own[0] = rank === 0 ? decide() : 0;
    own.set(local, 1);
    communicator.allGather(own, all);
    latest = all[0];
    for (let r = 0; r < size; r++) gathered.set(all.subarray(r * own.length + 1, (r + 1) * own.length), r * length);
  };
  return { communicator: Object.assign(Object.create(communicator) as Communicator, { allGather }), latest: () => latest };
}
