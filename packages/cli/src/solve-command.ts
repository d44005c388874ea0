import { resolve } from "node:path";
import { parseOverride, type Override } from "./config/apply-overrides.js";
import { loadConfig, type LoadedConfig } from "./config/load-config.js";
import { finishedReport } from "./checkpoint/finished-report.js";
import { ExitCode, exitCodeOf } from "./exit-codes.js";
import { formatBytes, memoryBudget } from "./memory-budget.js";
import { reportText } from "./output/report.js";
import { inspectRunDirectory } from "./output/run-directory.js";
import { requireWithinBudget, type MemoryPlan } from "./plan-memory.js";
import { progressPrinter } from "./progress-line.js";
import { describeReason, summarize } from "./summary.js";
import { superviseSolve, type Ending } from "./supervise.js";
import type { Terminal } from "./terminal.js";

/** Options of `solve`. */
export interface SolveOptions {
  readonly set: readonly string[];
  readonly out?: string;
  readonly timeLimit?: string;
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
  const startedAt = Date.now();
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
    return finish({ report: finished, signal: undefined }, { options, terminal, runDirectory: loaded.config.output.directory });
  }
  talk(announce(loaded, plan));
  if (loaded.plan) talk(`chosen: ${loaded.plan.why}`);
  const seconds = (): number => (Date.now() - startedAt) / 1000;
  const print = progressPrinter({ ...terminal, talk }, loaded.config.solver.relativeTolerance);
  const { config, directory, places, plan: choice } = loaded;
  const request = { config, directory, places, allowPath, ...(choice && { plan: choice }) };
  const ending = await superviseSolve(
    { request, runDirectory, jobModule, resume, startedAt },
    {
      progress: (progress) => print(progress, seconds()),
      note: (text) => talk(text),
      stopping: () => talk("stopping at the next iteration; once more to quit at once"),
    },
  );
  return finish(ending, { options, terminal, runDirectory: loaded.config.output.directory });
}

function overridesOf({ set, out, timeLimit }: SolveOptions): Override[] {
  const overrides = set.map(parseOverride);
  if (out !== undefined) overrides.push({ path: ["output", "directory"], value: out, option: `--out ${out}` });
  if (timeLimit === undefined) return overrides;
  const value = timeLimit.trim() === "" || Number.isNaN(Number(timeLimit)) ? timeLimit : Number(timeLimit);
  return [...overrides, { path: ["solver", "timeLimit"], value, option: `--time-limit ${timeLimit}` }];
}

function announce({ config }: LoadedConfig, { unknowns, steps, bytes }: MemoryPlan): string {
  const size = `${unknowns.toLocaleString("en-US")} unknowns in ${steps} time steps`;
  return `solving for ${size} (${config.solver.formulation}), about ${formatBytes(bytes)} of memory`;
}

interface Finish {
  readonly options: SolveOptions;
  readonly terminal: Terminal;
  readonly runDirectory: string;
}

function finish(ending: Ending, { options, terminal, runDirectory }: Finish): ExitCode {
  if ("failure" in ending) {
    reportFailure(ending.failure, terminal);
    return ending.failure.exitCode;
  }
  const { report, signal } = ending;
  if (options.json === true) terminal.result(reportText(report));
  else if (options.quiet !== true) terminal.result(summarize(report, runDirectory));
  if (options.quiet === true && report.reason.kind !== "converged") terminal.talk(`parakkt: ${describeReason(report.reason)}`);
  const interrupted = report.reason.kind === "stopped" && report.reason.by === "observer";
  if (interrupted && signal !== undefined) return signal === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated;
  return exitCodeOf(report.reason);
}

/** The words of a failure on stderr; the stack only where PARAKKT_DEBUG asks for it. */
export function reportFailure({ text, stack }: { text: string; stack?: string }, terminal: Terminal): void {
  terminal.talk(`parakkt: ${text}`);
  if (stack !== undefined && process.env["PARAKKT_DEBUG"] !== undefined) terminal.talk(stack);
}
