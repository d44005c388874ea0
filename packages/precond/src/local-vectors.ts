import type { LaneContinuation, LaneGroup, SpaceTimeDiscretization, StepRange, SweepLane, SweepRow } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";
import { reactionRate } from "./matching.js";

/**
 * The local vector of one subdomain, or of the part of it that this rank holds: a lane of its group's block. Where the subdomain is whole,
 * row δ + k of the block is row k of the group in a space-time vector.
 */
export interface LocalVector extends SweepLane {
  readonly owned: StepRange;
  /** The owned steps, and the overlap at those ends that are ends of the subdomain. */
  readonly extended: StepRange;
  readonly data: Float64Array;
  /** The row of a step of the extended range. */
  rowOf(step: number): number;
}

/** The local vectors of a lane group, and whether their sweeps go on on other ranks (a group of one lane). */
export interface LocalBlock {
  readonly group: LaneGroup;
  readonly data: Float64Array;
  /** Rows before the one of the first owned steps. */
  readonly head: number;
  readonly lanes: readonly LocalVector[];
  readonly continuation: LaneContinuation;
}

/** The extended rows of all lanes; rows of the overlap that do not exist are padding. Storage: at most `rows` + 2δ states a lane. */
export function localBlock(discretization: SpaceTimeDiscretization, group: LaneGroup, kind: MatchingFactorKind): LocalBlock {
  const { partition, stateLayout, arena } = discretization;
  const [whole, range] = [partition.owned(group.firstSubdomain), group.ranges[0]];
  const continuation = { fromPrevious: range.first > whole.first, toNext: range.last < whole.last };
  const head = continuation.fromPrevious ? 0 : partition.overlap;
  const tail = continuation.toNext ? 0 : partition.overlap;
  const length = head + group.rows + tail;
  const rowLength = stateLayout.dofs * group.lanes;
  const data = arena.allocate(length * rowLength);
  const lanes = group.ranges.map((owned, lane): LocalVector => {
    const all = partition.extended(group.firstSubdomain + lane);
    const sweepRows = localRows(discretization, all, kind);
    return {
      owned,
      extended: { first: continuation.fromPrevious ? owned.first : all.first, last: continuation.toNext ? owned.last : all.last },
      data,
      rows: Array.from({ length }, (_, k) => sweepRows[owned.first - all.first + k - head]),
      offsets: Array.from({ length }, (_, k) => k * rowLength + lane),
      strides: Array.from({ length }, () => group.lanes),
      rowOf: (step) => step - owned.first + head,
    };
  });
  return { group, data, head, lanes, continuation };
}

/**
 * The rows of an extended subdomain. Of equal steps the first one is solved like any other, as if its overlap reached beyond the beginning of time: then it has
 * the reactions of the others, and its lane theirs in every row (docs/decisions/0021).
 */
function localRows(discretization: SpaceTimeDiscretization, range: StepRange, kind: MatchingFactorKind): SweepRow[] {
  const { grid, overlap } = discretization.partition;
  const lead = range.first === 1 && grid.uniform ? overlap : undefined;
  return matchingRows({ grid, range, reactionRate: reactionRate(discretization, kind), kind, lead });
}
