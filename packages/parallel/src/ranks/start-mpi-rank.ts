import { setTimeout as sleep } from "node:timers/promises";
import { launchedRanks, tameTransport } from "../mpi/launcher.js";
import { mpiWord, mpiWords } from "../mpi/mpi-words.js";
import { RankFaultError } from "./rank-errors.js";
import type { RankSeat } from "./rank-program.js";
import { rankWatch } from "./rank-watch.js";
import { followRank, jobOutcome, lookWhileRunning, rankWorker, type RankJob, type RunningJob } from "./running-job.js";
import { threadActivity } from "./thread-activity.js";

/** Milliseconds that MPI_Abort may take to end this process. */
const ABORT = 2000;

/**
 * Starts the rank of this process: MPI is initialised in a worker, so that this thread stays free for signals. Ranks on the same
 * host that stop answering are noticed; what becomes of other hosts is the launcher's business.
 */
export function startMpiRank<Result>({ module, data, onNews, timeout }: RankJob): RunningJob<Result> {
  tameTransport();
  const shared = mpiWords();
  const words = new Int32Array(shared);
  const launched = launchedRanks() ?? { rank: 0, size: 1 };
  const name = `rank ${launched.rank} of ${launched.size}`;
  const worker = rankWorker({ module: String(module), data, place: { kind: "mpi", words: shared } });
  const job = jobOutcome<Result>(1, () => Atomics.store(words, mpiWord.ended, 1));
  let seat: RankSeat | undefined;
  followRank({
    worker,
    rank: launched.rank,
    name,
    finished: () => job.finished(0),
    result: (value) => job.result(0, value),
    fault: job.fault,
    heard(message) {
      if (message.kind === "seat") seat = message.seat;
      else onNews?.(message.news, launched.rank);
    },
  });
  const judge = rankWatch(launched.size, timeout);
  lookWhileRunning([worker], () => {
    const threads = seat?.threads ?? [];
    const sights = threads.map((thread, rank) => ({
      wait: rank === seat?.rank ? Atomics.load(words, mpiWord.waiting) : 0,
      activity: threadActivity(thread),
      finished: false,
    }));
    const silent = sights.length > 1 ? judge(sights) : undefined;
    if (silent) job.fault(new RankFaultError(silent.rank, "silent", `rank ${silent.rank} of ${launched.size} ${silent.why}`));
  });
  return {
    results: job.results,
    end: job.end,
    async leave(exitCode) {
      if (job.finished(0)) return;
      Atomics.store(words, mpiWord.leave, exitCode);
      Atomics.notify(words, mpiWord.leave);
      await sleep(ABORT);
      process.exit(exitCode);
    },
  };
}
