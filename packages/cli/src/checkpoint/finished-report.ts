import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/resolved-config.js";
import { ExitCode } from "../exit-codes.js";
import type { RunReport } from "../output/report.js";
import { RUN_FILES } from "../output/run-directory.js";
import { ProgramError } from "../program-error.js";
import { differingKey, solveSettings } from "./solve-fingerprint.js";

/** The report of a run that has come to its end, with nothing left to resume. Throws `ProgramError` (65): it was of another config. */
export function finishedReport(runDirectory: string, config: ResolvedConfig): RunReport | undefined {
  const report = readReport(join(runDirectory, RUN_FILES.report));
  if (report === undefined || report.reason.kind === "stopped") return undefined;
  const difference = differingKey(solveSettings(report.config, nameOnly), solveSettings(config, nameOnly));
  if (difference === undefined) return report;
  const message = `the run in ${runDirectory} is finished, and was another one: ${difference}`;
  throw new ProgramError(ExitCode.invalidInput, message, "choose another directory with --out, or --force to replace the run");
}

/** Paths are written relative to where a config lies, so that they differ without meaning it. */
const nameOnly = (): string => "a file";

function readReport(path: string): RunReport | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as RunReport;
  } catch {
    return undefined;
  }
}
