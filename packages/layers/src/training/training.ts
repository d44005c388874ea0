import { requireArgument, requireName } from "@parakkt/core";
import { accuracy } from "./accuracy.js";
import { epochBatches, type EpochBatches } from "./batches.js";
import type { Batch, SplitData } from "./data/data-set.js";
import { gradientAgreement } from "./gradient-agreement.js";
import { adaptedEffort, convergenceIndicator, doubled, type Effort, type IndicatorOptions } from "./indicator.js";
import { learningRate, sizeAt, type RateOptions, type ScheduledSize } from "./schedules.js";
import type { TrainingPosition, TrainingSnapshot } from "./snapshot.js";
import { trainingStage, type StageOptions, type TrainingStage } from "./training-stage.js";
import { effortName, fellBack, type AgreementRecord, type EpochRecord, type IndicatorRecord, type TrainingReason, type TrainingRecord } from "./training-record.js";
import type { Evaluation, PropagationCounts } from "./training-objective.js";

/** When training may end before its last epoch, and has then succeeded. */
export interface Goal {
  /** Validation loss at most. */
  readonly loss?: number;
  /** Validation accuracy at least. */
  readonly accuracy?: number;
}

export interface TrainingOptions extends StageOptions {
  readonly data: SplitData;
  readonly epochs: number;
  readonly batchSize: readonly ScheduledSize[];
  /** N from epoch to epoch, each twice the one before: cascadic training [Cyr2019]. */
  readonly depth: readonly ScheduledSize[];
  readonly rate: Omit<RateOptions, "epochs">;
  /** To begin with. */
  readonly effort: Effort;
  readonly indicator?: IndicatorOptions;
  /** Compare with the serial gradient every so many updates. */
  readonly checkEvery?: number;
  /** Measure the validation accuracy: targets are classes. */
  readonly classification: boolean;
  readonly goal?: Goal;
}

/** A training, one update at a time. */
export interface Training {
  /** The next update, and the validation where it completes an epoch. Does nothing once there is a reason. */
  advance(): readonly TrainingRecord[];
  readonly reason: TrainingReason | undefined;
  readonly position: TrainingPosition;
  /** The parameters θ of the network as they are now, at the depth of `position`. */
  readonly parameters: Float64Array;
  readonly counts: PropagationCounts;
  /** Between two updates. Copies. */
  snapshot(): TrainingSnapshot;
  /** Takes over where another training of the same options was. */
  restore(snapshot: TrainingSnapshot): void;
}

/** Sets up the training of a network; deterministic: the options, with their seed, decide every bit, on any number of ranks. */
export function training(options: TrainingOptions): Training {
  checkOptions(options);
  const run = startRun(options);
  return {
    advance: () => advance(run),
    get reason() {
      return run.reason;
    },
    get position() {
      return positionOf(run);
    },
    get parameters() {
      return run.stage.parameters();
    },
    get counts() {
      return run.stage.counts();
    },
    snapshot: () => ({ position: positionOf(run), vectors: run.stage.save() }),
    restore: (snapshot) => takeOver(run, snapshot),
  };
}

/** A training under way. */
interface Run {
  readonly options: TrainingOptions;
  rateAt(epoch: number): number;
  stage: TrainingStage;
  effort: Effort;
  place: Omit<TrainingPosition, "depth" | "forward" | "backward">;
  /** Those of the current epoch, once it has begun. */
  batches: EpochBatches | undefined;
  reason: TrainingReason | undefined;
}

function startRun(options: TrainingOptions): Run {
  return {
    options,
    rateAt: learningRate({ ...options.rate, epochs: options.epochs }),
    stage: trainingStage(options, sizeAt(options.depth, 0)),
    effort: options.effort,
    place: { epoch: 0, batch: 0, updates: 0, samples: 0, lossSum: 0 },
    batches: undefined,
    reason: undefined,
  };
}

function advance(run: Run): TrainingRecord[] {
  if (run.reason) return [];
  const records = run.batches ? [] : beginEpoch(run);
  const { epoch, batch: index, updates } = run.place;
  const batches = run.batches!;
  const batch = batches.batch(index);
  const looked = isDue(run.options.indicator?.every, updates) ? run.options.indicator : undefined;
  const effort = looked ? doubled(run.effort) : run.effort;
  const evaluation = run.stage.evaluate(batch, effort, updates);
  run.reason = failureOf(evaluation, updates);
  if (run.reason) return records;
  if (isDue(run.options.checkEvery, updates)) records.push(agreement(run.stage, batch, { update: updates, effort: effortName(effort), loss: evaluation.loss }));
  if (looked) records.push(look(run, evaluation, looked));
  const rate = run.rateAt(epoch + index / batches.count);
  const step = run.stage.update({ batch, effort, rate, evaluation });
  if (step === 0) run.reason = { kind: "failed", by: "no-descent", update: updates, evidence: NO_DESCENT };
  records.push(updateRecord(evaluation, { update: updates, epoch, rate, step, effort: effortName(effort) }));
  const { samples, lossSum } = run.place;
  run.place = { epoch, batch: index + 1, updates: updates + 1, samples: samples + batch.count, lossSum: lossSum + batch.count * evaluation.loss };
  return run.place.batch < batches.count ? records : [...records, endEpoch(run)];
}

const NO_DESCENT = "no step along the direction lowers the objective: the gradient is too inexact, or there is nothing left to gain";

function beginEpoch(run: Run): TrainingRecord[] {
  const { depth, batchSize, data, seed } = run.options;
  const { epoch, batch } = run.place;
  const [from, to] = [run.stage.depth, sizeAt(depth, epoch)];
  run.batches = epochBatches(data.training, { size: sizeAt(batchSize, epoch), epoch, seed });
  if (batch > 0 || to === from) return [];
  run.stage = run.stage.refined();
  return [{ kind: "depth", epoch, from, to }];
}

