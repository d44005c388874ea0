import { threadArea, word } from "../threads/thread-area.js";
import { RankFaultError } from "./rank-errors.js";
import { rankWatch } from "./rank-watch.js";
import { followRank, jobOutcome, lookWhileRunning, rankWorker, type RankJob, type RunningJob } from "./running-job.js";
import { threadActivity } from "./thread-activity.js";

/** What to start on threads. */
export interface ThreadJob extends RankJob {
  readonly threads: number;
  /** Threads that can run at the same time on this machine. */
  readonly cores: number;
}

/** Milliseconds that ranks have to leave by themselves when the job is ended. */
const GRACE = 500;

/** Starts one worker for each rank. */
export function startThreads<Result>({ module, threads, cores, data, onNews, timeout }: ThreadJob): RunningJob<Result> {
  const area = threadArea(threads, cores);
  const words = new Int32Array(area.words);
  const workers = Array.from({ length: threads }, (_, rank) => rankWorker({ module: String(module), data, place: { kind: "threads", area, rank } }));
  const job = jobOutcome<Result>(threads, (by = threads) => {
    Atomics.compareExchange(words, word.ended, 0, 1 + by);
    setTimeout(() => workers.forEach((worker) => void worker.terminate()), GRACE).unref();
  });
  workers.forEach((worker, rank) =>
    followRank({
      worker,
      rank,
      name: `rank ${rank} of ${threads}`,
      finished: () => job.finished(rank),
      result: (value) => job.result(rank, value),
      fault: job.fault,
      heard: (message) => message.kind === "news" && onNews?.(message.news, rank),
    }),
  );
  const judge = rankWatch(threads, timeout);
  lookWhileRunning(workers, () => {
    const silent = judge(
      workers.map((_, rank) => ({
        wait: Atomics.load(words, word.waiting(rank)),
        activity: threadActivity({ process: process.pid, thread: Atomics.load(words, word.thread(rank)) }),
        finished: job.finished(rank),
      })),
    );
    if (silent) job.fault(new RankFaultError(silent.rank, "silent", `rank ${silent.rank} of ${threads} ${silent.why}`));
  });
  return { results: job.results, end: job.end, leave: async () => {} };
}
