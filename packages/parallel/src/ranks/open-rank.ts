import type { Communicator } from "@parakkt/core";
import { threadCommunicator } from "../threads/thread-communicator.js";
import { word } from "../threads/thread-area.js";
import type { RankPlace } from "./rank-program.js";
import { ownThread } from "./thread-activity.js";

/** A rank's communicator, and how it leaves the job in good order. */
export interface OpenRank {
  readonly communicator: Communicator;
  close(): void;
}

export function openRank({ area, rank }: RankPlace): OpenRank {
  Atomics.store(new Int32Array(area.words), word.thread(rank), ownThread().thread);
  return { communicator: threadCommunicator(area, rank), close() {} };
}
