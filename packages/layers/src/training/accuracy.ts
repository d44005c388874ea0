import type { DataSet } from "./data/data-set.js";

/** Share of the rows of the targets, of as many entries as there are classes, whose largest output is at the largest target. */
export function accuracy(outputs: Float64Array, { targets, targetShape }: Pick<DataSet, "targets" | "targetShape">): number {
  const classes = targetShape[targetShape.length - 1];
  const rows = targets.length / classes;
  let right = 0;
  for (let r = 0; r < rows; r++) if (largest(outputs, r * classes, classes) === largest(targets, r * classes, classes)) right++;
  return right / rows;
}

/** Place of the first of the largest entries. */
export function largest(values: Float64Array, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}
