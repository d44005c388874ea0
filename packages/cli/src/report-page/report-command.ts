import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { formatBytes } from "../memory-budget.js";
import { writeAtomically } from "../output/atomic-file.js";
import type { RunReport } from "../output/report.js";
import { PAGE_MARK, RUN_FILES } from "../output/run-directory.js";
import { ProgramError } from "../program-error.js";
import type { Terminal } from "../terminal.js";
import type { TrainingReport } from "../train/training-report.js";
import { reportPage } from "./report-page.js";
import { sampleFields } from "./sample-fields.js";

/** Options of `report`. */
export interface ReportOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** Writes the page of a run directory (or of its report.json) beside the report. */
export async function reportCommand(path: string, { out, force }: ReportOptions, terminal: Terminal): Promise<ExitCode> {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, RUN_FILES.report) : path;
  const directory = dirname(file);
  const report = readReport(file);
  const page = isTraining(report) ? await pageOfTraining(report, directory) : reportPage(report, basename(resolve(directory)), sampleFields(directory, report.config));
  const target = out ?? join(directory, RUN_FILES.page);
  if (force !== true && existsSync(target) && !readFileSync(target, "utf8").includes(PAGE_MARK)) {
    throw new ProgramError(ExitCode.cannotCreateOutput, `${target} is there already and is no page of this program`, "another file with --out, or --force to replace it");
  }
  writeAtomically(target, (written) => written.write(page));
  terminal.result(`${target} (${formatBytes(Buffer.byteLength(page))})`);
  return ExitCode.converged;
}

/** With the curves of metrics.jsonl beside the report. */
async function pageOfTraining(report: TrainingReport, directory: string): Promise<string> {
  const { trainingPage } = await import("../train/training-page.js");
  const { readMetrics } = await import("../train/metrics-file.js");
  return trainingPage(report, readMetrics(directory).filter((record) => record.kind === "update"));
}

const isTraining = (report: RunReport | TrainingReport): report is TrainingReport => "kind" in report && report.kind === "training";

function readReport(file: string): RunReport | TrainingReport {
  if (!existsSync(file)) throw new ProgramError(ExitCode.inputMissing, `${file}: no such report`, "name the directory of a finished run; it holds report.json");
  const report = parseReport(readFileSync(file, "utf8"));
  if (report === undefined) throw new ProgramError(ExitCode.invalidInput, `${file}: expected the report of a solve or a training`, "name the directory of a finished run, or its report.json");
  return report;
}

/** A report as far as the page needs it. */
function parseReport(text: string): RunReport | TrainingReport | undefined {
  try {
    const report = JSON.parse(text) as (Partial<RunReport> & { kind?: string; epochs?: unknown }) | null;
    if (report?.kind === "training" && Array.isArray(report.epochs)) return report as unknown as TrainingReport;
    const { config, reason, timings, counts, residualNorms } = report ?? {};
    const whole = [config?.problem?.domain?.cells, config?.solver, reason?.kind, timings?.total, counts, residualNorms, report?.memory, report?.objective, report?.provenance];
    return whole.every((part) => part !== undefined) && Array.isArray(residualNorms) ? (report as RunReport) : undefined;
  } catch {
    return undefined;
  }
}
