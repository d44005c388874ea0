import type { EpochRecord, TrainingRecord } from "@parakkt/layers";
import { ExitCode } from "../exit-codes.js";
import { formatSeconds } from "../progress-line.js";
import type { TrainingReport } from "./training-report.js";
import type { RunReason } from "./training-run.js";

/** Heading of the progress lines. */
export const EPOCH_HEADING = "epoch    updates   training  validation   accuracy   cycles      elapsed         rest";

export interface EpochClock {
  readonly seconds: number;
  readonly epochs: number;
  /** Epochs that were complete when this process began. */
  readonly before: number;
}

/** A line of progress after an epoch; the rest assumes that epochs go on to take as long as the mean one. */
export function epochLine({ epoch, updates, trainingLoss, validationLoss, validationAccuracy, effort }: EpochRecord, { seconds, epochs, before }: EpochClock): string {
  const done = epoch + 1 - before;
  const rest = (seconds / done) * (epochs - epoch - 1);
  return [
    `${epoch + 1}/${epochs}`.padEnd(8),
    String(updates).padStart(8),
    trainingLoss.toPrecision(4).padStart(11),
    (validationLoss === null ? "" : validationLoss.toPrecision(4)).padStart(12),
    (validationAccuracy === null ? "" : `${(100 * validationAccuracy).toFixed(1)} %`).padStart(11),
    effort.padStart(9),
    formatSeconds(seconds).padStart(13),
    formatSeconds(rest).padStart(13),
  ].join("");
}

/** What is worth a line beside the epochs. */
export function describeRecord(record: TrainingRecord): string | undefined {
  if (record.kind === "indicator" && record.switched) return `update ${record.update}: the last cycle changed residuals by ${record.forward.toPrecision(3)} forward, ${record.backward.toPrecision(3)} backward: going on with ${record.effort}`;
  if (record.kind === "depth") return `epoch ${record.epoch + 1}: from ${record.from} to ${record.to} layers`;
  return undefined;
}

export function describeRunReason(reason: RunReason): string {
  switch (reason.kind) {
    case "finished":
      return reason.by === "goal" ? "the goal is reached" : "all epochs are done";
    case "stopped":
      return { "goal-not-reached": "the goal was not reached", observer: "stopped on request", "time-limit": "the time limit was reached" }[reason.by];
    case "failed":
      return `failed (${reason.by}) at update ${reason.update}: ${reason.evidence}`;
  }
}

/** The exit code of a training that ended for `reason`. */
export function exitCodeOfTraining(reason: RunReason): ExitCode {
  return { finished: ExitCode.converged, stopped: ExitCode.stoppedBeforeConvergence, failed: ExitCode.numericalFailure }[reason.kind];
}

/** From which update on the indicator made a training serial for good; undefined where it did not. */
export function serialSince({ indicator }: Pick<TrainingReport, "indicator">): number | undefined {
  return indicator.find(({ switched, effort }) => switched && effort === "serial")?.update;
}

/** A number of things in words: 1 epoch, 2 epochs. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

/** Loss and accuracy of the validation samples after an epoch. */
export function describeValidation({ validationLoss, validationAccuracy }: EpochRecord): string {
  if (validationLoss === null) return "no validation samples";
  return `validation loss ${validationLoss.toPrecision(5)}${validationAccuracy === null ? "" : `, accuracy ${(100 * validationAccuracy).toFixed(1)} %`}`;
}

/** The result for people. */
export function summarizeTraining(report: TrainingReport): string {
  const { reason, updates, epochs, layers, parameters, timings, modelled, config } = report;
  const since = serialSince(report);
  const last = epochs.at(-1);
  const best = modelled?.workers.reduce((a, b) => (b.speedup > a.speedup ? b : a));
  return [
    `${describeRunReason(reason)} after ${counted(updates, "update")} in ${counted(epochs.length, "epoch")}, ${formatSeconds(timings.training)}`,
    ...(last ? [`training loss ${last.trainingLoss.toPrecision(5)}, ${describeValidation(last)}`] : []),
    `${config.network.kind} network, ${layers} layers, ${parameters} parameters`,
    ...(since !== undefined ? [`serial since update ${since}: the iteration did not converge`] : []),
    ...(best ? [`modelled speed-up of an update${since === undefined ? "" : " before that"}, without communication: ${best.speedup.toFixed(2)} with ${best.workers ?? "one worker an interval"}`] : []),
    `written to ${config.output.directory}`,
  ].join("\n");
}
