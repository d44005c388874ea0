import type { LevelStep } from "../hierarchy/time-hierarchy.js";

/** What a coarse step takes from the c fine steps that it stands for: the values of the first one, or the mean of all. */
export type CoarseValues = "inject" | "average";

/** Parameters or inputs of the steps of all levels. */
export interface StepValues {
  at(step: LevelStep): Float64Array;
  /** To be called after the values have been changed in place. */
  changed(): void;
}

/** The same values for every step of every level: the weights of a recurrent network. */
export function sharedValues(values: Float64Array): StepValues {
  return { at: () => values, changed: () => {} };
}

/** Values of their own for every finest step n = 1 … N, values[n − 1]; none is copied. Means are made once and kept until `changed`. */
export function valuesPerStep(values: readonly Float64Array[], coarse: CoarseValues): StepValues {
  const means: Float64Array[][] = [];
  return {
    at(step) {
      if (step.level === 0 || coarse === "inject") return values[step.fine.first - 1];
      means[step.level] ??= [];
      return (means[step.level][step.index] ??= mean(values.slice(step.fine.first - 1, step.fine.last)));
    },
    changed() {
      means.length = 0;
    },
  };
}

function mean(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  for (const vector of vectors) for (let j = 0; j < sum.length; j++) sum[j] += vector[j];
  return sum.map((value) => value / vectors.length);
}
