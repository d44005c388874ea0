import type { LaneGroup, SpaceTimeDiscretization, StepRange, SweepLane } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";
import { reactionRate } from "./matching.js";

/** The local vector of one subdomain: a lane of its group's block, whose row δ + k is row k of the group in a space-time vector. */
export interface LocalVector extends SweepLane {
  readonly subdomain: number;
  readonly owned: StepRange;
  readonly extended: StepRange;
  readonly data: Float64Array;
  /** The row of a step of the extended subdomain. */
  rowOf(step: number): number;
}

/** The local vectors of a lane group, with the rows of their sweeps. Storage: `rows` + 2δ states a lane. */
export function localVectors(discretization: SpaceTimeDiscretization, group: LaneGroup, kind: MatchingFactorKind): LocalVector[] {
  const { partition, stateLayout, arena } = discretization;
  const length = group.rows + 2 * partition.overlap;
  const rowLength = stateLayout.dofs * group.lanes;
  const data = arena.allocate(length * rowLength);
  return Array.from({ length: group.lanes }, (_, lane) => {
    const subdomain = group.firstSubdomain + lane;
    const [owned, extended] = [partition.owned(subdomain), partition.extended(subdomain)];
    const sweepRows = matchingRows({ grid: partition.grid, range: extended, reactionRate: reactionRate(discretization), kind });
    const firstRow = partition.overlap - (owned.first - extended.first);
    return {
      subdomain,
      owned,
      extended,
      data,
      rows: Array.from({ length }, (_, k) => sweepRows[k - firstRow]),
      offsets: Array.from({ length }, (_, k) => k * rowLength + lane),
      strides: Array.from({ length }, () => group.lanes),
      rowOf: (step) => step - owned.first + partition.overlap,
    };
  });
}