function endEpoch(run: Run): EpochRecord {
  const { data: { validation }, classification } = run.options;
  const { epoch, updates, lossSum, samples } = run.place;
  const found = validation.count > 0 ? run.stage.predict(validation) : undefined;
  const record: EpochRecord = {
    ...{ kind: "epoch", epoch, updates, depth: run.stage.depth, effort: effortName(run.effort) },
    ...{ trainingLoss: lossSum / samples, validationLoss: found?.loss ?? null, validationAccuracy: found && classification ? accuracy(found.outputs, validation) : null },
  };
  run.place = { epoch: epoch + 1, batch: 0, updates, samples: 0, lossSum: 0 };
  run.batches = undefined;
  run.reason ??= endOf(record, epoch + 1, run.options);
  return record;
}

function positionOf({ place, stage, effort }: Run): TrainingPosition {
  const [forward, backward] = effort.kind === "serial" ? [0, 0] : [effort.forward, effort.backward];
  return { ...place, depth: stage.depth, forward, backward };
}

function takeOver(run: Run, { position: { depth, forward, backward, ...place }, vectors }: TrainingSnapshot): void {
  const { options } = run;
  run.place = place;
  run.effort = forward === 0 ? { kind: "serial" } : { kind: "inexact", forward, backward };
  run.stage = trainingStage(options, depth);
  run.batches = undefined;
  run.stage.restore(vectors, Math.min(sizeAt(options.batchSize, place.epoch), options.data.training.count));
  run.reason = place.epoch >= options.epochs ? { kind: "finished", by: "epochs" } : undefined;
}

const isDue = (every: number | undefined, updates: number): boolean => every !== undefined && updates % every === 0;

function failureOf({ loss, penalty }: Evaluation, update: number): TrainingReason | undefined {
  if (Number.isFinite(loss + penalty)) return undefined;
  return { kind: "failed", by: "non-finite", update, evidence: `the loss of update ${update} is ${loss}, the penalty ${penalty}` };
}

/** Judges the last cycle of a doubled solve and adapts the effort. */
function look(run: Run, { forward, backward }: Evaluation, options: IndicatorOptions): IndicatorRecord {
  const [rhoForward, rhoBackward] = [convergenceIndicator(forward), convergenceIndicator(backward)];
  const before = run.effort;
  run.effort = adaptedEffort(before, Math.max(rhoForward, rhoBackward), options);
  return { kind: "indicator", update: run.place.updates, forward: rhoForward, backward: rhoBackward, effort: effortName(run.effort), switched: run.effort !== before };
}

function agreement(stage: TrainingStage, batch: Batch, { update, effort, loss }: Pick<AgreementRecord, "update" | "effort" | "loss">): AgreementRecord {
  const exact = new Float64Array(stage.gradient.length);
  const evaluation = stage.exact(batch, exact, update);
  return { kind: "agreement", update, effort, ...gradientAgreement(stage.gradient, exact), loss, exactLoss: evaluation.loss };
}

type UpdatePlace = Pick<Extract<TrainingRecord, { kind: "update" }>, "update" | "epoch" | "rate" | "step" | "effort">;

function updateRecord({ loss, penalty, forward, backward }: Evaluation, place: UpdatePlace): TrainingRecord {
  const residuals = { forwardResiduals: forward.residualNorms, backwardResiduals: backward.residualNorms };
  return { kind: "update", ...place, loss, penalty, ...residuals, fellBack: fellBack(forward) || fellBack(backward) };
}

/** After an epoch: whether that was the last one. */
function endOf({ validationLoss, validationAccuracy }: EpochRecord, complete: number, { epochs, goal }: TrainingOptions): TrainingReason | undefined {
  const reached = goal && validationLoss !== null && validationLoss <= (goal.loss ?? Infinity) && (validationAccuracy ?? 1) >= (goal.accuracy ?? 0);
  if (reached) return { kind: "finished", by: "goal" };
  if (complete < epochs) return undefined;
  return goal ? { kind: "stopped", by: "goal-not-reached" } : { kind: "finished", by: "epochs" };
}

function checkNames({ warmStart, effort, indicator }: TrainingOptions): void {
  requireName(warmStart, ["none", "states", "states-and-adjoints"], { what: "warm start", where: "training" });
  requireName(effort.kind, ["inexact", "serial"], { what: "effort", where: "training" });
  requireName(indicator?.action ?? "serial", ["more-iterations", "serial"], { what: "action of the indicator", where: "training" });
}

function checkOptions(options: TrainingOptions): void {
  const { warmStart, batchSize, depth, data, epochs } = options;
  checkNames(options);
  requireArgument(Number.isInteger(epochs) && epochs >= 1, () => ({ what: "epochs", where: "training", expected: "a whole number of at least 1", got: String(epochs) }));
  requireArgument(warmStart === "none" || batchSize.every(({ size }) => size >= data.training.count), () => ({
    what: "warm-started states",
    where: "training",
    expected: `one batch of all ${data.training.count} samples`,
    got: `batches of ${batchSize.map(({ size }) => size).join(", ")}`,
    hint: "States of other samples are no guess for these: take the whole set as one batch, or start afresh.",
  }));
  requireArgument(depth.every(({ size }, k) => k === 0 || size === 2 * depth[k - 1].size), () => ({
    what: "depths",
    where: "training",
    expected: "each twice the one before",
    got: depth.map(({ size }) => size).join(", "),
  }));
}
