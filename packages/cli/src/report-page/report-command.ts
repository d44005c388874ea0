import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { formatBytes } from "../memory-budget.js";
import { writeAtomically } from "../output/atomic-file.js";
import type { RunReport } from "../output/report.js";
import { PAGE_MARK, RUN_FILES } from "../output/run-directory.js";
import { ProgramError } from "../program-error.js";
import type { Terminal } from "../terminal.js";
import { reportPage } from "./report-page.js";
import { sampleFields } from "./sample-fields.js";

/** Options of `report`. */
export interface ReportOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** Writes the page of a run directory (or of its report.json) beside the report. */
export function reportCommand(path: string, { out, force }: ReportOptions, terminal: Terminal): ExitCode {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, RUN_FILES.report) : path;
  const report = readReport(file);
  const directory = dirname(file);
  const page = reportPage(report, basename(resolve(directory)), sampleFields(directory, report.config));
  const target = out ?? join(directory, RUN_FILES.page);
  if (force !== true && existsSync(target) && !readFileSync(target, "utf8").includes(PAGE_MARK)) {
    throw new ProgramError(ExitCode.cannotCreateOutput, `${target} is there already and is no page of this program`, "another file with --out, or --force to replace it");
  }
  writeAtomically(target, (written) => written.write(page));
  terminal.result(`${target} (${formatBytes(Buffer.byteLength(page))})`);
  return ExitCode.converged;
}

function readReport(file: string): RunReport {
  if (!existsSync(file)) throw new ProgramError(ExitCode.inputMissing, `${file}: no such report`, "name the directory of a finished run; it holds report.json");
  const report = parseReport(readFileSync(file, "utf8"));
  if (report === undefined) throw new ProgramError(ExitCode.invalidInput, `${file}: expected the report of a solve`, "name the directory of a finished run, or its report.json");
  return report;
}

/** A report as far as the page needs it. */
function parseReport(text: string): RunReport | undefined {
  try {
    const report = JSON.parse(text) as Partial<RunReport> | null;
    const { config, reason, timings, counts, residualNorms } = report ?? {};
    const whole = [config?.problem?.domain?.cells, config?.solver, reason?.kind, timings?.total, counts, residualNorms, report?.memory, report?.objective, report?.provenance];
    return whole.every((part) => part !== undefined) && Array.isArray(residualNorms) ? (report as RunReport) : undefined;
  } catch {
    return undefined;
  }
}
