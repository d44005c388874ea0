import { readFileSync, statSync } from "node:fs";
import { DataError } from "./data-error.js";

/** Larger tables are slow to read as text. */
const MAX_CSV_BYTES = 256 * 1024 * 1024;

/** A table of numbers and, for messages, the line of each row. */
export interface CsvTable {
  readonly rows: readonly (readonly number[])[];
  readonly lines: readonly number[];
}

/** Reads comma-separated numbers: # starts a comment, blank lines are skipped, one header line of names may come first. */
export function readCsv(path: string, name: string): CsvTable {
  const { size } = statSync(path);
  if (size > MAX_CSV_BYTES) throw new DataError(name, `${size} bytes are too many for CSV`, "save the array as NPY with numpy.save");
  return parseCsv(decodeUtf8(readFileSync(path), name), name);
}

/** As `readCsv`, from text. */
export function parseCsv(text: string, name: string): CsvTable {
  const rows: number[][] = [];
  const lines: number[] = [];
  let headerAllowed = true;
  for (const [index, whole] of text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/).entries()) {
    const line = whole.replace(/#.*$/, "");
    if (line.trim() === "") continue;
    const isHeader = headerAllowed && isHeaderLine(line);
    headerAllowed = false;
    if (isHeader) continue;
    rows.push(parseRow(line, `${name}:${index + 1}`));
    lines.push(index + 1);
  }
  return { rows, lines };
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(name, "the file is not UTF-8 text", "CSV is text; name an NPY file .npy");
  }
}

/** Names only: no field that is a number or looks like one. */
function isHeaderLine(line: string): boolean {
  return line.split(",").every((field) => /^\s*"?[A-Za-z_][^"]*"?\s*$/.test(field) && !/^\s*[+-]?(?:nan|inf|infinity)\s*$/i.test(field));
}

function parseRow(line: string, location: string): number[] {
  let column = 1;
  return line.split(",").map((field) => {
    const start = column + field.length - field.trimStart().length;
    column += field.length + 1;
    return parseField(field.trim(), `${location}:${start}`);
  });
}

function parseField(field: string, location: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(field)) {
    const shown = JSON.stringify(field.slice(0, 40));
    const hint = /[;\t ]/.test(field) ? "separate numbers by commas" : "write decimals with a point, and no text between numbers";
    throw new DataError(location, field === "" ? "expected a number, got an empty field" : `expected a finite number, got ${shown}`, hint);
  }
  const value = Number(field);
  if (!Number.isFinite(value)) throw new DataError(location, `${field} is too large for a double`, "the largest is about 1.8e308");
  return value;
}
