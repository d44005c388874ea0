import type { Finding } from "../config/cross-checks.js";
import type { TrainInput } from "../config/train-schema.js";
import type { TrainingSettings } from "./training-settings.js";

/** A training config as given and as resolved. */
export interface CheckedTraining {
  readonly input: TrainInput;
  readonly settings: TrainingSettings;
}

/** One combination that cannot work, if it is there. */
export type TrainingRule = (training: CheckedTraining) => Finding | undefined;
