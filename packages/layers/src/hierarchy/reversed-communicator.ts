import { rankOrderSum, type Communicator } from "@parakkt/core";

/** The same ranks counted from the last to the first: what goes to the next rank of the reversed march goes to the previous one of the other. */
export function reversedCommunicator(communicator: Communicator): Communicator {
  const { rank, size } = communicator;
  const mirrored = (other: number): number => size - 1 - other;
  const allGather: Communicator["allGather"] = (local, gathered, counts) => {
    communicator.allGather(local, gathered, counts?.toReversed());
    reverseParts(gathered, counts ?? new Array<number>(size).fill(local.length));
  };
  return {
    rank: mirrored(rank),
    size,
    get messages() {
      return communicator.messages;
    },
    get bytes() {
      return communicator.bytes;
    },
    startExchange: ({ toPrevious, fromPrevious, toNext, fromNext }) =>
      communicator.startExchange({ toPrevious: toNext, fromPrevious: fromNext, toNext: toPrevious, fromNext: fromPrevious }),
    finishExchange: () => communicator.finishExchange(),
    send: (to, data) => communicator.send(mirrored(to), data),
    receive: (from, data) => communicator.receive(mirrored(from), data),
    allGather,
    allToAll(send, sendCounts, received, receivedCounts) {
      const mirroredSend = send.slice();
      reverseParts(mirroredSend, sendCounts.toReversed());
      communicator.allToAll(mirroredSend, sendCounts.toReversed(), received, receivedCounts.toReversed());
      reverseParts(received, receivedCounts);
    },
    allReduce(values) {
      const gathered = new Float64Array(size * values.length);
      allGather(values, gathered);
      rankOrderSum(gathered, values);
    },
    broadcast: (root, data) => communicator.broadcast(mirrored(root), data),
    barrier: () => communicator.barrier(),
    abort: (reason) => communicator.abort(reason),
  };
}

/** Turns parts that lie in the reverse order of `counts` into that order. */
function reverseParts(data: Float64Array, counts: readonly number[]): void {
  const reversed = data.slice();
  let end = data.length;
  let start = 0;
  for (const count of counts) {
    data.set(reversed.subarray(end - count, end), start);
    start += count;
    end -= count;
  }
}
