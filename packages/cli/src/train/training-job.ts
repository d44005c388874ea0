import { launchedRanks, startMpiRank, startThreads, type RunningJob } from "@parakkt/parallel";
import { availableParallelism } from "node:os";
import { jobFailure } from "../supervise.js";
import type { ExitCode } from "../exit-codes.js";
import type { Failure } from "../worker-messages.js";
import type { TrainingResult } from "./training-program.js";
import type { TrainingNews, TrainingOrder, TrainingTask } from "./training-run.js";

/** What to train, left out on the ranks that follow rank 0 of another process, and who listens. */
export interface TrainingJob {
  readonly order?: TrainingOrder;
  readonly stop: SharedArrayBuffer;
  onNews(news: TrainingNews): void;
  signal(): "SIGINT" | "SIGTERM" | undefined;
}

/** How it ended; after a failure `leave` ends the ranks of other processes too, once all is said. */
export type TrainingEnding = Exclude<TrainingResult, { failure: Failure }> | { readonly failure: Failure; leave(exitCode: ExitCode): Promise<void> };

/** Trains on the ranks of MPI that this process is one of, or on threads. */
export async function runTrainingJob({ order, stop, onNews, signal }: TrainingJob): Promise<TrainingEnding> {
  const failures = new Map<number, Failure>();
  const launched = launchedRanks();
  const ranks = launched?.size ?? order?.settings.parallel.threads ?? 1;
  const task: TrainingTask = { ...(order && { order }), stop };
  const hear = (message: unknown, rank: number): void => {
    const news = message as TrainingNews;
    if (news.kind === "failed") failures.set(rank, news.failure);
    else onNews(news);
  };
  const job = startRanks(task, { ranks, onMpi: ranks > 1 && launched !== undefined, hear });
  try {
    const [result] = await job.results;
    return "failure" in result ? { ...result, leave: job.leave } : result;
  } catch (error) {
    return { failure: jobFailure(error, { failures, ranks, signal: signal() }), leave: job.leave };
  }
}

interface Ranks {
  readonly ranks: number;
  readonly onMpi: boolean;
  hear(news: unknown, rank: number): void;
}

function startRanks(data: TrainingTask, { ranks, onMpi, hear }: Ranks): RunningJob<TrainingResult> {
  const program = { module: new URL("./training-program.js", import.meta.url), data, onNews: hear };
  return onMpi ? startMpiRank(program) : startThreads({ ...program, threads: ranks, cores: availableParallelism() });
}
