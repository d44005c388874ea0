import { Worker } from "node:worker_threads";
import { threadArea, word, type ThreadArea } from "../threads/thread-area.js";
import { JobEndedError, RankFaultError } from "./rank-errors.js";
import type { RankMessage, RankTask } from "./rank-program.js";
import { rankWatch, type RankSight } from "./rank-watch.js";
import { threadActivity } from "./thread-activity.js";

/** What to start on threads. */
export interface ThreadJob {
  /** URL of the module that exports `rankProgram`. */
  readonly module: string | URL;
  readonly threads: number;
  /** Threads that can run at the same time on this machine. */
  readonly cores: number;
  /** What each rank gets; by rank where it is a function. */
  readonly data: unknown;
  /** Hears what the ranks tell. */
  readonly onNews?: (news: unknown, rank: number) => void;
  /** Seconds that a computing rank may let others wait. Default: as long as it likes. */
  readonly timeout?: number;
}

/** A running job. */
export interface RunningJob<Result> {
  /** The ranks' results in rank order; rejects with a `RankFaultError` when the job could not be finished. */
  readonly results: Promise<Result[]>;
  /** Ends the job from outside (`results` rejects with a `JobEndedError`): waiting ranks find out within 0.1 s, computing ones are stopped after 0.5 s. */
  end(): void;
}

/** Milliseconds that ranks have to leave by themselves when the job is ended. */
const GRACE = 500;
const LOOK = 1000;

/** A job under way, as the functions below see it. */
interface Job {
  readonly area: ThreadArea;
  readonly words: Int32Array;
  readonly workers: readonly Worker[];
  readonly results: unknown[];
  readonly finished: boolean[];
  readonly fail: (fault: RankFaultError) => void;
}

/** Starts one worker for each rank. The calling thread only supervises, and must not block. */
export function startThreads<Result>({ module, threads, cores, data, onNews, timeout }: ThreadJob): RunningJob<Result> {
  const area = threadArea(threads, cores);
  const words = new Int32Array(area.words);
  const workers = Array.from({ length: threads }, (_, rank) => {
    const task: RankTask = { module: String(module), data, place: { kind: "threads", area, rank } };
    return new Worker(new URL("./rank-worker.js", import.meta.url), { workerData: task });
  });
  let end = (): void => {};
  const results = new Promise<Result[]>((resolve, reject) => {
    const endBecause = (by: number, reason: RankFaultError | JobEndedError): void => {
      Atomics.compareExchange(words, word.ended, 0, 1 + by);
      setTimeout(() => workers.forEach((worker) => void worker.terminate()), GRACE).unref();
      reject(reason);
    };
    const fail = (fault: RankFaultError): void => endBecause(fault.rank, fault);
    end = () => endBecause(threads, new JobEndedError(undefined));
    const job: Job = { area, words, workers, results: new Array<unknown>(threads), finished: new Array<boolean>(threads).fill(false), fail };
    const stopWatching = watch(job, timeout);
    workers.forEach((worker, rank) => follow(job, rank, { worker, onNews, done: () => resolve(job.results as Result[]) }));
    void Promise.allSettled(workers.map((worker) => new Promise((gone) => worker.once("exit", gone)))).then(stopWatching);
  });
  return { results, end: () => end() };
}

interface Followed {
  readonly worker: Worker;
  readonly onNews: ThreadJob["onNews"];
  readonly done: () => void;
}

/** Keeps a rank's result, or makes a fault of whatever else becomes of it. */
function follow(job: Job, rank: number, { worker, onNews, done }: Followed): void {
  const name = `rank ${rank} of ${job.area.size}`;
  worker.on("message", (message: RankMessage) => {
    if (message.kind === "news") onNews?.(message.news, rank);
    if (message.kind === "result") {
      job.finished[rank] = true;
      job.results[rank] = message.value;
      if (job.finished.every(Boolean)) done();
    }
    if (message.kind === "error") {
      const { name: kind, message: words, stack } = message;
      const cause = Object.assign(new Error(words), { name: kind, stack });
      if (kind !== "JobEndedError") job.fail(new RankFaultError(rank, "threw", `${name}: ${words}`, { cause }));
    }
  });
  worker.on("error", (error) => job.fail(new RankFaultError(rank, "lost", `${name} was lost: ${error instanceof Error ? error.message : String(error)}`, { cause: error })));
  worker.on("exit", (code) => {
    if (!job.finished[rank]) job.fail(new RankFaultError(rank, "lost", `${name} was lost: its thread ended without a result (code ${code})`));
  });
}

/** Looks once a second whether the ranks still answer. */
function watch({ area, words, finished, fail }: Job, timeout: number | undefined): () => void {
  if (area.size === 1) return () => {};
  const judge = rankWatch(area.size, timeout);
  const sight = (rank: number): RankSight => ({
    wait: Atomics.load(words, word.waiting(rank)),
    activity: threadActivity({ process: process.pid, thread: Atomics.load(words, word.thread(rank)) }),
    finished: finished[rank],
  });
  const timer = setInterval(() => {
    const silent = judge(finished.map((_, rank) => sight(rank)));
    if (silent) fail(new RankFaultError(silent.rank, "silent", `rank ${silent.rank} of ${area.size} ${silent.why}`));
  }, LOOK);
  return () => clearInterval(timer);
}
