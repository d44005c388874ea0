import type { Communicator } from "@parakkt/core";
import { hostname } from "node:os";
import { mpiRanks } from "../mpi/mpi-communicator.js";
import { mpiWord } from "../mpi/mpi-words.js";
import { word } from "../threads/thread-area.js";
import { threadCommunicator } from "../threads/thread-communicator.js";
import type { RankPlace, RankSeat } from "./rank-program.js";
import { ownThread } from "./thread-activity.js";

/** A rank's communicator, and how it leaves the job. */
export interface OpenRank {
  readonly communicator: Communicator;
  /** Where its fellows run, if they are other processes. */
  readonly seat?: RankSeat;
  /** In good order; every rank comes to it. */
  close(): void;
  /** After a failure. */
  giveUp(): void;
}

export async function openRank(place: RankPlace): Promise<OpenRank> {
  if (place.kind === "mpi") return openMpiRank(new Int32Array(place.words));
  const { area, rank } = place;
  Atomics.store(new Int32Array(area.words), word.thread(rank), ownThread().thread);
  return { communicator: threadCommunicator(area, rank), close() {}, giveUp() {} };
}

/** How long a failed rank waits until its words have been printed. */
const LAST_WORDS_MILLISECONDS = 3000;

async function openMpiRank(words: Int32Array): Promise<OpenRank> {
  const { communicator, finalize, abort } = await mpiRanks({
    ended: () => Atomics.load(words, mpiWord.ended) !== 0,
    waiting: () => void Atomics.add(words, mpiWord.waiting, 1),
  });
  return {
    communicator,
    seat: seatOf(communicator),
    close: finalize,
    giveUp() {
      Atomics.wait(words, mpiWord.leave, 0, LAST_WORDS_MILLISECONDS);
      abort(Math.max(1, Atomics.load(words, mpiWord.leave)));
    },
  };
}

function seatOf({ rank, size, allGather }: Communicator): RankSeat {
  const own = ownThread();
  const seats = new Float64Array(3 * size);
  const host = nameHash(hostname());
  allGather(Float64Array.of(host, own.process, own.thread), seats);
  const threads = Array.from({ length: size }, (_, other) => {
    const [on, process, thread] = seats.subarray(3 * other, 3 * other + 3);
    return on === host ? { process, thread } : { process: 0, thread: 0 };
  });
  return { rank, threads };
}

/** A number that tells hosts apart. */
function nameHash(name: string): number {
  return [...name].reduce((hash, character) => (hash * 31 + character.codePointAt(0)!) % 2 ** 40, 7);
}
