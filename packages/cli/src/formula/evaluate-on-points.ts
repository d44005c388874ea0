import type { BoxGrid } from "@parakkt/core";
import { countPoints, locatePoint, type PointSet } from "../data/point-set.js";
import { COORDINATES, type Formula } from "./compile-formula.js";
import { formulaOnGrid } from "./formula-on-grid.js";

/** Where and when a formula is evaluated. */
export interface EvaluationPoints {
  readonly grid: BoxGrid;
  readonly set: PointSet;
  readonly time: number;
}

/** A formula had no finite value at a point of the grid. */
export class NonFiniteFormulaError extends Error {
  override readonly name = "NonFiniteFormulaError";

  constructor(
    readonly formula: string,
    /** Such as "x = 0.5, y = 0.25, t = 1". */
    readonly point: string,
    readonly value: number,
  ) {
    super(`${formula} is ${value} at ${point}`);
  }
}

/** Values of a formula at the points of a grid at a time, point i in out[i], x fastest. */
export type FormulaOnPoints = (time: number, out: Float64Array) => void;

/** For one formula on one grid at many times. Throws `NonFiniteFormulaError` for the first value that is not finite. */
export function formulaOnPoints(formula: Formula, { grid, set }: Omit<EvaluationPoints, "time">): FormulaOnPoints {
  const values = formulaOnGrid(formula, countPoints(grid, set), (index, point) => locatePoint(grid, set, index, point));
  return (time, out) => {
    values(time, out);
    if (allFinite(out)) return;
    const wrong = out.findIndex((value) => !Number.isFinite(value));
    const point = new Float64Array(COORDINATES.length);
    point[3] = time;
    locatePoint(grid, set, wrong, point);
    throw new NonFiniteFormulaError(formula.text, describePoint(grid, point, formula), out[wrong]);
  };
}

/** x − x is zero unless x is infinite or not a number. */
function allFinite(values: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0;
}

/** out[i] ← value at point i, x fastest. Throws `NonFiniteFormulaError` for the first value that is not finite. */
export function evaluateOnPoints(formula: Formula, { time, ...on }: EvaluationPoints, out: Float64Array): void {
  formulaOnPoints(formula, on)(time, out);
}

/** "x = 0.5, y = 0.25, t = 1"; t only where the formula depends on it. */
export function describePoint(grid: BoxGrid, point: Float64Array, formula: Formula): string {
  const names: string[] = COORDINATES.slice(0, grid.dimension);
  if (formula.coordinates.has("t")) names.push("t");
  return names.map((name) => `${name} = ${point[COORDINATES.indexOf(name as "x")]!}`).join(", ");
}
