import type { VerificationCheck } from "@parakkt/core";
import { parseOverride } from "../config/apply-overrides.js";
import { purposeOfFile } from "../config/config-purpose.js";
import { loadConfig } from "../config/load-config.js";
import { loadInputData } from "../data/load-input-data.js";
import { ExitCode } from "../exit-codes.js";
import { memoryBudget } from "../memory-budget.js";
import { requireWithinBudget } from "../plan-memory.js";
import type { Terminal } from "../terminal.js";
import { loadToVerify, verifyTraining } from "../train/verify-training.js";
import { verifyConfig } from "./verify-config.js";

/** Options of `verify`. */
export interface VerifyOptions {
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly allowPath?: boolean;
}

/** What `verify --json` prints. */
export interface VerificationReport {
  readonly schemaVersion: 1;
  readonly passed: boolean;
  readonly checks: readonly VerificationCheck[];
}

/** Makes all checks of a config and prints them; 0 if none failed, else 3. Writes no files. */
export function verifyCommand(path: string, options: VerifyOptions, terminal: Terminal): ExitCode {
  const talk = options.quiet === true || options.json === true ? () => undefined : terminal.talk;
  const allowPath = options.allowPath === true;
  if (purposeOfFile(path) === "train") {
    const { settings, notes } = loadToVerify(path, options);
    notes.forEach(talk);
    return conclude(verifyTraining(settings), options, terminal);
  }
  const loaded = loadConfig({ path, overrides: options.set.map(parseOverride), allowPath });
  loaded.notes.forEach((note) => talk(note));
  requireWithinBudget(loaded.config, memoryBudget(loaded.config.budget.memory));
  const inputs = loadInputData({ ...loaded, allowPath });
  const checks = verifyConfig(loaded.config, inputs, (what) => talk(`checking ${what}`));
  return conclude(checks, options, terminal);
}

function conclude(checks: readonly VerificationCheck[], options: VerifyOptions, terminal: Terminal): ExitCode {
  const passed = checks.every(({ verdict }) => verdict !== "failed");
  const report: VerificationReport = { schemaVersion: 1, passed, checks };
  if (options.json === true) terminal.result(JSON.stringify(report, undefined, 2));
  else if (options.quiet !== true) terminal.result(describeChecks(checks));
  return passed ? ExitCode.converged : ExitCode.numericalFailure;
}

const MARKS = { passed: "pass", failed: "FAIL", "not applicable": "  – " };

/** A line a check, and below a failed one the law. */
export function describeChecks(checks: readonly VerificationCheck[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap((check) => {
    const { name, verdict, reason, law } = check;
    const line = `${MARKS[verdict]}  ${name.padEnd(width)}  ${figures(check)}  ${reason}`;
    return verdict === "failed" || name.startsWith("integrator") ? [line, `      ${law}`] : [line];
  });
  const failed = checks.filter(({ verdict }) => verdict === "failed").length;
  const made = checks.filter(({ verdict }) => verdict !== "not applicable").length;
  return [...lines, "", failed === 0 ? `all ${made} checks passed` : `${failed} of ${made} checks failed`].join("\n");
}

function figures({ figure, tolerance, verdict }: VerificationCheck): string {
  if (verdict === "not applicable" || figure === undefined) return "".padEnd(20);
  const relation = tolerance === 0 && figure > 0 ? ">" : figure <= tolerance ? "≤" : ">";
  return `${figure.toExponential(1).padStart(8)} ${relation} ${tolerance.toExponential(1).padEnd(8)}`;
}
