import { secondsOf, type CellRecord } from "./cell-record.js";
import type { TableSource } from "./study-table.js";

/** One value per cell, in the order of the cells; `undefined` where there is none. */
export interface StudyColumn {
  readonly name: string;
  readonly type: "DOUBLE" | "STRING";
  readonly values: readonly (number | string | undefined)[];
}

/** Every figure of every cell, for CSV and Parquet. */
export function studyColumns({ records, speedUp, reference }: TableSource): StudyColumn[] {
  const keys = [...new Set(records.flatMap(({ values }) => Object.keys(values)))];
  const text = (name: string, of: (record: CellRecord) => string | undefined): StudyColumn => ({ name, type: "STRING", values: records.map(of) });
  const number = (name: string, of: (record: CellRecord) => number | null | undefined): StudyColumn => ({ name, type: "DOUBLE", values: records.map((record) => of(record) ?? undefined) });
  return [
    text("id", ({ id }) => id),
    text("role", ({ role }) => role),
    text("method", ({ method }) => method),
    ...keys.map((key) => valueColumn(key, records)),
    text("outcome", ({ outcome }) => outcome),
    number("exitCode", ({ exitCode }) => exitCode),
    number("iterations", ({ result }) => result?.iterations),
    ...(reference ? [number("referenceIterations", reference)] : []),
    number("relativeResidual", ({ result }) => result?.relativeResidual),
    number("relativeTolerance", ({ result }) => result?.relativeTolerance),
    number("objective", ({ result }) => result?.objective),
    number("unknowns", ({ result }) => result?.unknowns),
    number("setupSeconds", ({ result }) => result?.setupSeconds),
    number("solveSeconds", ({ result }) => result?.solveSeconds),
    number("seconds", ({ result }) => result && secondsOf(result)),
    number("runs", ({ result }) => result?.runSeconds.length),
    number("speedUp", (record) => speedUp(record)?.factor),
    text("speedUpAgainst", (record) => speedUp(record)?.baseline),
    number("peakRssBytes", ({ result }) => result?.peakRss),
    number("spatialSolves", ({ result }) => result?.spatialSolves),
    text("digest", ({ result }) => result?.digest),
    text("message", ({ message }) => message),
  ];
}

/** Numbers where all values are; JSON otherwise. */
function valueColumn(key: string, records: readonly CellRecord[]): StudyColumn {
  const values = records.map(({ values: assignment }) => assignment[key]);
  if (values.every((value) => value === undefined || typeof value === "number")) return { name: key, type: "DOUBLE", values };
  return { name: key, type: "STRING", values: values.map((value) => (value === undefined || typeof value === "string" ? value : JSON.stringify(value))) };
}

/** RFC 4180: numbers with all their digits, text in quotes where it must be. */
export function csvText(columns: readonly StudyColumn[]): string {
  const rows = (columns[0]?.values ?? []).map((_, i) => columns.map(({ values }) => csvCell(values[i])).join(","));
  return [columns.map(({ name }) => csvCell(name)).join(","), ...rows, ""].join("\r\n");
}

/** A text that a spreadsheet would take for a formula is kept from it by an apostrophe. */
function csvCell(value: number | string | undefined): string {
  if (typeof value !== "string") return value === undefined ? "" : String(value);
  const plain = /^[=+@-]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The bytes of a Parquet file. */
export async function parquetBytes(columns: readonly StudyColumn[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = columns.map(({ name, type, values }) => ({ name, type, data: values.map((value) => value ?? null), nullable: true }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
