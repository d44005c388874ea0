import { readFileSync } from "node:fs";
import { ExitCode } from "../exit-codes.js";
import { describeSystemError, ProgramError } from "../program-error.js";
import type { CellRecord } from "./cell-record.js";
import { formatValue } from "./study-axes.js";

/** The published count of a cell, if there is one; a limit such as ">200" where the method had not converged. */
export type ReferenceCounts = (record: Pick<CellRecord, "method" | "values">) => number | undefined;

/** Reads a CSV file: one column per key path, then one per method, or one named iterations. Throws `ProgramError` (65 or 66). */
export function readReferenceCounts(path: string): ReferenceCounts {
  const [header = [], ...rows] = readRows(path);
  const keys = header.filter((name) => name.includes(".") || name === "ranks");
  if (keys.length === header.length || rows.length === 0) {
    throw new ProgramError(ExitCode.invalidInput, `${path}: expected columns of key paths and of iterations, got ${header.join(", ")}`, "first line: problem.time.steps,iterations");
  }
  return ({ method, values }) => {
    const row = rows.find((cells) => keys.every((key) => sameValue(cells[header.indexOf(key)] ?? "", values[key])));
    const count = row?.[header.indexOf(method === "" ? "iterations" : method)];
    return count === undefined || count.trim() === "" || Number.isNaN(Number(count)) ? undefined : Number(count);
  };
}

function readRows(path: string): string[][] {
  try {
    const lines = readFileSync(path, "utf8").split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
    return lines.map((line) => line.split(",").map((cell) => cell.trim()));
  } catch (error) {
    throw new ProgramError(ExitCode.inputMissing, `${path}: cannot read the reference: ${describeSystemError(error)}`, "study.reference names a file beside the config");
  }
}

function sameValue(text: string, value: unknown): boolean {
  return typeof value === "number" ? Number(text) === value : text === formatValue(value);
}
