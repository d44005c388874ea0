import type { KrylovProgress, StopReason } from "@parakkt/core";
import type { InputRequest } from "./data/load-input-data.js";
import type { ExitCode } from "./exit-codes.js";
import type { RunReport } from "./output/report.js";

/** What is to be solved, and where the results go. */
export interface SolveOrder {
  readonly request: InputRequest;
  readonly runDirectory: string;
  /** Go on from the last checkpoint in the run directory. */
  readonly resume: boolean;
  /** When the command started, by `monotonicSeconds`. */
  readonly startedAt: number;
}

/** What each rank's worker is started with. */
export interface SolveTask {
  /** Known to rank 0, who hands it on. There may be nothing left to do but to say how it ended. */
  readonly order?: SolveOrder | { readonly ended: StopReason };
  /** Module that exports `solveJob`. */
  readonly jobModule: string;
  /** One Int32: 0 = go on, 1 = stop at the next iteration. Rank 0's counts. */
  readonly stop: SharedArrayBuffer;
}

/** What a worker tells its main thread on the way. */
export type WorkerNews =
  | { readonly kind: "progress"; readonly progress: KrylovProgress }
  | { readonly kind: "note"; readonly text: string }
  /** The iteration is over; what follows is the output. */
  | { readonly kind: "writing" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What a rank hands back: all know why the iteration ended, rank 0 has the report. */
export interface RankEnding {
  readonly reason: StopReason;
  readonly report?: RunReport;
}

/** An error that crossed from the worker, or was met in the main thread. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly text: string;
  /** Shown only when debugging. */
  readonly stack?: string;
}
