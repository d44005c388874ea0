import { countingCommunicator, rankOrderSum, type CommunicationEngine, type Communicator, type NeighbourExchange } from "@parakkt/core";
import { AbortError } from "../ranks/rank-errors.js";
import { rankWaiting, type RankWaiting } from "./rank-waiting.js";
import { sharedRing } from "./shared-ring.js";
import { BOARD_PLACE, ringPlace, word, type ThreadArea } from "./thread-area.js";
import { incoming, outgoing, type Transfer } from "./transfer.js";

/**
 * Rank `rank` of a program on threads. Messages run through one ring in shared memory for each ordered pair of ranks;
 * collectives lay their data on one of two boards, meet at one barrier and read the others' (docs/decisions/0016).
 *
 * Cost: one copy into shared memory and one out of it. `abort` ends the job on all threads; who waits finds out within 0.1 s.
 */
export function threadCommunicator(area: ThreadArea, rank: number): Communicator {
  const waiting = rankWaiting(area, rank);
  const words = new Int32Array(area.words);
  const place = { rank, size: area.size };
  return countingCommunicator({
    ...place,
    ...ringMessages(area, rank, waiting),
    ...boardCollectives(area, rank, waiting),
    abort(reason) {
      Atomics.compareExchange(words, word.ended, 0, 1 + rank);
      throw new AbortError(reason);
    },
  });
}

/** The traffic of a rank through its rings: several messages at a time, at most one each way with each other rank. */
interface Traffic {
  startSending(to: number, data: Float64Array): void;
  startReceiving(from: number, data: Float64Array): void;
  /** Waits until all that was started is complete. */
  complete(): void;
}

function ringTraffic(area: ThreadArea, rank: number, waiting: RankWaiting): Traffic {
  const words = new Int32Array(area.words);
  const others = Array.from({ length: area.size }, (_, other) => other);
  const toOthers = others.map((other) => outgoing(sharedRing(words, ringPlace(area, rank, other)), () => waiting.ring(other)));
  const fromOthers = others.map((other) => incoming(sharedRing(words, ringPlace(area, other, rank)), () => waiting.ring(other), `from rank ${other} to rank ${rank}`));
  /** Started and not known to be complete. */
  const open: Transfer[] = [];
  const start = (transfer: Transfer, data: Float64Array): void => {
    if (data.length === 0) return;
    transfer.begin(data);
    if (!transfer.advance()) open.push(transfer);
  };
  const advanceAll = (): boolean => {
    let left = 0;
    for (const transfer of open) if (!transfer.advance()) open[left++] = transfer;
    open.length = left;
    return left === 0;
  };
  return {
    startSending: (to, data) => start(toOthers[to], data),
    startReceiving: (from, data) => start(fromOthers[from], data),
    complete() {
      if (open.length > 0) waiting.untilReady(advanceAll);
    },
  };
}

type Messages = Pick<CommunicationEngine, "startExchange" | "finishExchange" | "send" | "receive" | "allToAll">;

function ringMessages(area: ThreadArea, rank: number, waiting: RankWaiting): Messages {
  const { size } = area;
  const { startSending, startReceiving, complete } = ringTraffic(area, rank, waiting);
  return {
    startExchange({ toPrevious, fromPrevious, toNext, fromNext }: NeighbourExchange) {
      complete();
      if (rank > 0) startSending(rank - 1, toPrevious);
      if (rank < size - 1) startSending(rank + 1, toNext);
      if (rank > 0) startReceiving(rank - 1, fromPrevious);
      if (rank < size - 1) startReceiving(rank + 1, fromNext);
    },
    finishExchange: complete,
    send(to, data) {
      complete();
      startSending(to, data);
      complete();
    },
    receive(from, data) {
      complete();
      startReceiving(from, data);
      complete();
    },
    allToAll(send, sendCounts, received, receivedCounts) {
      complete();
      let sendStart = 0;
      let receivedStart = 0;
      for (let other = 0; other < size; other++) {
        const part = send.subarray(sendStart, (sendStart += sendCounts[other]));
        const buffer = received.subarray(receivedStart, (receivedStart += receivedCounts[other]));
        if (other === rank) buffer.set(part);
        else startSending(other, part);
        if (other !== rank) startReceiving(other, buffer);
      }
      complete();
    },
  };
}

type Collectives = Pick<CommunicationEngine, "allGather" | "allReduce" | "broadcast" | "barrier">;

/**
 * Each piece of a collective: lay it on the board of this turn, pass the barrier, read the others'. The boards alternate, so that
 * one barrier suffices: who writes on a board again has passed the next turn's barrier, before which all had read this one.
 */
function boardCollectives(area: ThreadArea, rank: number, waiting: RankWaiting): Collectives {
  const { size } = area;
  const boards = [0, 1].map((turn) => new Float64Array(area.boards, 8 * turn * size * BOARD_PLACE, size * BOARD_PLACE));
  const words = new Int32Array(area.words);
  let turn = 0;
  const barrier = (): void => {
    const generation = Atomics.load(words, word.generation);
    if (Atomics.add(words, word.arrived, 1) + 1 < size) return waiting.untilChanged(word.generation, generation);
    Atomics.store(words, word.arrived, 0);
    Atomics.add(words, word.generation, 1);
    Atomics.notify(words, word.generation);
  };
  /** All ranks lay doubles start … start + BOARD_PLACE − 1 of their data (nothing: undefined) on a board. */
  const meet = (data: Float64Array | undefined, start: number): Float64Array => {
    const board = boards[(turn = 1 - turn)];
    if (data && start < data.length) board.set(data.subarray(start, start + BOARD_PLACE), rank * BOARD_PLACE);
    barrier();
    return board;
  };
  return {
    barrier,
    allGather(local, gathered, counts) {
      const longest = counts ? Math.max(...counts) : local.length;
      for (let start = 0; start < longest; start += BOARD_PLACE) {
        const board = meet(local, start);
        for (let other = 0, offset = 0; other < size; other++) {
          const length = counts ? counts[other] : local.length;
          const at = other * BOARD_PLACE;
          if (start < length) gathered.set(board.subarray(at, at + Math.min(BOARD_PLACE, length - start)), offset + start);
          offset += length;
        }
      }
    },
    allReduce(values) {
      for (let start = 0; start < values.length; start += BOARD_PLACE) rankOrderSum(meet(values, start), values.subarray(start, start + BOARD_PLACE), BOARD_PLACE);
    },
    broadcast(root, data) {
      for (let start = 0; start < data.length; start += BOARD_PLACE) {
        const board = meet(rank === root ? data : undefined, start);
        const at = root * BOARD_PLACE;
        if (rank !== root) data.set(board.subarray(at, at + Math.min(BOARD_PLACE, data.length - start)), start);
      }
    },
  };
}
