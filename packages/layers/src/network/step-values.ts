import { heapArena, requireName, type Arena } from "@parakkt/core";
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

/** A mean, and the state of the values that it belongs to. */
interface Mean {
  readonly values: Float64Array;
  version: number;
}

/**
 * Values of their own for every finest step n = 1 … N, values[n − 1]; none is copied. Means are made when they are first asked for
 * after a change, in storage that is kept: N/(c − 1) vectors on all coarse levels together.
 */
export function valuesPerStep(values: readonly Float64Array[], coarse: CoarseValues, arena: Arena = heapArena()): StepValues {
  requireName(coarse, ["inject", "average"], { what: "values of coarse steps", where: "valuesPerStep" });
  const means: Mean[][] = [];
  let version = 0;
  return {
    at(step) {
      const { first } = step.fine;
      if (step.level === 0 || coarse === "inject") return values[first - 1];
      const ofLevel = (means[step.level] ??= []);
      const mean = (ofLevel[step.index] ??= { values: arena.allocate(values[first - 1].length), version: -1 });
      if (mean.version !== version) writeMean(values, step.fine, mean.values);
      mean.version = version;
      return mean.values;
    },
    changed() {
      version++;
    },
  };
}

/** out ← the mean of values[first − 1] … values[last − 1] */
function writeMean(values: readonly Float64Array[], { first, last }: LevelStep["fine"], out: Float64Array): void {
  out.fill(0);
  for (let n = first; n <= last; n++) for (let j = 0; j < out.length; j++) out[j] += values[n - 1][j];
  for (let j = 0; j < out.length; j++) out[j] /= last - first + 1;
}
