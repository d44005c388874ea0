/**
 * Where an iteration stands, as values: all it takes to go on from there bit for bit.
 *
 * Numbers under names (alike on every rank), and the live vectors: whoever keeps them copies them before the iteration goes on.
 */
export interface SolveState {
  /** Iterations done. */
  readonly iteration: number;
  readonly values: StateValues;
  readonly vectors: readonly Float64Array[];
}

/** Doubles under names; NaN, infinities and signed zeros are values too. */
export type StateValues = Readonly<Record<string, readonly number[]>>;

/** A `SolveState` that was kept: its numbers, and its vectors one by one. */
export interface KeptState {
  readonly values: StateValues;
  /** out ← vector `index` of the state */
  load(index: number, out: Float64Array): void;
}
