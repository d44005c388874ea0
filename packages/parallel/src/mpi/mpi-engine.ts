import { rankOrderSum, type CommunicationEngine, type NeighbourExchange } from "@parakkt/core";
import type { MpiLibrary } from "./mpi-library.js";
import type { MpiRequests } from "./mpi-requests.js";

interface Place {
  readonly rank: number;
  readonly size: number;
}

/** Message tags: the directions of an exchange are told apart, and from single messages. */
const tag = { toPrevious: 1, toNext: 2, single: 3 } as const;

/** A short array may lie on the runtime's moving heap until it is asked for its buffer; afterwards its address stays. */
function pinned(data: Float64Array): Float64Array {
  return data.buffer.byteLength >= 0 ? data : data;
}

type Messages = Pick<CommunicationEngine, "startExchange" | "finishExchange" | "send" | "receive"> & { progress(): void };

/**
 * Messages by MPI_Isend and MPI_Irecv. A message of another length than the receiver's buffer is an error. What `send` sends is copied, and is on its way until the next message
 * of this rank or `progress`, so that the sender waits neither for a receiver that is at work nor for an exchange that it has begun before. Storage: the longest such message.
 */
export function mpiMessages({ world, double }: MpiLibrary, { rank }: Place, requests: MpiRequests): Messages {
  /** Receives are started first, so that they are the first statuses. */
  const expected: { from: number; length: number }[] = [];
  let outbox = new Float64Array(0);
  let outboxInUse = false;
  const receive = (data: Float64Array, from: number, label: number): void => {
    if (data.length === 0) return;
    requests.start("MPI_Irecv", data, pinned(data), data.length, double, from, label, world);
    expected.push({ from, length: data.length });
  };
  const send = (data: Float64Array, to: number, label: number): void => {
    if (data.length > 0) requests.start("MPI_Isend", data, pinned(data), data.length, double, to, label, world);
  };
  const complete = (): void => {
    requests.complete();
    expected.forEach(({ from, length }, i) => {
      const count = requests.count(i);
      if (count !== length) throw new Error(`${count} numbers sent from rank ${from} to rank ${rank}, ${length} expected`);
    });
    expected.length = 0;
    outboxInUse = false;
  };
  return {
    progress: () => requests.look(),
    startExchange({ toPrevious, fromPrevious, toNext, fromNext }: NeighbourExchange) {
      complete();
      receive(fromPrevious, rank - 1, tag.toNext);
      receive(fromNext, rank + 1, tag.toPrevious);
      send(toPrevious, rank - 1, tag.toPrevious);
      send(toNext, rank + 1, tag.toNext);
    },
    finishExchange: complete,
    send(to, data) {
      if (outboxInUse) complete();
      outboxInUse = true;
      if (outbox.length < data.length) outbox = new Float64Array(data.length);
      const message = outbox.subarray(0, data.length);
      message.set(data);
      send(message, to, tag.single);
    },
    receive(from, data) {
      complete();
      receive(data, from, tag.single);
      complete();
    },
  };
}

type Collectives = Pick<CommunicationEngine, "allGather" | "allToAll" | "allReduce" | "broadcast" | "barrier">;

/** Collectives by the non-blocking functions of MPI-3, so that a waiting rank stays attentive. Sums are ours, never the library's. */
export function mpiCollectives({ world, double }: MpiLibrary, place: Place, requests: MpiRequests): Collectives {
  const toOthers = placesOfParts(place.size);
  const fromOthers = placesOfParts(place.size);
  const allGather: Collectives["allGather"] = (local, gathered, counts) => {
    const kept = [local, gathered];
    if (!counts) {
      requests.start("MPI_Iallgather", kept, pinned(local), local.length, double, pinned(gathered), local.length, double, world);
    } else {
      fromOthers.set(counts);
      requests.start("MPI_Iallgatherv", kept, pinned(local), local.length, double, pinned(gathered), fromOthers.lengths, fromOthers.starts, double, world);
    }
    requests.complete();
  };
  const allToAll: Collectives["allToAll"] = (send, sendCounts, received, receivedCounts) => {
    toOthers.set(sendCounts);
    fromOthers.set(receivedCounts);
    const outgoing = [pinned(send), toOthers.lengths, toOthers.starts, double];
    requests.start("MPI_Ialltoallv", [send, received], ...outgoing, pinned(received), fromOthers.lengths, fromOthers.starts, double, world);
    requests.complete();
  };
  return {
    allGather,
    allToAll,
    allReduce: sumInRankOrder(place, allGather, allToAll),
    broadcast(root, data) {
      requests.start("MPI_Ibcast", data, pinned(data), data.length, double, root, world);
      requests.complete();
    },
    barrier() {
      requests.start("MPI_Ibarrier", requests, world);
      requests.complete();
    },
  };
}

/** Lengths and beginnings of parts, as MPI wants them. */
function placesOfParts(size: number): { readonly lengths: Int32Array; readonly starts: Int32Array; set(counts: readonly number[]): void } {
  const lengths = new Int32Array(size);
  const starts = new Int32Array(size);
  return {
    lengths,
    starts,
    set(counts) {
      lengths.set(counts);
      for (let part = 1; part < size; part++) starts[part] = starts[part - 1] + counts[part - 1];
    },
  };
}

/** Doubles a rank from which an all-reduce is split among the ranks. */
const LONG_SUM = 64;

/** Short vectors are gathered; of long ones each rank sums a part and hands it to all: two vectors of traffic, whatever the number of ranks. */
function sumInRankOrder({ rank, size }: Place, allGather: Collectives["allGather"], allToAll: Collectives["allToAll"]): Collectives["allReduce"] {
  const inParts = (values: Float64Array): void => {
    const start = (part: number): number => Math.floor((part * values.length) / size);
    const counts = Array.from({ length: size }, (_, part) => start(part + 1) - start(part));
    const own = new Float64Array(counts[rank]);
    const parts = new Float64Array(size * own.length);
    allToAll(values, counts, parts, new Array<number>(size).fill(own.length));
    rankOrderSum(parts, own);
    allGather(own, values, counts);
  };
  return (values) => {
    if (values.length >= LONG_SUM * size) return inParts(values);
    const parts = new Float64Array(size * values.length);
    allGather(values, parts);
    rankOrderSum(parts, values);
  };
}
