import type { KrylovProgress } from "@parakkt/core";
import type { InputRequest } from "./data/load-input-data.js";
import type { ExitCode } from "./exit-codes.js";
import type { RunReport } from "./output/report.js";

/** What the worker is started with. */
export interface SolveTask {
  readonly request: InputRequest;
  readonly runDirectory: string;
  /** Module that exports `solveJob`. */
  readonly jobModule: string;
  /** One Int32: 0 = go on, 1 = stop at the next iteration. */
  readonly stop: SharedArrayBuffer;
  /** Go on from the last checkpoint in the run directory. */
  readonly resume: boolean;
  /** When the command started, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** What the worker tells the main thread. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly progress: KrylovProgress }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "finished"; readonly report: RunReport }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An error that crossed from the worker, or was met in the main thread. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly text: string;
  /** Shown only when debugging. */
  readonly stack?: string;
}
