import { extname } from "node:path";
import { ConfigError } from "../config/config-problem.js";
import { fieldFormula, fieldScope, type FieldKey } from "../config/field-formulas.js";
import type { ResolvedConfig } from "../config/resolved-config.js";
import type { Formula } from "../formula/compile-formula.js";
import { formulaOnPoints, NonFiniteFormulaError, type EvaluationPoints, type FormulaOnPoints } from "../formula/evaluate-on-points.js";
import { withCaret } from "../formula/formula-error.js";
import type { BoxGrid } from "@parakkt/core";
import { countPoints, locatePoint, pointsPerAxis, type PointSet } from "./point-set.js";
import { DataError } from "./data-error.js";
import { resolveInputPath } from "./input-path.js";
import { readCsv, type CsvTable } from "./read-csv.js";
import { openNpy, type NpyArray } from "./read-npy.js";

/** A field of the config before it is put on time steps. */
export type FieldSource =
  | { readonly kind: "formula"; readonly formula: Formula }
  | { readonly kind: "values"; readonly values: Float64Array }
  | { readonly kind: "steps"; readonly array: NpyArray };

/** What is needed to find and check one field. */
export interface FieldRequest {
  readonly key: FieldKey;
  readonly config: ResolvedConfig;
  readonly directory: string;
  readonly allowPath: boolean;
  readonly grid: BoxGrid;
  readonly set: PointSet;
  /** Number of time steps, where one array per step may be given. */
  readonly steps?: number;
}

/** Opens the formula or file of a field and checks its shape. Throws `DataError` or `ConfigError`. */
export function loadField(request: FieldRequest): FieldSource {
  const { key, config, grid } = request;
  const setting = config.problem[key];
  const formula = fieldFormula(setting, fieldScope(key, grid.dimension, config.problem.parameters));
  if (formula !== undefined) return { kind: "formula", formula };
  const name = typeof setting === "object" ? setting.file : "";
  const found = resolveInputPath(request.directory, name, request.allowPath);
  if (!("path" in found)) throw new ConfigError([{ location: name, key: `problem.${key}.file`, ...found }]);
  const kind = extname(name).toLowerCase();
  if (kind === ".npy") return loadNpy(openNpy(found.path, name), name, request);
  if (kind === ".csv") return { kind: "values", values: csvValues(readCsv(found.path, name), name, request) };
  throw new DataError(name, `files ending in "${kind}" are not read`, "name an NPY or CSV file (.npy, .csv)");
}

/** Shape in C order (z, y, x) that the array of one instant must have. */
function instantShape(grid: BoxGrid, set: PointSet): number[] {
  return pointsPerAxis(grid, set).reverse();
}

function loadNpy(array: NpyArray, name: string, { grid, set, steps }: FieldRequest): FieldSource {
  const shape = instantShape(grid, set);
  if (steps !== undefined && sameShape(array.shape, [steps, ...shape])) return { kind: "steps", array };
  if (!sameShape(array.shape, shape)) {
    array.close();
    throw wrongShape(name, array.shape, { grid, set, steps });
  }
  const values = new Float64Array(countPoints(grid, set));
  array.read(0, values);
  array.close();
  requireFinite(values, { name, grid, set });
  return { kind: "values", values };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, k) => size === b[k]);
}

interface ExpectedShape {
  readonly grid: BoxGrid;
  readonly set: PointSet;
  readonly steps: number | undefined;
}

function wrongShape(name: string, got: readonly number[], { grid, set, steps }: ExpectedShape): DataError {
  const shape = instantShape(grid, set);
  const constant = `(${shape.join(", ")})`;
  const expected = steps === undefined ? constant : `${constant}, or (${[steps, ...shape].join(", ")}) for one array per time step`;
  const which = set === "interior" ? "interior points" : "all nodes, boundary included";
  const axes = ["x", "y, x", "z, y, x"][grid.dimension - 1]!;
  const reversed = grid.dimension > 1 && sameShape([...got].reverse(), shape) && !sameShape(got, shape);
  const hint = reversed ? "transpose the array" : `axes are (${axes}); values are at ${which}`;
  return new DataError(name, `expected shape ${expected}, got (${got.join(", ")})`, hint);
}

interface ValuesOnPoints {
  readonly name: string;
  readonly grid: BoxGrid;
  readonly set: PointSet;
}

/** Refuses the first value that is not finite, with its coordinates. */
export function requireFinite(values: Float64Array, { name, grid, set }: ValuesOnPoints, when = ""): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new DataError(name, `the value at ${pointName(grid, set, index)}${when} is ${values[index]}`, "all values must be finite");
}

/** "x = 0.5, y = 0.25". */
export function pointName(grid: BoxGrid, set: PointSet, index: number): string {
  const point = new Float64Array(3);
  locatePoint(grid, set, index, point);
  return ["x", "y", "z"].slice(0, grid.dimension).map((axis, k) => `${axis} = ${point[k]!}`).join(", ");
}

/** One value a line, or one row per y line (z blocks one after another). */
function csvValues({ rows, lines }: CsvTable, name: string, { grid, set }: FieldRequest): Float64Array {
  const count = countPoints(grid, set);
  const [width = 1] = pointsPerAxis(grid, set);
  const expected = `${count / width} row${count === width ? "" : "s"} of ${width} values or ${count} lines of one value`;
  const fail = (row: number, got: string): never => {
    const at = lines[row] === undefined ? name : `${name}:${lines[row]}`;
    throw new DataError(at, `expected ${expected}, got ${got}`, "a row per y line, x along the row; for values per time step use NPY");
  };
  const columns = rows[0]?.length === 1 ? 1 : width;
  const uneven = rows.findIndex((row) => row.length !== columns);
  if (uneven >= 0) fail(uneven, `a row of ${rows[uneven]!.length}`);
  if (rows.length > count / columns) fail(count / columns, `${rows.length} rows (too many)`);
  if (rows.length < count / columns) fail(rows.length - 1, `${rows.length} rows (too few)`);
  return Float64Array.from(rows.flat());
}

/** A formula and the place of its key. */
export interface PlacedFormula {
  readonly formula: Formula;
  readonly place: { readonly location: string; readonly key: string };
}

/** Values of a formula at the points of a grid at any time; a value that is not finite becomes an error at the key's place. */
export function fieldOnPoints({ formula, place }: PlacedFormula, on: Omit<EvaluationPoints, "time">): FormulaOnPoints {
  const values = formulaOnPoints(formula, on);
  return (time, out) => {
    try {
      values(time, out);
    } catch (error) {
      if (!(error instanceof NonFiniteFormulaError)) throw error;
      const what = `the formula is ${error.value} at ${error.point}`;
      throw new ConfigError([{ ...place, what, detail: withCaret(formula.text, 1).split("\n")[0]!, hint: "all values on the grid must be finite" }]);
    }
  };
}
