import type { Communicator } from "./communicator.js";
import { countingCommunicator } from "./counting-communicator.js";

/** The only rank: no neighbours, gathering is copying. */
export function serialCommunicator(): Communicator {
  const noPartner = (): never => {
    throw new Error("a single rank has no partner");
  };
  return countingCommunicator({
    rank: 0,
    size: 1,
    startExchange() {},
    finishExchange() {},
    send: noPartner,
    receive: noPartner,
    allGather: (local, gathered) => gathered.set(local),
    allToAll: (send, _sendCounts, received) => received.set(send),
    allReduce() {},
    broadcast() {},
    barrier() {},
    abort(reason) {
      throw new Error(reason);
    },
  });
}
