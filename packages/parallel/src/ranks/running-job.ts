import { Worker } from "node:worker_threads";
import { JobEndedError, RankFaultError } from "./rank-errors.js";
import type { RankMessage, RankTask } from "./rank-program.js";

/** An SPMD program, and who listens to its ranks. */
export interface RankJob {
  /** URL of the module that exports `rankProgram`. */
  readonly module: string | URL;
  /** What each rank gets. */
  readonly data: unknown;
  /** Hears what the ranks tell. */
  readonly onNews?: ((news: unknown, rank: number) => void) | undefined;
  /** Seconds that a computing rank may let others wait. Default: as long as it likes. */
  readonly timeout?: number | undefined;
}

/** A running job. The thread that started it only supervises, and must not block. */
export interface RunningJob<Result> {
  /** The results of the ranks in this process, in rank order; rejects with a `RankFaultError` when the job could not be finished. */
  readonly results: Promise<Result[]>;
  /** Ends the job from outside (`results` rejects with a `JobEndedError`): waiting ranks find out within 0.1 s, computing ones are stopped after 0.5 s. */
  end(): void;
  /** To be called when all is said after a failure: ends the ranks in other processes too, and this one, with the exit code. */
  leave(exitCode: number): Promise<void>;
}

/** The outcome of a job: the first of all results, a fault, or an end from outside. */
export interface JobOutcome<Result> {
  readonly results: Promise<Result[]>;
  fault(fault: RankFaultError): void;
  end(): void;
  result(position: number, value: unknown): void;
  finished(position: number): boolean;
}

/** The outcome of a job of so many ranks in this process; `stop` makes them leave. */
export function jobOutcome<Result>(ranks: number, stop: (by: number | undefined) => void): JobOutcome<Result> {
  const values = new Array<Result>(ranks);
  const finished = new Set<number>();
  let resolve: (results: Result[]) => void;
  let reject: (reason: Error) => void;
  const results = new Promise<Result[]>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  const endBecause = (by: number | undefined, reason: Error): void => {
    stop(by);
    reject(reason);
  };
  return {
    results,
    fault: (fault) => endBecause(fault.rank, fault),
    end: () => endBecause(undefined, new JobEndedError(undefined)),
    result(position, value) {
      finished.add(position);
      values[position] = value as Result;
      if (finished.size === ranks) resolve(values);
    },
    finished: (position) => finished.has(position),
  };
}

/** One worker for a rank. */
export function rankWorker(task: RankTask): Worker {
  return new Worker(new URL("./rank-worker.js", import.meta.url), { workerData: task });
}

/** A rank's worker, as it is known to the supervisor. */
export interface FollowedRank {
  readonly worker: Worker;
  readonly rank: number;
  /** "rank 2 of 4" */
  readonly name: string;
  readonly finished: () => boolean;
  result(value: unknown): void;
  fault(fault: RankFaultError): void;
  /** Anything else that the rank says. */
  heard(message: Exclude<RankMessage, { kind: "result" | "error" }>): void;
}

/** Makes a result, or a fault, of whatever becomes of a rank's worker. */
export function followRank({ worker, rank, name, finished, result, fault, heard }: FollowedRank): void {
  const lost = (what: string, cause?: unknown): void => fault(new RankFaultError(rank, "lost", `${name} was lost: ${what}`, { cause }));
  worker.on("message", (message: RankMessage) => {
    if (message.kind === "result") result(message.value);
    else if (message.kind !== "error") heard(message);
    else if (message.name !== "JobEndedError") {
      const cause = Object.assign(new Error(message.message), { name: message.name, stack: message.stack });
      fault(new RankFaultError(rank, "threw", `${name}: ${message.message}`, { cause }));
    }
  });
  worker.on("error", (error) => lost(error instanceof Error ? error.message : String(error), error));
  worker.on("exit", (code) => {
    if (!finished()) lost(`its thread ended without a result (code ${code})`);
  });
}

/** Milliseconds between two looks whether the ranks still answer. */
const LOOK = 1000;

/** Calls `look` once a second until all workers are gone. */
export function lookWhileRunning(workers: readonly Worker[], look: () => void): void {
  const timer = setInterval(look, LOOK);
  void Promise.all(workers.map((worker) => new Promise((gone) => worker.once("exit", gone)))).then(() => clearInterval(timer));
}
