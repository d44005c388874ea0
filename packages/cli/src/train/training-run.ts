import type { TrainingReason, TrainingRecord } from "@parakkt/layers";
import type { Failure } from "../worker-messages.js";
import type { TrainingSettings } from "./training-settings.js";

/** What to train: the same on all ranks. */
export interface TrainingOrder {
  readonly settings: TrainingSettings;
  readonly runDirectory: string;
  readonly resume: boolean;
  /** Seconds of training after which it stops. */
  readonly timeLimit?: number;
  /** When the command started, by `monotonicSeconds`. */
  readonly startedAt: number;
  /** Where the ranks run. */
  readonly backend: "serial" | "threads" | "mpi";
}

/** What every rank is started with; the order of the first rank is everyone's. */
export interface TrainingTask {
  readonly order?: TrainingOrder;
  /** One Int32: 0 = go on, 1 = stop after the next update. */
  readonly stop: SharedArrayBuffer;
}

/** What the first rank tells while it trains, and any rank that fails. */
export type TrainingNews =
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "records"; readonly records: readonly TrainingRecord[] };

/** Why a run ended: the training's own reason, or a request from outside. */
export type RunReason = TrainingReason | { readonly kind: "stopped"; readonly by: "observer" | "time-limit" };

/** Names inside the run directory of a training. */
export const TRAINING_FILES = {
  metrics: "metrics.jsonl",
  checkpoints: ["training-0.checkpoint", "training-1.checkpoint"],
  model: "model.json",
  parameters: "parameters.npy",
  validationInputs: "validation-inputs.npy",
  validationOutputs: "validation-outputs.npy",
  report: "report.json",
  page: "report.html",
} as const;
