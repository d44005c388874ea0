import type { StepRange } from "@parakkt/core";
import type { LevelStep, TimeLevel } from "../hierarchy/time-hierarchy.js";
import type { MgritCounts } from "./counts.js";
import { stepAll, type StepFunction } from "./step-function.js";

/** Steps of one level that do not depend on one another. */
export interface Wave {
  readonly steps: readonly LevelStep[];
  readonly from: readonly Float64Array[];
  readonly to: readonly Float64Array[];
  /** The number n of each step in the order of the march. */
  readonly numbers: readonly number[];
}

/** to ← Φ(from) for every step of the wave. A rank without steps lets the others' wave pass: it counts in the span. */
export function evaluateWave(stepFunction: StepFunction, { steps, from, to }: Wave, counts: MgritCounts): void {
  counts.span++;
  if (steps.length === 0) return;
  counts.evaluations[steps[0].level] += steps.length;
  stepAll(stepFunction, steps, from, to);
}

/** Where a level keeps its states and the arrivals at the ends of its intervals. */
export interface IntervalPlaces {
  state(n: number): Float64Array;
  arrival(i: number): Float64Array;
}

/** Wave k holds the k-th step of each of the `own` intervals; the last step of an interval leads to its arrival. */
export function intervalWaves(time: TimeLevel, own: StepRange, { state, arrival }: IntervalPlaces): Wave[] {
  const lengths = Array.from({ length: time.intervals }, (_, i) => lengthOf(time.interval(i)));
  return Array.from({ length: Math.max(0, ...lengths) }, (_, k) => {
    const members = Array.from({ length: own.last - own.first + 1 }, (_, j) => own.first + j).filter((i) => k < lengths[i]);
    const numbers = members.map((i) => time.interval(i).first + k);
    return {
      numbers,
      steps: numbers.map(time.step),
      from: numbers.map((n) => state(n - 1)),
      to: members.map((i, j) => (k === lengths[i] - 1 ? arrival(i) : state(numbers[j]))),
    };
  });
}

const lengthOf = ({ first, last }: StepRange): number => last - first + 1;
