import type { StepRange } from "@parakkt/core";
import { perLevel, type TimeHierarchy, type TimeLevel } from "../hierarchy/time-hierarchy.js";
import { requireCycleKind, type CycleKind, type CycleOptions } from "../mgrit/cycle.js";

export interface SpanOptions extends Partial<CycleOptions> {
  /** Workers that share the intervals of every level; default: one for each interval. */
  readonly workers?: number;
}

/**
 * Evaluations that follow one another in a cycle of `mgrit` (MGR.10): on each level but the coarsest (ν + 1)c + 1, below the finest another
 * c to begin with; N_l on the coarsest. Two levels with FCF-relaxation: 2(c − 1) + 3 + N/c. With fewer workers than intervals they take turns.
 */
export function cycleSpan({ levels }: Pick<TimeHierarchy, "levels">, options: SpanOptions = {}): number {
  const { cycle = "V", relaxations = 1, workers = Infinity } = options;
  requireCycleKind(cycle, "cycleSpan");
  const coarsest = levels.length - 1;
  const turns = (l: number): number => Math.ceil(levels[l].intervals / Math.min(workers, levels[l].intervals));
  const sweep = (l: number): number => longestInterval(levels[l]) * turns(l);
  const solve = (l: number, kind: CycleKind, begin: number): number => {
    if (l === coarsest) return levels[l].steps;
    const again = kind === "F" && l + 1 < coarsest ? solve(l + 1, "V", 0) : 0;
    return begin + perLevel(relaxations, l) * sweep(l) + turns(l) + solve(l + 1, kind, l + 1 < coarsest ? sweep(l + 1) : 0) + again + sweep(l);
  };
  return solve(0, cycle, 0);
}

function longestInterval({ intervals, interval }: TimeLevel): number {
  const lengthOf = ({ first, last }: StepRange): number => last - first + 1;
  let longest = 0;
  for (let i = 0; i < intervals; i++) longest = Math.max(longest, lengthOf(interval(i)));
  return longest;
}
