import { availableParallelism } from "node:os";
import { startThreads } from "./start-threads.js";

/** How to run a program on threads. */
export interface ThreadOptions {
  /** Number of ranks, each a worker thread of its own. Default: as many as run at the same time. */
  readonly threads?: number;
  /** Copied to every rank. */
  readonly data?: unknown;
  readonly onNews?: (news: unknown, rank: number) => void;
  /** Seconds that a computing rank may let others wait. Default: as long as it likes. */
  readonly timeout?: number;
}

/**
 * Runs an SPMD program on worker threads: `module` exports `rankProgram(communicator, data, context)`, a `RankProgram`, which every
 * rank runs. Results in rank order. The calling thread must stay free (await the promise).
 *
 * Rejects with `RankFaultError`, which names the rank, when one throws, is lost or stops answering; the other ranks are ended.
 */
export function runOnThreads<Result>(module: string | URL, { threads = availableParallelism(), data, onNews, timeout }: ThreadOptions = {}): Promise<Result[]> {
  return startThreads<Result>({ module, threads, cores: availableParallelism(), data, onNews, timeout }).results;
}
