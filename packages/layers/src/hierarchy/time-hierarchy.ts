import { requireArgument, serialCommunicator, timePartition, type Communicator, type StepRange, type TimeGrid, type TimeStep } from "@parakkt/core";
import { dealIntervals, type IntervalBlocks } from "./interval-blocks.js";
import { reversedCommunicator } from "./reversed-communicator.js";

/** Step n of one level: `size` = its own step size, about h times the product of the coarsening factors above it. */
export interface LevelStep extends TimeStep {
  /** 0 = finest. */
  readonly level: number;
  /** The steps of the finest level that it stands for. */
  readonly fine: StepRange;
}

/**
 * One level of a time hierarchy: N_l steps between the points 0 … N_l, cut into intervals that are the steps of the next level.
 *
 * C-points are the ends of the intervals, and point 0; all others are F-points. Numbers run in the order of the march.
 */
export interface TimeLevel {
  readonly index: number;
  /** N_l */
  readonly steps: number;
  /** Step n = 1 … N_l, from point n − 1 to point n. */
  step(n: number): LevelStep;
  /** Steps of the next level; 0 on the coarsest. */
  readonly intervals: number;
  /** Steps of interval i = 0 … intervals − 1, which is step i + 1 of the next level. */
  interval(i: number): StepRange;
  /** Who sweeps which intervals. */
  readonly blocks: IntervalBlocks;
}

/** The levels of a march through time, dealt to the ranks of a communicator. */
export interface TimeHierarchy {
  /** From finest to coarsest. */
  readonly levels: readonly TimeLevel[];
  readonly communicator: Communicator;
  /** The same levels, intervals and owners, marched from the last point to the first: step n becomes step N_l + 1 − n. */
  reversed(): TimeHierarchy;
}

export interface HierarchyOptions {
  /** c, from each level to the next; a list gives one a level, its last entry holding for all coarser ones. Default 4. */
  readonly coarsening?: number | readonly number[];
  /** Number of levels; default: as many as keep 16 steps on the coarsest. One level is plain stepping. */
  readonly levels?: number;
  /** Default: one rank. */
  readonly communicator?: Communicator;
}

/** Fewest steps that a coarsest level has by default: below that a level saves less than its messages cost. */
export const SERIAL_STEPS = 16;

/**
 * Levels of ⌈N/c⌉, ⌈N/c²⌉, … steps. Where c does not divide, intervals are shorter by at most one step, spread evenly (`timePartition`).
 */
export function timeHierarchy(grid: TimeGrid, options: HierarchyOptions = {}): TimeHierarchy {
  const { coarsening = 4, levels: count, communicator = serialCommunicator() } = options;
  checkOptions(coarsening, count);
  const cuts: LevelCut[] = [finestCut(grid)];
  for (;;) {
    const finer = cuts[cuts.length - 1];
    const c = perLevel(coarsening, cuts.length - 1);
    if (count === undefined ? Math.ceil(finer.grid.steps / c) < SERIAL_STEPS : cuts.length === count) break;
    requireArgument(finer.grid.steps > 1, () => ({
      what: "number of levels",
      where: "timeHierarchy",
      expected: `at most ${cuts.length} for ${grid.steps} steps`,
      got: String(count),
    }));
    cuts.push(coarsened(finer, c));
  }
  const blocks = dealIntervals(cuts.slice(0, -1), communicator.size);
  return hierarchyOf(
    cuts.map(({ grid: { steps }, stepsOfLevel, intervals }, index) => ({
      index,
      steps,
      step: (n) => stepsOfLevel[n - 1],
      intervals: intervals.length,
      interval: (i) => intervals[i],
      blocks: blocks[index],
    })),
    communicator,
  );
}

function checkOptions(coarsening: number | readonly number[], count: number | undefined): void {
  const factors = typeof coarsening === "number" ? [coarsening] : coarsening;
  requireArgument(factors.length > 0 && factors.every((c) => Number.isInteger(c) && c >= 2), () => ({
    what: "coarsening factors",
    where: "timeHierarchy",
    expected: "whole numbers of at least 2",
    got: `[${factors.join(", ")}]`,
  }));
  requireArgument(count === undefined || (Number.isInteger(count) && count >= 1), () => ({
    what: "number of levels",
    where: "timeHierarchy",
    expected: "a whole number of at least 1",
    got: String(count),
  }));
}

/** The value of a setting on a level: one number for all, or a list whose last entry holds for all coarser levels. */
export function perLevel(values: number | readonly number[], level: number): number {
  return typeof values === "number" ? values : values[Math.min(level, values.length - 1)];
}

/** A level while the hierarchy is built; the coarsest has no intervals. */
interface LevelCut {
  readonly grid: TimeGrid;
  readonly stepsOfLevel: readonly LevelStep[];
  intervals: readonly StepRange[];
}

/** Field by field: the spread of an object costs more than the rest of a hierarchy of a million steps. */
function levelStep({ index, start, end, size }: TimeStep, level: number, fine: StepRange): LevelStep {
  return { index, start, end, size, level, fine };
}

function finestCut(grid: TimeGrid): LevelCut {
  const stepsOfLevel = Array.from({ length: grid.steps }, (_, k) => levelStep(grid.step(k + 1), 0, { first: k + 1, last: k + 1 }));
  return { grid, stepsOfLevel, intervals: [] };
}

/** Cuts the level into intervals of c steps and returns the level whose steps they are. */
function coarsened(level: LevelCut, c: number): LevelCut {
  const partition = timePartition(level.grid, Math.ceil(level.grid.steps / c), 0);
  level.intervals = Array.from({ length: partition.subdomains }, (_, i) => partition.owned(i));
  const grid = level.grid.coarsen(level.intervals.map(({ first }) => first));
  const finer = level.stepsOfLevel;
  const stepsOfLevel = level.intervals.map(({ first, last }, i) =>
    levelStep(grid.step(i + 1), finer[0].level + 1, { first: finer[first - 1].fine.first, last: finer[last - 1].fine.last }),
  );
  return { grid, stepsOfLevel, intervals: [] };
}

function hierarchyOf(levels: readonly TimeLevel[], communicator: Communicator): TimeHierarchy {
  return { levels, communicator, reversed: () => hierarchyOf(levels.map((level) => reversedLevel(level, communicator.size)), reversedCommunicator(communicator)) };
}

function reversedLevel(level: TimeLevel, ranks: number): TimeLevel {
  const { index, steps, intervals, blocks } = level;
  return {
    index,
    steps,
    step: (n) => level.step(steps + 1 - n),
    intervals,
    interval: (i) => mirrored(level.interval(intervals - 1 - i), steps + 1),
    blocks: {
      replicated: blocks.replicated,
      of: (rank) => mirrored(blocks.of(ranks - 1 - rank), intervals - 1),
    },
  };
}

/** first … last counted from the other end: k becomes sum − k. */
function mirrored({ first, last }: StepRange, sum: number): StepRange {
  return { first: sum - last, last: sum - first };
}
