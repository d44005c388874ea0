import type { StopReason } from "@parakkt/core";
import { launchedRanks } from "@parakkt/parallel";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { numberOrText, parseOverride, threadOverrides, type Override } from "./config/apply-overrides.js";
import { rankCount } from "./config/cross-checks.js";
import { loadConfig, type LoadedConfig } from "./config/load-config.js";
import { finishedReport } from "./checkpoint/finished-report.js";
import type { ResolvedConfig } from "./config/resolved-config.js";
import { countNoun } from "./count-noun.js";
import { describeDiagnosis } from "./diagnosis/describe-diagnosis.js";
import { ExitCode, exitCodeOf } from "./exit-codes.js";
import { formatBytes, memoryBudget } from "./memory-budget.js";
import { monotonicSeconds } from "./monotonic-clock.js";
import { reportText } from "./output/report.js";
import { whileClaimed } from "./output/run-claim.js";
import { inspectRunDirectory } from "./output/run-directory.js";
import { requireWithinBudget, type MemoryPlan } from "./plan-memory.js";
import { progressPrinter } from "./progress-line.js";
import { describeReason, summarize } from "./summary.js";
import { superviseSolve, type Ending, type Supervisor } from "./supervise.js";
import type { Terminal } from "./terminal.js";

/** Options of `solve`. */
export interface SolveOptions {
  readonly set: readonly string[];
  readonly out?: string;
  readonly timeLimit?: string;
  readonly threads?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly force?: boolean;
  readonly resume?: boolean;
  readonly allowPath?: boolean;
}

/** What the command runs with beside its options. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Module that exports `solveJob`. */
  readonly jobModule: string;
}

/** Checks, plans, solves and writes; hands back the exit code. */
export async function solveCommand(path: string, options: SolveOptions, { terminal, jobModule }: CommandContext): Promise<ExitCode> {
  if ((launchedRanks()?.rank ?? 0) > 0) return followRankZero(jobModule, terminal);
  const startedAt = monotonicSeconds();
  const talk = options.quiet === true || options.json === true ? () => undefined : terminal.talk;
  const allowPath = options.allowPath === true;
  const loaded = loadConfig({ path, overrides: overridesOf(options), allowPath });
  const runDirectory = resolve(loaded.config.output.directory);
  loaded.notes.forEach((note) => talk(note));
  const plan = requireWithinBudget(loaded.config, memoryBudget(loaded.config.budget.memory));
  const resume = options.resume === true;
  inspectRunDirectory({ directory: runDirectory, force: options.force === true, resume, inputs: loaded.files });
  const finished = resume ? finishedReport(runDirectory, loaded.config) : undefined;
  if (finished) {
    talk("this run has come to its end already");
    await dismissFollowers(jobModule, finished.reason);
    return finish({ reason: finished.reason, report: finished, signal: undefined }, { path, options, terminal, runDirectory: loaded.config.output.directory });
  }
  talk(announce(loaded, plan));
  const seconds = (): number => monotonicSeconds() - startedAt;
  const print = progressPrinter({ ...terminal, talk }, loaded.config.solver.relativeTolerance);
  const { config, directory, places, plan: choice } = loaded;
  const request = { config, directory, places, allowPath, ...(choice && { plan: choice }) };
  const order = { request, runDirectory, resume, startedAt };
  const supervisor: Supervisor = {
    progress: (progress) => print(progress, seconds()),
    note: (text) => talk(text),
    stopping: () => talk("stopping at the next iteration; once more to quit at once"),
  };
  const { ending, leave } = await whileClaimed(runDirectory, () => superviseSolve({ order, jobModule, parallel: config.parallel }, supervisor));
  const exitCode = finish(ending, { path, options, terminal, runDirectory: loaded.config.output.directory });
  if ("failure" in ending) await leave(exitCode);
  return exitCode;
}

const SILENT: Supervisor = { progress() {}, note() {}, stopping() {} };

/** Tells the other ranks of MPI, which wait for an order, that there is none. */
async function dismissFollowers(jobModule: string, ended: StopReason): Promise<void> {
  if ((launchedRanks()?.size ?? 1) > 1) await superviseSolve({ order: { ended }, jobModule, parallel: { backend: "mpi" } }, SILENT);
}

/** Milliseconds by which another rank than the first lets it have the word. */
export const RANK_ZERO_FIRST = 700;

/** A rank of MPI but the first: it is told what to solve by rank 0, and silent unless it alone knows why the job fails. */
async function followRankZero(jobModule: string, terminal: Terminal): Promise<ExitCode> {
  const { ending, leave, allTold } = await superviseSolve({ jobModule, parallel: { backend: "mpi" } }, SILENT);
  if (!("failure" in ending)) return exitCodeOfEnding(ending);
  if (!allTold) {
    await sleep(RANK_ZERO_FIRST);
    reportFailure(ending.failure, terminal);
  }
  await leave(ending.failure.exitCode);
  return ending.failure.exitCode;
}

function overridesOf({ set, out, timeLimit, threads }: SolveOptions): Override[] {
  const overrides = [...set.map(parseOverride), ...threadOverrides(threads)];
  if (out !== undefined) overrides.push({ path: ["output", "directory"], value: out, option: `--out ${out}` });
  if (timeLimit === undefined) return overrides;
  return [...overrides, { path: ["solver", "timeLimit"], value: numberOrText(timeLimit), option: `--time-limit ${timeLimit}` }];
}

function announce({ config }: LoadedConfig, { unknowns, steps, bytes }: MemoryPlan): string {
  const size = `${countNoun(unknowns, "unknown")} in ${countNoun(steps, "time step")}`;
  return `solving for ${size} (${config.solver.formulation})${onRanks(config)}, about ${formatBytes(bytes)} of memory`;
}

function onRanks({ parallel }: ResolvedConfig): string {
  if (parallel.backend === "serial") return "";
  return ` on ${countNoun(rankCount(parallel), parallel.backend === "mpi" ? "MPI rank" : "thread")}`;
}

interface Finish {
  /** Of the config. */
  readonly path: string;
  readonly options: SolveOptions;
  readonly terminal: Terminal;
  readonly runDirectory: string;
}

function finish(ending: Ending, { path, options, terminal, runDirectory }: Finish): ExitCode {
  if ("failure" in ending) {
    reportFailure(ending.failure, terminal);
    return ending.failure.exitCode;
  }
  const { report } = ending;
  if (report === undefined) return exitCodeOfEnding(ending);
  if (options.json === true) terminal.result(reportText(report));
  else if (options.quiet !== true) terminal.result(summarize(report, runDirectory));
  if (report.diagnosis && options.quiet !== true) terminal.talk(describeDiagnosis(report.diagnosis, path, options));
  if (options.quiet === true && report.reason.kind !== "converged") terminal.talk(`parakkt: ${describeReason(report)}`);
  return exitCodeOfEnding(ending);
}

function exitCodeOfEnding({ reason, signal }: Exclude<Ending, { failure: unknown }>): ExitCode {
  if (reason.kind !== "stopped" || reason.by !== "observer") return exitCodeOf(reason);
  return signal === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted;
}

/** The words of a failure on stderr; the stack only where PARAKKT_DEBUG asks for it. */
export function reportFailure({ text, stack }: { text: string; stack?: string }, terminal: Terminal): void {
  terminal.talk(`parakkt: ${text}`);
  if (stack !== undefined && process.env["PARAKKT_DEBUG"] !== undefined) terminal.talk(stack);
}
