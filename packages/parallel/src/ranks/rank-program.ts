import type { Communicator } from "@parakkt/core";
import type { ThreadArea } from "../threads/thread-area.js";

/**
 * What every rank runs: a module exports it under the name `rankProgram`. `data` and the result are copied between threads
 * (structured clone); shared buffers stay shared.
 */
export type RankProgram<Data, Result> = (communicator: Communicator, data: Data, context: RankContext) => Result | Promise<Result>;

/** A rank's link to whoever started it. */
export interface RankContext {
  /** Sends a message to the starting thread, which stays free to receive it. */
  tell(news: unknown): void;
}

/** Where a rank runs: on a thread among others, or as the rank of this process among those of MPI. */
export type RankPlace = { readonly kind: "threads"; readonly area: ThreadArea; readonly rank: number } | { readonly kind: "mpi"; readonly words: SharedArrayBuffer };

/** What a rank's worker is started with. */
export interface RankTask {
  /** URL of the module that exports `rankProgram`. */
  readonly module: string;
  readonly data: unknown;
  readonly place: RankPlace;
}

/** Where a rank of MPI runs. */
export interface RankSeat {
  readonly rank: number;
  /** The thread of each rank on this host; 0 elsewhere. */
  readonly threads: readonly { readonly process: number; readonly thread: number }[];
}

/** What a rank's worker sends to the thread that started it. */
export type RankMessage =
  | { readonly kind: "seat"; readonly seat: RankSeat }
  | { readonly kind: "news"; readonly news: unknown }
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "error"; readonly name: string; readonly message: string; readonly stack: string };
