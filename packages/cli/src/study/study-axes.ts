import type { CellRecord } from "./cell-record.js";

/** A key that varies over the cells of a study. */
export interface StudyAxis {
  readonly key: string;
  /** Short heading: N, P, ω … */
  readonly symbol: string;
  /** Letter of the exponent, where every value is a positive number; else cells are compared only within the same value. */
  readonly letter?: string;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  "problem.time.steps": "N",
  "preconditioner.subdomains": "P",
  "problem.regularization": "ω",
  "problem.diffusivity": "ν",
  "problem.domain.cells": "n",
  "preconditioner.overlap": "δ",
  ranks: "ranks",
};
/** Exponents of N, P and ω are a, b and c; those of other keys follow. */
const LETTERS: Readonly<Record<string, string>> = { N: "a", P: "b", ω: "c" };

/** The varying keys in the order of the cells; baselines, which set only the problem, do not count. */
export function studyAxes(all: readonly Pick<CellRecord, "role" | "values">[], labels: Readonly<Record<string, string>> = {}): StudyAxis[] {
  const records = all.filter(({ role }) => role === "cell");
  const keys = [...new Set(records.flatMap(({ values }) => Object.keys(values)))];
  const varying = keys.filter((key) => new Set(records.map(({ values }) => formatValue(values[key]))).size > 1);
  const letters = [..."defghijklmnopqrstuvwxyz"];
  return varying.map((key) => {
    const symbol = labels[key] ?? SYMBOLS[key] ?? lastName(key);
    const numeric = records.every(({ values }) => factorOf(key, values[key]) !== undefined);
    return { key, symbol, ...(numeric && { letter: LETTERS[symbol] ?? letters.shift() ?? symbol }) };
  });
}

/** steps of problem.time.steps, cells.0 of problem.domain.cells.0 */
function lastName(key: string): string {
  return /[^.]*[^.\d][^.]*(?:\.\d+)*$/.exec(key)?.[0] ?? key;
}

/** The positive number that stands for a value in a power law: interior points of the longest axis for a list of cells. */
export function factorOf(key: string, value: unknown): number | undefined {
  const number = key === "problem.domain.cells" && Array.isArray(value) ? Math.max(...value.map(Number)) - 1 : value;
  return typeof number === "number" && number > 0 ? number : undefined;
}

/** A value as shown in tables: numbers short, the rest as JSON without quotes around text. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return value;
  if (typeof value === "number") return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6) ? value.toExponential().replace("e+", "e") : String(value);
  return JSON.stringify(value);
}
