import type { LaneGroup, SpaceTimeDiscretization, StepRange, SweepLane } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";
import { reactionRate } from "./matching.js";

/** The local vector of one subdomain: a lane of its group's block [row of the extended subdomain][dof][lane]. */
export interface LocalVector extends SweepLane {
  readonly subdomain: number;
  readonly owned: StepRange;
  readonly extended: StepRange;
  readonly data: Float64Array;
}

/** The local vectors of a lane group, with the rows of their sweeps. Storage: the states of the longest extended subdomain, a lane each. */
export function localVectors(discretization: SpaceTimeDiscretization, group: LaneGroup, kind: MatchingFactorKind): LocalVector[] {
  const { partition, stateLayout, arena } = discretization;
  const subdomains = Array.from({ length: group.lanes }, (_, lane) => group.firstSubdomain + lane);
  const longest = Math.max(...subdomains.map((i) => partition.extended(i).last - partition.extended(i).first + 1));
  const rowLength = stateLayout.dofs * group.lanes;
  const data = arena.allocate(longest * rowLength);
  return subdomains.map((subdomain, lane) => {
    const extended = partition.extended(subdomain);
    const rows = matchingRows({ grid: partition.grid, range: extended, reactionRate: reactionRate(discretization), kind });
    const offsets = rows.map((_, k) => k * rowLength + lane);
    return { subdomain, owned: partition.owned(subdomain), extended, data, rows, offsets, strides: rows.map(() => group.lanes) };
  });
}
