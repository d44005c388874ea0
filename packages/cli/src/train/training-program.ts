import type { Communicator } from "@parakkt/core";
import type { Training } from "@parakkt/layers";
import { broadcastText, JobEndedError, type RankContext, type RankProgram } from "@parakkt/parallel";
import { ExitCode } from "../exit-codes.js";
import { failureOf } from "../failure.js";
import { monotonicSeconds } from "../monotonic-clock.js";
import { ProgramError } from "../program-error.js";
import type { Failure } from "../worker-messages.js";
import { buildTraining } from "./build-training.js";
import { checkpointWriter, newestCheckpoint, type FoundCheckpoint } from "./checkpoint-file.js";
import { fingerprintDifference, fingerprintOf } from "./fingerprint.js";
import { openMetrics, type MetricsFile } from "./metrics-file.js";
import { trainingData } from "./training-data.js";
import type { RunReason, TrainingNews, TrainingOrder, TrainingTask } from "./training-run.js";
import type { TrainingReport } from "./training-report.js";
import { writeTraining } from "./write-training.js";

/** The report, from the first rank, or how it ended; what went wrong, from a rank alone. */
export type TrainingResult = { readonly report: TrainingReport } | { readonly reason: RunReason } | { readonly failure: Failure };

/** What every rank of a training runs; the first one writes the files. */
export const rankProgram: RankProgram<TrainingTask, TrainingResult> = async (communicator, { order, stop }, context) => {
  try {
    const shared = JSON.parse(broadcastText(communicator, 0, JSON.stringify(order ?? null))) as TrainingOrder;
    return await train(communicator, { ...shared, stop }, context);
  } catch (error) {
    if (communicator.size === 1) return { failure: failureOf(error) };
    if (!(error instanceof JobEndedError)) context.tell({ kind: "failed", failure: failureOf(error) } satisfies TrainingNews);
    throw error;
  }
};

/** The order, and this rank's flag. */
type RankTask = TrainingOrder & Pick<TrainingTask, "stop">;

async function train(communicator: Communicator, task: RankTask, context: RankContext): Promise<TrainingResult> {
  const elapsed = (): number => monotonicSeconds() - task.startedAt;
  const first = communicator.rank === 0;
  const tell = (news: TrainingNews): void => (first ? context.tell(news) : undefined);
  const data = trainingData(task.settings.data);
  const training = buildTraining(task.settings, data, communicator);
  const found = task.resume ? takeOver(training, task, (text) => tell({ kind: "note", text })) : undefined;
  const setup = elapsed();
  const metrics = first ? openMetrics(task.runDirectory, found?.checkpoint.metricsBytes ?? 0) : undefined;
  const before = found?.checkpoint.seconds ?? 0;
  const reason = advanceToTheEnd({ training, task, communicator, metrics, found, seconds: () => before + elapsed() - setup, tell });
  metrics?.close();
  if (!first) return { reason };
  return { report: await writeTraining({ task, training, data, reason, timings: { setup, training: before + elapsed() - setup }, elapsed }) };
}

/** Goes on from the newest good checkpoint, if there is one. Throws `ProgramError` where it is of another config. */
function takeOver(training: Training, { runDirectory, settings }: TrainingOrder, note: (text: string) => void): FoundCheckpoint | undefined {
  const found = newestCheckpoint(runDirectory, note);
  if (found === undefined) {
    note("no checkpoint is there: starting from the beginning");
    return undefined;
  }
  const difference = fingerprintDifference(found.fingerprint, fingerprintOf(settings));
  if (difference !== undefined) throw new ProgramError(ExitCode.invalidInput, `the checkpoint in ${runDirectory} is of another config: ${difference}`, "resume with the same config, or start anew with --force or --out");
  training.restore(found.checkpoint);
  note(`resuming after update ${found.checkpoint.position.updates}`);
  return found;
}

interface Loop {
  readonly training: Training;
  readonly task: RankTask;
  readonly communicator: Communicator;
  readonly metrics: MetricsFile | undefined;
  readonly found: FoundCheckpoint | undefined;
  seconds(): number;
  tell(news: TrainingNews): void;
}

/** Updates until there is a reason to end; a stopped training leaves a checkpoint of its last update. */
function advanceToTheEnd(loop: Loop): RunReason {
  const { training, task, metrics, found, tell } = loop;
  const write = checkpointWriter(task.runDirectory, fingerprintOf(task.settings), found ? found.generation + 1 : 0);
  const keep = (): void => {
    const snapshot = training.snapshot();
    if (metrics) write({ ...snapshot, metricsBytes: metrics.sync(), seconds: loop.seconds() });
  };
  const decide = decisions(loop);
  while (training.reason === undefined) {
    const records = training.advance();
    metrics?.append(records);
    tell({ kind: "records", records });
    const verdict = decide();
    if (verdict.stop || verdict.checkpoint) keep();
    if (verdict.stop && training.reason === undefined) return { kind: "stopped", by: verdict.stop };
  }
  if (training.reason.kind !== "failed") keep();
  return training.reason;
}

interface Verdict {
  readonly stop: "observer" | "time-limit" | undefined;
  readonly checkpoint: boolean;
}

/** The first rank, which has the clock and the signals, decides for all. */
function decisions({ training, task, communicator, seconds }: Loop): () => Verdict {
  const flag = new Int32Array(task.stop);
  const { updates: everyUpdates = Infinity, seconds: everySeconds } = task.settings.checkpoint;
  const { timeLimit = Infinity } = task;
  const start = seconds();
  let last = { updates: training.position.updates, seconds: start };
  const shared = new Float64Array(2);
  return () => {
    const now = seconds();
    const { updates } = training.position;
    shared[0] = Atomics.load(flag, 0) === 1 ? 1 : now - start > timeLimit ? 2 : 0;
    shared[1] = updates - last.updates >= everyUpdates || now - last.seconds >= everySeconds ? 1 : 0;
    if (communicator.size > 1) communicator.broadcast(0, shared);
    if (shared[1] === 1) last = { updates, seconds: now };
    return { stop: ([undefined, "observer", "time-limit"] as const)[shared[0]], checkpoint: shared[1] === 1 };
  };
}

