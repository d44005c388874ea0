import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExitCode } from "../exit-codes.js";
import { RUN_FILES } from "../output/run-directory.js";
import type { RunReport } from "../output/report.js";
import { describeReason } from "../summary.js";
import type { CellOutcome, CellRecord, CellResult } from "./cell-record.js";
import { cellAssignment, type StudyCell } from "./study-cells.js";

/** What all cells of a study share. */
export interface CellRunner {
  readonly configPath: string;
  /** Directory of the study. */
  readonly directory: string;
  /** Options of `parakkt solve` that every cell gets, those of the command line. */
  readonly options: readonly string[];
  readonly repeats: number;
  /** Told of each process, so that a signal can be handed on. */
  readonly started: (child: ChildProcess) => void;
}

const PROGRAM = fileURLToPath(new URL("../../bin/parakkt.js", import.meta.url));

/** Solves the cell, each run in a process of its own, so that memory and crashes are its own; `undefined` if a signal ended it. */
export async function runCell(cell: StudyCell, runner: CellRunner): Promise<CellRecord | undefined> {
  const { id, role, method, values } = cell;
  const record = { schemaVersion: 1, id, role, method, values } as const;
  if (cell.refusal !== undefined) return { ...record, outcome: "refused", exitCode: ExitCode.invalidInput, message: cell.refusal };
  const inside = join("cells", id);
  const reports: RunReport[] = [];
  for (let run = 0; run < runner.repeats; run++) {
    const { exitCode, words } = await solveOnce(cell, runner, join(runner.directory, inside));
    if (exitCode === ExitCode.interrupted || exitCode === ExitCode.terminated) return undefined;
    const report = readReport(join(runner.directory, inside, RUN_FILES.report));
    if (!(exitCode in OUTCOMES) || report === undefined) return { ...record, outcome: "failed", exitCode, message: words };
    reports.push(report);
    if (exitCode !== ExitCode.converged) break;
  }
  const best = reports.reduce((least, report) => (secondsIn(report) < secondsIn(least) ? report : least));
  const exitCode = { converged: ExitCode.converged, stopped: ExitCode.stoppedBeforeConvergence, failed: ExitCode.numericalFailure }[best.reason.kind];
  const result = resultOf(best, { runSeconds: reports.map(secondsIn), report: join(inside, RUN_FILES.report) });
  return { ...record, outcome: OUTCOMES[exitCode]!, exitCode, message: describeReason(best), result };
}

/** Exit codes of a solve that left a report. */
const OUTCOMES: Readonly<Record<number, CellOutcome>> = {
  [ExitCode.converged]: "converged",
  [ExitCode.stoppedBeforeConvergence]: "stopped",
  [ExitCode.numericalFailure]: "failed",
};

function solveOnce(cell: StudyCell, { configPath, options, started }: CellRunner, directory: string): Promise<{ exitCode: number; words: string }> {
  const { ranks, ...keys } = cellAssignment(cell);
  const sets = Object.entries(keys).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);
  const threads = ranks === undefined ? [] : ["--threads", String(ranks)];
  const args = [PROGRAM, "solve", configPath, ...options, ...sets, ...threads, "--out", directory, "--force", "--quiet"];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    started(child);
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (words = (words + text).slice(-LONGEST_MESSAGE)));
    child.on("error", (error) => resolve({ exitCode: ExitCode.bug, words: error.message }));
    child.on("close", (code, signal) => resolve({ exitCode: code ?? endedBy(signal), words: words.trim() || `ended by ${signal ?? `code ${code}`}` }));
  });
}

const LONGEST_MESSAGE = 2000;

function endedBy(signal: NodeJS.Signals | null): number {
  return { SIGINT: ExitCode.interrupted, SIGTERM: ExitCode.terminated }[signal as "SIGINT"] ?? ExitCode.workerLost;
}

function readReport(path: string): RunReport | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RunReport) : undefined;
}

const secondsIn = ({ timings }: RunReport): number => timings.setup + timings.solve;

function resultOf(report: RunReport, rest: Pick<CellResult, "runSeconds" | "report">): CellResult {
  const { iterations, relativeResidual, unknowns, timings, memory, counts, digest, objective, config } = report;
  return {
    iterations,
    relativeResidual,
    relativeTolerance: config.solver.relativeTolerance,
    objective: objective.total,
    unknowns,
    setupSeconds: timings.setup,
    solveSeconds: timings.solve,
    ...rest,
    peakRss: memory.peakRss,
    spatialSolves: counts.spatialSolves,
    digest,
    ...(report.spectrum && { ritzValues: report.spectrum.ritz.map((value) => (typeof value === "number" ? value : value[0])) }),
  };
}
