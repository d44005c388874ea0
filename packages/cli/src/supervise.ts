import { JobEndedError, launchedRanks, RankFaultError, startMpiRank, startThreads, type RunningJob } from "@parakkt/parallel";
import type { KrylovProgress, StopReason } from "@parakkt/core";
import { availableParallelism } from "node:os";
import type { ParallelSettings } from "./config/resolved-config.js";
import { ExitCode } from "./exit-codes.js";
import { failureOf } from "./failure.js";
import { systemCode } from "./program-error.js";
import type { RunReport } from "./output/report.js";
import { listenForSignals, type StopSignal } from "./signals.js";
import type { Failure, RankEnding, SolveTask, WorkerNews } from "./worker-messages.js";

/** How a supervised solve ended. The report is rank 0's. */
export type Ending =
  | { readonly reason: StopReason; readonly report?: RunReport; readonly signal: StopSignal | undefined }
  | { readonly failure: Failure };

/** What to run, and on which ranks. */
export interface SupervisedSolve {
  /** Left out on the ranks that follow rank 0 of another process. */
  readonly order?: NonNullable<SolveTask["order"]>;
  readonly jobModule: string;
  readonly parallel: ParallelSettings;
}

/** What the main thread does with news from the workers. */
export interface Supervisor {
  progress(progress: KrylovProgress): void;
  note(text: string): void;
  /** The first signal: the ranks stop at the next iteration. */
  stopping(): void;
}

/** A solve that has ended; after a failure, `leave` ends the ranks in other processes, once all is said. */
export interface SupervisedEnding {
  readonly ending: Ending;
  leave(exitCode: ExitCode): Promise<void>;
  /** Each rank was told to end, by itself: none needs to hear it from another. */
  readonly allTold: boolean;
}

/**
 * Milliseconds that several ranks have to come to the end of an iteration after a signal: one may be blocked. Ctrl-C must end all within two seconds; who sends SIGTERM
 * (Slurm, a container) gives time for a report, and a blocked rank is noticed by its silence. A launcher on its way out kills a second later.
 */
const PATIENCE_WITH_RANKS: Record<StopSignal | "launcher", number> = { SIGINT: 1200, SIGTERM: 20_000, launcher: 500 };

/** Runs the ranks in workers; the main thread stays free for signals. A second signal ends the process at once. */
export async function superviseSolve({ order, jobModule, parallel }: SupervisedSolve, supervisor: Supervisor): Promise<SupervisedEnding> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const task: SolveTask = { ...(order && { order }), jobModule, stop };
  const failures = new Map<number, Failure>();
  let writing = false;
  const onNews = (news: unknown, rank: number): void => {
    const message = news as WorkerNews;
    if (message.kind === "progress") supervisor.progress(message.progress);
    else if (message.kind === "note") supervisor.note(message.text);
    else if (message.kind === "failed") failures.set(rank, message.failure);
    else writing = true;
  };
  const { job, ranks } = startJob(task, parallel, onNews);
  const signals = listenForSignals(({ signal, fromLauncher }) => {
    Atomics.store(new Int32Array(stop), 0, 1);
    supervisor.stopping();
    if (ranks > 1) setTimeout(() => writing || job.end(), PATIENCE_WITH_RANKS[fromLauncher ? "launcher" : signal]).unref();
  });
  try {
    const [{ reason, report }] = await job.results;
    return { ending: { reason, ...(report && { report }), signal: signals.received()?.signal }, leave: job.leave, allTold: false };
  } catch (error) {
    const received = signals.received();
    const allTold = received?.fromLauncher === true;
    const leave = allTold ? (exitCode: ExitCode): never => process.exit(exitCode) : job.leave;
    return { ending: { failure: jobFailure(error, { failures, ranks, signal: received?.signal }) }, leave, allTold };
  } finally {
    signals.close();
  }
}

function startJob(task: SolveTask, parallel: ParallelSettings, onNews: (news: unknown, rank: number) => void): { job: RunningJob<RankEnding>; ranks: number } {
  const program = { module: new URL("./solve-worker.js", import.meta.url), data: task, onNews, timeout: parallel.timeout };
  if (parallel.backend === "mpi") return { job: startMpiRank(program), ranks: launchedRanks()?.size ?? 1 };
  const threads = parallel.backend === "threads" ? parallel.threads : 1;
  return { job: startThreads({ ...program, threads, cores: availableParallelism() }), ranks: threads };
}

/** A job that could not be finished, and what is known of it. */
export interface FailedJob {
  /** What the ranks said about themselves. */
  readonly failures: ReadonlyMap<number, Failure>;
  readonly ranks: number;
  readonly signal: StopSignal | undefined;
}

/** What to say of it, and the exit code. */
export function jobFailure(error: unknown, { failures, ranks, signal }: FailedJob): Failure {
  if (error instanceof JobEndedError) return endedBySignal(signal);
  if (!(error instanceof RankFaultError)) return failureOf(error);
  const said = failures.get(error.rank);
  if (said) return ranks > 1 ? ofOneRank(said, error.rank, ranks) : said;
  if (error.how === "lost") return lostRank(error, ranks);
  const { cause } = error;
  if (cause instanceof Error && cause.name === "MpiUnavailableError") return { exitCode: ExitCode.invalidInput, text: cause.message };
  return { exitCode: ExitCode.workerLost, text: `${error.message}\n  hint: again; if it stays, report it` };
}

function endedBySignal(signal: StopSignal | undefined): Failure {
  const exitCode = signal === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted;
  return { exitCode, text: "interrupted before the ranks came to the end of an iteration; nothing was written" };
}

/** Words about a user's mistake are the same from every rank; anything else is the fault of one of them. */
function ofOneRank(said: Failure, rank: number, ranks: number): Failure {
  if (said.exitCode !== ExitCode.bug) return said;
  return { ...said, exitCode: ExitCode.workerLost, text: `rank ${rank} of ${ranks}: ${said.text}` };
}

function lostRank({ rank, message, cause }: RankFaultError, ranks: number): Failure {
  const worker = ranks > 1 ? `rank ${rank} of ${ranks}` : "the solving worker";
  if (systemCode(cause) === "ERR_WORKER_OUT_OF_MEMORY") {
    return { exitCode: ExitCode.workerLost, text: `${worker} ran out of memory\n  hint: a smaller problem, or NODE_OPTIONS=--max-old-space-size=8192` };
  }
  return { exitCode: ExitCode.workerLost, text: `${ranks > 1 ? message : message.replace(/^rank 0 of 1/, worker)}\n  hint: again; if it stays, report it` };
}
