import type { StepRange } from "@parakkt/core";

/** Who sweeps which intervals of a level: every rank a contiguous block, possibly an empty one. */
export interface IntervalBlocks {
  /** The states of the level are held by all ranks (and swept by their owners); otherwise every rank holds those of its own intervals. */
  readonly replicated: boolean;
  /** Intervals first … last of a rank, counted from 0; last = first − 1 where it has none. */
  of(rank: number): StepRange;
}

/** What the dealing needs to know of a level that is not the coarsest. */
interface CutLevel {
  readonly intervals: readonly StepRange[];
}

/**
 * Deals the intervals of each level to the ranks; the result depends on the partition of time only through numbers of intervals.
 *
 * A level with fewer intervals than ranks is replicated, and so are all coarser ones; the coarsest has no intervals and is
 * marched by every rank for itself. On the coarsest distributed level, blocks differ by at most one interval. On finer ones a
 * rank has the intervals that make up its coarse ones, so that restriction and correction between distributed levels are local.
 */
export function dealIntervals(levels: readonly CutLevel[], ranks: number): IntervalBlocks[] {
  const blocks: IntervalBlocks[] = [...levels.map(() => marchedByAll), marchedByAll];
  for (let l = levels.length - 1; l >= 0; l--) {
    const { intervals } = levels[l];
    const nested = intervals.length >= ranks && !blocks[l + 1].replicated;
    blocks[l] = nested ? nestedBlocks(levels[l + 1].intervals, blocks[l + 1]) : evenBlocks(intervals.length, ranks);
  }
  return blocks;
}

/** The coarsest level: no intervals, all states everywhere. */
const marchedByAll: IntervalBlocks = { replicated: true, of: () => ({ first: 0, last: -1 }) };

function evenBlocks(count: number, ranks: number): IntervalBlocks {
  const start = (rank: number): number => Math.floor((rank * count) / ranks);
  return { replicated: count < ranks, of: (rank) => ({ first: start(rank), last: start(rank + 1) - 1 }) };
}

/** Interval i of a level is step i + 1 of the next coarser one. */
function nestedBlocks(coarseIntervals: readonly StepRange[], coarse: IntervalBlocks): IntervalBlocks {
  return {
    replicated: false,
    of(rank) {
      const { first, last } = coarse.of(rank);
      return { first: coarseIntervals[first].first - 1, last: coarseIntervals[last].last - 1 };
    },
  };
}
