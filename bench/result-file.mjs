import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Of the JSON file; bench/README.md has its form. */
export const SCHEMA_VERSION = 1;

export function writeResult(path, result) {
  const text = JSON.stringify(result, rounded, 1).replaceAll(/\[\s+((?:[-+\d.e]+,?\s+)+)\]/g, (_, numbers) => `[${numbers.trim().replaceAll(/\s+/g, " ")}]`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}

/** Errors: for a file of another schema. */
export function readResult(path) {
  const result = JSON.parse(readFileSync(path, "utf8"));
  if (result.schemaVersion !== SCHEMA_VERSION) throw new Error(`${path} has schema ${result.schemaVersion}, expected ${SCHEMA_VERSION}: run the benchmarks again`);
  return result;
}

/** Six digits are more than a time has; what says how good a solution is stays as it is. */
function rounded(key, value) {
  const exact = ["objective", "relativeResidual", "difference"].includes(key) || Number.isInteger(value);
  return typeof value === "number" && !exact ? Number(value.toPrecision(6)) : value;
}
