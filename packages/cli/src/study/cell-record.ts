import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { guarded, writeAtomically } from "../output/atomic-file.js";
import type { Assignment } from "./study-cells.js";

/** How a cell ended: `refused` = the combination cannot work and was not run, `failed` = numerical failure, over budget, crash. */
export type CellOutcome = "converged" | "stopped" | "failed" | "refused";

/** One line of results.jsonl. */
export interface CellRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly role: "cell" | "baseline";
  readonly method: string;
  readonly values: Assignment;
  readonly outcome: CellOutcome;
  readonly exitCode: number;
  /** Words of the outcome, of the failure where it failed. */
  readonly message: string;
  readonly result?: CellResult;
}

/** The figures of a solve that came to a report, of its fastest run. */
export interface CellResult {
  readonly iterations: number;
  readonly relativeResidual: number | null;
  readonly relativeTolerance: number;
  readonly objective: number | null;
  readonly unknowns: number;
  readonly setupSeconds: number;
  readonly solveSeconds: number;
  /** Set-up and solve of every run. */
  readonly runSeconds: readonly number[];
  readonly peakRss: number;
  readonly spatialSolves: number;
  readonly digest: string;
  /** With solver.spectrum: real parts of the Ritz values. */
  readonly ritzValues?: readonly number[];
  /** report.json of the cell, relative to the study's directory. */
  readonly report: string;
}

/** Seconds that count: set-up and solve. */
export function secondsOf({ setupSeconds, solveSeconds }: CellResult): number {
  return setupSeconds + solveSeconds;
}

/** The records of a file, the last one of each cell; what a kill left unfinished at the end is taken off the file. */
export function readRecords(path: string): CellRecord[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  if (complete !== text) writeAtomically(path, (file) => file.write(complete));
  const records = complete.split("\n").flatMap((line) => asRecord(line) ?? []);
  return [...new Map(records.map((record) => [`${record.role} ${record.id}`, record])).values()];
}

function asRecord(line: string): CellRecord | undefined {
  try {
    const record = JSON.parse(line) as CellRecord;
    return record.schemaVersion === 1 && typeof record.id === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Adds one line, and does not come back before it is on the disk. */
export function appendRecord(path: string, record: CellRecord): void {
  guarded(path, () => {
    const file = openSync(path, "a");
    try {
      writeSync(file, `${JSON.stringify(record)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}
