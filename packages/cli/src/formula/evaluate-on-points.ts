import type { BoxGrid } from "@parakkt/core";
import { countPoints, locatePoint, type PointSet } from "../data/point-set.js";
import { COORDINATES, type Formula } from "./compile-formula.js";

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

/** out[i] ← value at point i, x fastest. Throws `NonFiniteFormulaError` for the first value that is not finite. */
export function evaluateOnPoints(formula: Formula, { grid, set, time }: EvaluationPoints, out: Float64Array): void {
  const point = new Float64Array(COORDINATES.length);
  point[3] = time;
  const count = countPoints(grid, set);
  for (let i = 0; i < count; i++) {
    locatePoint(grid, set, i, point);
    const value = formula.evaluate(point);
    if (!Number.isFinite(value)) throw new NonFiniteFormulaError(formula.text, describePoint(grid, point, formula), value);
    out[i] = value;
  }
}

/** "x = 0.5, y = 0.25, t = 1"; t only where the formula depends on it. */
export function describePoint(grid: BoxGrid, point: Float64Array, formula: Formula): string {
  const names: string[] = COORDINATES.slice(0, grid.dimension);
  if (formula.coordinates.has("t")) names.push("t");
  return names.map((name) => `${name} = ${point[COORDINATES.indexOf(name as "x")]!}`).join(", ");
}
