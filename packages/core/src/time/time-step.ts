/** One step of a time grid: from `start` to `end`, `size` = τₙ; `index` n = 1 … N. */
export interface TimeStep {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}
