import type { MgritResult } from "../mgrit/halting.js";
import type { Effort } from "./indicator.js";

/** One update of the parameters. Residuals are those of the solves, absolute, first to last. */
export interface UpdateRecord {
  readonly kind: "update";
  readonly update: number;
  readonly epoch: number;
  readonly loss: number;
  readonly penalty: number;
  readonly rate: number;
  /** Factor on the direction: the rate, or what a line search took. */
  readonly step: number;
  readonly effort: "serial" | string;
  readonly forwardResiduals: readonly number[];
  readonly backwardResiduals: readonly number[];
  /** Solves that broke down and were propagated serially. */
  readonly fellBack: boolean;
}

/** ρ of forward and backward solves, and what is done from now on (TRN.3). */
export interface IndicatorRecord {
  readonly kind: "indicator";
  readonly update: number;
  readonly forward: number;
  readonly backward: number;
  readonly effort: string;
  readonly switched: boolean;
}

/** The gradient that an update used against the exact one (TRN.4). */
export interface AgreementRecord {
  readonly kind: "agreement";
  readonly update: number;
  /** The cycles that it was made by: twice the usual ones where the indicator looked at the same update. */
  readonly effort: string;
  readonly cosine: number;
  readonly relativeError: number;
  readonly loss: number;
  readonly exactLoss: number;
}

/** Means over an epoch, and the validation set after it. */
export interface EpochRecord {
  readonly kind: "epoch";
  readonly epoch: number;
  readonly updates: number;
  readonly depth: number;
  readonly effort: string;
  readonly trainingLoss: number;
  /** null without validation samples. */
  readonly validationLoss: number | null;
  /** Share of the targets whose largest output is the right one; null for regression, and without validation samples. */
  readonly validationAccuracy: number | null;
}

/** The network has been made twice as deep. */
export interface DepthRecord {
  readonly kind: "depth";
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

export type TrainingRecord = UpdateRecord | IndicatorRecord | AgreementRecord | EpochRecord | DepthRecord;

/** Why a training ended. Numerical outcomes are values. */
export type TrainingReason =
  | { readonly kind: "finished"; readonly by: "epochs" | "goal" }
  | { readonly kind: "stopped"; readonly by: "goal-not-reached" }
  | { readonly kind: "failed"; readonly by: "non-finite" | "no-descent"; readonly update: number; readonly evidence: string };

/** "2/1" for two forward and one backward cycles; "serial". */
export function effortName(effort: Effort): string {
  return effort.kind === "serial" ? "serial" : `${effort.forward}/${effort.backward}`;
}

export function fellBack({ reason }: MgritResult): boolean {
  return reason.kind === "fell-back";
}
