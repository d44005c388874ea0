import type { Communicator } from "./communicator.js";

/** The only rank: no neighbours, gathering is copying. */
export function serialCommunicator(): Communicator {
  return {
    rank: 0,
    size: 1,
    messages: 0,
    startExchange() {},
    finishExchange() {},
    allGather(local, gathered) {
      gathered.set(local);
    },
    broadcast() {},
    barrier() {},
    abort(reason) {
      throw new Error(reason);
    },
  };
}
