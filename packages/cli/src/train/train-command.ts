import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchedRanks } from "@parakkt/parallel";
import { parseOverride, type Override } from "../config/apply-overrides.js";
import { ExitCode } from "../exit-codes.js";
import { monotonicSeconds } from "../monotonic-clock.js";
import { ProgramError } from "../program-error.js";
import { listenForSignals } from "../signals.js";
import { RANK_ZERO_FIRST, reportFailure } from "../solve-command.js";
import type { Terminal } from "../terminal.js";
import { loadTraining } from "./load-training.js";
import { openTrainingDirectory } from "./training-directory.js";
import type { TrainingReport } from "./training-report.js";
import { runTrainingJob } from "./training-job.js";
import type { TrainingNews, TrainingOrder } from "./training-run.js";
import type { TrainingSettings } from "./training-settings.js";
import { describeRecord, describeRunReason, EPOCH_HEADING, epochLine, exitCodeOfTraining, summarizeTraining } from "./training-summary.js";

/** Options of `train`. */
export interface TrainOptions {
  readonly set: readonly string[];
  readonly out?: string;
  readonly threads?: string;
  readonly timeLimit?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly allowPath?: boolean;
}

/** Checks, trains on threads or MPI ranks that the main thread supervises, and prints; hands back the exit code. */
export async function trainCommand(path: string, options: TrainOptions, terminal: Terminal): Promise<ExitCode> {
  if ((launchedRanks()?.rank ?? 0) > 0) return followRankZero(terminal);
  const startedAt = monotonicSeconds();
  const talk = options.quiet === true || options.json === true ? () => undefined : terminal.talk;
  const timeLimit = secondsOf(options.timeLimit);
  const { settings, notes } = loadTraining({ path, overrides: overridesOf(options), allowPath: options.allowPath === true });
  notes.forEach(talk);
  const runDirectory = resolve(settings.output.directory);
  const release = openTrainingDirectory(runDirectory, { resume: options.resume === true, force: options.force === true });
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const signals = listenForSignals(() => {
    Atomics.store(new Int32Array(stop), 0, 1);
    talk("stopping after this update; once more to quit at once");
  });
  const backend = launchedSize() > 1 ? "mpi" : settings.parallel.threads > 1 ? "threads" : "serial";
  const order: TrainingOrder = { settings, runDirectory, resume: options.resume === true, ...(timeLimit !== undefined && { timeLimit }), startedAt, backend };
  const signal = (): "SIGINT" | "SIGTERM" | undefined => signals.received()?.signal;
  try {
    const ending = await runTrainingJob({ order, stop, onNews: progressTalk(settings, talk), signal });
    if ("report" in ending) return finish(ending.report, { options, terminal, signal: signal() });
    if ("reason" in ending) return exitCodeOfTraining(ending.reason);
    reportFailure(ending.failure, terminal);
    release();
    await ending.leave(ending.failure.exitCode);
    return ending.failure.exitCode;
  } finally {
    signals.close();
    release();
  }
}

const launchedSize = (): number => launchedRanks()?.size ?? 1;

/** A rank of MPI but the first: it is told what to train by rank 0, and silent unless it alone knows why the job fails. */
async function followRankZero(terminal: Terminal): Promise<ExitCode> {
  const signals = listenForSignals(() => undefined);
  const ending = await runTrainingJob({ stop: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT), onNews: () => undefined, signal: () => signals.received()?.signal });
  signals.close();
  if ("report" in ending) return ExitCode.bug;
  if ("reason" in ending) return exitCodeOfTraining(ending.reason);
  await sleep(RANK_ZERO_FIRST);
  reportFailure(ending.failure, terminal);
  await ending.leave(ending.failure.exitCode);
  return ending.failure.exitCode;
}

/** Under a launcher its ranks take the place of threads. */
function overridesOf({ set, out, threads }: TrainOptions): Override[] {
  const overrides = set.map(parseOverride);
  const launched = launchedRanks();
  if (launched !== undefined && launched.size > 1) {
    if (threads !== undefined) throw new ProgramError(ExitCode.usage, `--threads ${threads}: ${launched.launcher} started ${launched.size} ranks, which take the place of threads`, "leave out --threads, or start the program by itself");
    overrides.push({ ...parseOverride(`parallel.threads=${launched.size}`), option: `${launched.size} ranks of ${launched.launcher}` });
  }
  if (out !== undefined) overrides.push({ path: ["output", "directory"], value: out, option: `--out ${out}` });
  if (threads !== undefined) overrides.push({ ...parseOverride(`parallel.threads=${threads}`), option: `--threads ${threads}` });
  return overrides;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new ProgramError(ExitCode.usage, `--time-limit ${text}: expected a positive number of seconds`, "--time-limit 3600");
}

/** A line an epoch, and for what else happens. */
function progressTalk({ training: { epochs } }: TrainingSettings, talk: (text: string) => void): (news: TrainingNews) => void {
  let clock: { readonly start: number; readonly before: number } | undefined;
  return (news) => {
    if (news.kind === "note") return talk(news.text);
    if (news.kind === "failed") return undefined;
    for (const record of news.records) {
      if (clock === undefined) {
        clock = { start: monotonicSeconds(), before: "epoch" in record ? record.epoch : 0 };
        talk(EPOCH_HEADING);
      }
      const words = record.kind === "epoch" ? epochLine(record, { seconds: monotonicSeconds() - clock.start, epochs, before: clock.before }) : describeRecord(record);
      if (words !== undefined) talk(words);
    }
  };
}

interface Finish {
  readonly options: TrainOptions;
  readonly terminal: Terminal;
  readonly signal: "SIGINT" | "SIGTERM" | undefined;
}

function finish(report: TrainingReport, { options, terminal, signal }: Finish): ExitCode {
  const { reason } = report;
  if (options.json === true) terminal.result(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (options.quiet !== true) terminal.result(summarizeTraining(report));
  if (options.quiet === true && reason.kind !== "finished") terminal.talk(`parakkt: ${describeRunReason(reason)}`);
  if (reason.kind === "stopped" && reason.by === "observer" && signal !== undefined) return signal === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated;
  return exitCodeOfTraining(reason);
}
