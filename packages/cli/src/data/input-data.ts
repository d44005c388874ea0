import type { BoxGrid, TimeGrid } from "@parakkt/core";

/** A field on the interior points at the ends of the time steps. */
export interface SpaceTimeField {
  /** Zero everywhere, so that it needs no storage. */
  readonly zero: boolean;
  readonly timeDependent: boolean;
  /** out ← values at tₙ, n = `step` = 1 … N; interior points, x fastest. */
  fill(step: number, out: Float64Array): void;
}

/** Everything that the numerics need from files and formulas, on the grid and checked to be finite. */
export interface InputData {
  readonly grid: BoxGrid;
  readonly time: TimeGrid;
  /** One number, or the values at all nodes (boundary included), x fastest; positive. */
  readonly diffusivity: number | Float64Array;
  /** Interior points, x fastest. */
  readonly initialState: Float64Array;
  readonly source: SpaceTimeField;
  readonly target: SpaceTimeField;
}
