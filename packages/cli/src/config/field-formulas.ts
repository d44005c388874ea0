import { compileFormula, constantFormula, COORDINATES, type Coordinate, type Formula, type FormulaScope } from "../formula/compile-formula.js";
import type { FormulaError} from "../formula/formula-error.js";
import { withCaret } from "../formula/formula-error.js";
import type { ConfigProblem } from "./config-problem.js";
import type { FieldSetting } from "./resolved-config.js";

/** Keys of `problem` that take a number, a formula or a file. */
export const FIELD_KEYS = ["diffusivity", "source", "initialState", "target"] as const;
/** One of `FIELD_KEYS`. */
export type FieldKey = (typeof FIELD_KEYS)[number];

/** What a formula of the given field may use. */
export function fieldScope(key: FieldKey, dimension: number, parameters: Readonly<Record<string, number>>): FormulaScope {
  const space = COORDINATES.slice(0, dimension);
  const inTime = key === "source" || key === "target";
  const unavailable: Partial<Record<Coordinate, string>> = {};
  for (const name of COORDINATES.slice(dimension, 3)) unavailable[name] = `the domain has ${dimension} dimension${dimension === 1 ? "" : "s"}`;
  if (!inTime) unavailable.t = `${key} does not depend on time`;
  return { coordinates: inTime ? [...space, "t"] : space, parameters, unavailable };
}

/** A number or formula as a formula; nothing for a file. Throws `FormulaError`. */
export function fieldFormula(setting: FieldSetting, scope: FormulaScope): Formula | undefined {
  if (typeof setting === "object") return undefined;
  if (typeof setting === "string") return compileFormula(setting, scope);
  return constantFormula(setting);
}

/** A formula's mistake with its caret, at the place of its key. */
export function formulaProblem(error: FormulaError, text: string, place: { location: string; key: string }): ConfigProblem {
  const problem = { ...place, what: `${error.what} (column ${error.column} of the formula)`, detail: withCaret(text, error.column) };
  return error.hint === undefined ? problem : { ...problem, hint: error.hint };
}
