import { join } from "node:path";
import type { SplitData, Training, TrainingRecord, UpdateRecord } from "@parakkt/layers";
import { serialPredictor } from "@parakkt/layers";
import { REPORT_SCHEMA_VERSION } from "../config/config-of-report.js";
import { writeAtomically } from "../output/atomic-file.js";
import { provenance } from "../output/provenance.js";
import { peakResidentBytes } from "../peak-memory.js";
import { buildFamily } from "./build-training.js";
import { readMetrics } from "./metrics-file.js";
import { parameterDigest, writeModel, writeRows, type Model } from "./model-file.js";
import { modelledTraining } from "./modelled-training.js";
import { trainingPage } from "./training-page.js";
import { thinned } from "./thinned.js";
import type { SolveResiduals, TrainingReport } from "./training-report.js";
import { serialSince } from "./training-summary.js";
import { TRAINING_FILES, type RunReason, type TrainingOrder } from "./training-run.js";

/** A training that has ended. */
export interface FinishedTraining {
  readonly task: TrainingOrder;
  readonly training: Training;
  readonly data: SplitData;
  readonly reason: RunReason;
  readonly timings: { readonly setup: number; readonly training: number };
  /** Seconds since the command started. */
  elapsed(): number;
}

/** Model, validation samples with outputs, page and report, which comes last: a directory with a report is complete. */
export async function writeTraining(finished: FinishedTraining): Promise<TrainingReport> {
  const { task: { runDirectory, settings }, data } = finished;
  const model = modelOf(finished);
  const started = finished.elapsed();
  writeModel(runDirectory, model);
  writeValidation(runDirectory, model, data);
  const report = reportOf(finished, { parameters: model.parameters, output: finished.elapsed() - started });
  if (settings.output.page) {
    const page = await trainingPage(report, readMetrics(runDirectory).filter(isUpdate));
    writeAtomically(join(runDirectory, TRAINING_FILES.page), (file) => file.write(page));
  }
  writeAtomically(join(runDirectory, TRAINING_FILES.report), (file) => file.write(`${JSON.stringify(report, undefined, 2)}\n`));
  return report;
}

function modelOf({ training, task: { settings }, data: { training: { inputShape, targetShape } } }: FinishedTraining): Model {
  return { network: settings.network, data: settings.data, depth: training.position.depth, inputShape, targetShape, parameters: training.parameters };
}

/** So that `parakkt predict` can be checked against the training, bit for bit. */
function writeValidation(directory: string, model: Model, { validation }: SplitData): void {
  if (validation.count === 0) return;
  const { outputs } = serialPredictor({ ...model, family: buildFamily(model.network, model.data, model) })(validation);
  writeRows(join(directory, TRAINING_FILES.validationInputs), [validation.count, ...validation.inputShape], validation.inputs);
  writeRows(join(directory, TRAINING_FILES.validationOutputs), [validation.count, ...validation.targetShape], outputs);
}

function reportOf({ task, training, reason, timings, elapsed }: FinishedTraining, { parameters, output }: { parameters: Float64Array; output: number }): TrainingReport {
  const { settings } = task;
  const records = readMetrics(task.runDirectory);
  const updates = records.filter(isUpdate);
  const { depth } = training.position;
  const { threads } = settings.parallel;
  const indicator = ofKind(records, "indicator");
  const modelled = serialSince({ indicator }) === 0 ? undefined : modelledTraining(settings, depth);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "training",
    config: settings,
    reason,
    updates: updates.length,
    layers: depth,
    parameters: parameters.length,
    epochs: ofKind(records, "epoch"),
    depths: ofKind(records, "depth"),
    indicator,
    agreement: ofKind(records, "agreement"),
    residuals: thinned(updates, MOST_RESIDUALS).flatMap(residualsOf),
    fallbacks: updates.filter(({ fellBack }) => fellBack).length,
    counts: training.counts,
    ...(modelled && { modelled }),
    timings: { ...timings, cpu: cpuSeconds(), output, total: elapsed(), perUpdate: timings.training / Math.max(1, updates.length) },
    memory: { peakRss: peakResidentBytes() },
    provenance: provenance({ backend: task.backend, ranks: threads, seed: settings.training.seed }),
    digest: parameterDigest(parameters),
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const MOST_RESIDUALS = 500;

const isUpdate = (record: TrainingRecord): record is UpdateRecord => record.kind === "update";

function ofKind<Kind extends TrainingRecord["kind"]>(records: readonly TrainingRecord[], kind: Kind): Extract<TrainingRecord, { kind: Kind }>[] {
  return records.filter((record): record is Extract<TrainingRecord, { kind: Kind }> => record.kind === kind);
}

function residualsOf({ update, forwardResiduals, backwardResiduals }: UpdateRecord): SolveResiduals[] {
  if (forwardResiduals.length === 0) return [];
  const ends = (norms: readonly number[]): [number, number] => [norms[0] ?? 0, norms.at(-1) ?? 0];
  return [{ update, forward: ends(forwardResiduals), backward: ends(backwardResiduals) }];
}
