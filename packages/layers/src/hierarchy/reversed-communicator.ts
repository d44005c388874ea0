import type { Communicator } from "@parakkt/core";

/** The same ranks counted from the last to the first: what goes to the next rank of the reversed march goes to the previous one of the other. */
export function reversedCommunicator(communicator: Communicator): Communicator {
  const { rank, size } = communicator;
  return {
    rank: size - 1 - rank,
    size,
    get messages() {
      return communicator.messages;
    },
    startExchange: ({ toPrevious, fromPrevious, toNext, fromNext }) =>
      communicator.startExchange({ toPrevious: toNext, fromPrevious: fromNext, toNext: toPrevious, fromNext: fromPrevious }),
    finishExchange: () => communicator.finishExchange(),
    allGather(local, gathered) {
      communicator.allGather(local, gathered);
      reverseParts(gathered, size);
    },
    broadcast: (root, data) => communicator.broadcast(size - 1 - root, data),
    barrier: () => communicator.barrier(),
    abort: (reason) => communicator.abort(reason),
  };
}

/** Swaps part k of `count` equally long parts with part count − 1 − k. */
function reverseParts(data: Float64Array, count: number): void {
  const length = data.length / count;
  for (let low = 0, high = count - 1; low < high; low++, high--) {
    for (let j = 0; j < length; j++) {
      const kept = data[low * length + j];
      data[low * length + j] = data[high * length + j];
      data[high * length + j] = kept;
    }
  }
}
