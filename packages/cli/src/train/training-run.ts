import type { TrainingReason, TrainingRecord } from "@parakkt/layers";
import type { TrainingSettings } from "./training-settings.js";

/** What every rank of a training is started with. */
export interface TrainingTask {
  readonly settings: TrainingSettings;
  readonly runDirectory: string;
  readonly resume: boolean;
  /** Seconds of training after which it stops. */
  readonly timeLimit?: number;
  /** One Int32: 0 = go on, 1 = stop after the next update. */
  readonly stop: SharedArrayBuffer;
  /** When the command started, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** What the first rank tells while it trains. */
export type TrainingNews = { readonly kind: "note"; readonly text: string } | { readonly kind: "records"; readonly records: readonly TrainingRecord[] };

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
