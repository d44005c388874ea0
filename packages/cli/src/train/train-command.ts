import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { startThreads } from "@parakkt/parallel";
import { parseOverride, type Override } from "../config/apply-overrides.js";
import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";
import { listenForSignals } from "../signals.js";
import { reportFailure } from "../solve-command.js";
import type { Terminal } from "../terminal.js";
import { loadTraining } from "./load-training.js";
import { openTrainingDirectory } from "./training-directory.js";
import type { TrainingResult } from "./training-program.js";
import type { TrainingReport } from "./training-report.js";
import type { TrainingNews, TrainingTask } from "./training-run.js";
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

/** Checks, trains on threads that the main thread supervises, and prints; hands back the exit code. */
export async function trainCommand(path: string, options: TrainOptions, terminal: Terminal): Promise<ExitCode> {
  const startedAt = Date.now();
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
  const task: TrainingTask = { settings, runDirectory, resume: options.resume === true, ...(timeLimit !== undefined && { timeLimit }), stop, startedAt };
  try {
    const result = await runTraining(task, progressTalk(settings, talk));
    if (result === undefined || "failure" in result) {
      reportFailure(result?.failure ?? { text: "the training ended without a result" }, terminal);
      return result?.failure.exitCode ?? ExitCode.bug;
    }
    return finish(result.report, { options, terminal, signal: signals.received()?.signal });
  } finally {
    signals.close();
    release();
  }
}

async function runTraining(task: TrainingTask, onNews: (news: unknown) => void): Promise<TrainingResult> {
  const module = new URL("./training-program.js", import.meta.url);
  const { threads } = task.settings.parallel;
  const [result] = await startThreads<TrainingResult>({ module, threads, cores: availableParallelism(), data: task, onNews }).results;
  return result;
}

function overridesOf({ set, out, threads }: TrainOptions): Override[] {
  const overrides = set.map(parseOverride);
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
function progressTalk({ training: { epochs } }: TrainingSettings, talk: (text: string) => void): (news: unknown) => void {
  let clock: { readonly start: number; readonly before: number } | undefined;
  return (message) => {
    const news = message as TrainingNews;
    if (news.kind === "note") return talk(news.text);
    for (const record of news.records) {
      if (clock === undefined) {
        clock = { start: Date.now(), before: "epoch" in record ? record.epoch : 0 };
        talk(EPOCH_HEADING);
      }
      const words = record.kind === "epoch" ? epochLine(record, { seconds: (Date.now() - clock.start) / 1000, epochs, before: clock.before }) : describeRecord(record);
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
