import type { StepRange } from "@parakkt/core";
import type { TimeLevel } from "./time-hierarchy.js";

/** The intervals whose states a rank holds: its own, on replicated levels all. */
export function heldIntervals({ intervals, blocks }: TimeLevel, rank: number): StepRange {
  return blocks.replicated ? { first: 0, last: intervals - 1 } : blocks.of(rank);
}

/** The steps of these intervals; on the coarsest level all. */
export function heldSteps(level: TimeLevel, rank: number): StepRange {
  if (level.blocks.replicated) return { first: 1, last: level.steps };
  const { first, last } = level.blocks.of(rank);
  return { first: level.interval(first).first, last: level.interval(last).last };
}
