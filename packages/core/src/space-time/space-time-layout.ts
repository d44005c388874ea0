import { timeSlices, type TimeSlices } from "../time/time-slices.js";
import type { StepRange, TimePartition } from "../time/time-partition.js";

/** Subdomains that are held side by side: lane l is subdomain `firstSubdomain` + l. */
export interface LaneGroup {
  readonly firstSubdomain: number;
  readonly lanes: 1 | 2 | 4 | 8;
  /** Index of the group's first entry in the vector. */
  readonly offset: number;
  /** Steps of its longest subdomain; shorter lanes end in padding that stays zero. */
  readonly rows: number;
}

/**
 * Storage order of a space-time vector on one rank: per lane group [step within subdomain][dof][lane].
 *
 * Eight lanes fill a cache line, so that one kernel call advances eight subdomains. P subdomains are dealt to groups of
 * 8 lanes and a remainder of 4, 2 and 1, so there are no idle lanes. Only this file knows the order.
 */
export interface SpaceTimeLayout {
  readonly partition: TimePartition;
  readonly slices: TimeSlices;
  /** Degrees of freedom of one step. */
  readonly dofs: number;
  /** Entries of a vector on this rank, padding included. */
  readonly length: number;
  readonly groups: readonly LaneGroup[];
  /** Steps held by this rank. */
  readonly steps: StepRange;
  /** Subdomains held by this rank. */
  readonly subdomains: StepRange;
  /** Degree of freedom j of a step held here lies at offsetOf(step) + j · strideOf(step). */
  offsetOf(step: number): number;
  strideOf(step: number): number;
}

const LANE_COUNTS = [8, 4, 2, 1] as const;

/** The layout of `rank`'s share of vectors with `dofs` entries a step. */
export function spaceTimeLayout(partition: TimePartition, dofs: number, place: { rank: number; ranks: number } = { rank: 0, ranks: 1 }): SpaceTimeLayout {
  const slices = timeSlices(partition, place.ranks);
  const subdomains = slices.subdomainsOf(place.rank);
  const steps = slices.ownedBy(place.rank);
  const groups = laneGroups(partition, subdomains, dofs);
  const { offsets, strides } = locateSteps(partition, groups, steps, dofs);
  const lastGroup = groups[groups.length - 1];
  return {
    partition,
    slices,
    dofs,
    length: lastGroup.offset + lastGroup.rows * dofs * lastGroup.lanes,
    groups,
    steps,
    subdomains,
    offsetOf: (step) => offsets[step - steps.first],
    strideOf: (step) => strides[step - steps.first],
  };
}

function laneGroups(partition: TimePartition, { first, last }: StepRange, dofs: number): LaneGroup[] {
  const groups: LaneGroup[] = [];
  let offset = 0;
  for (let next = first; next <= last; ) {
    const lanes = LANE_COUNTS.find((count) => count <= last - next + 1) ?? 1;
    const group = { firstSubdomain: next, lanes, offset, rows: longestSubdomain(partition, next, lanes) };
    groups.push(group);
    offset += group.rows * dofs * lanes;
    next += lanes;
  }
  return groups;
}

function longestSubdomain(partition: TimePartition, first: number, lanes: number): number {
  let rows = 0;
  for (let i = first; i < first + lanes; i++) {
    const owned = partition.owned(i);
    rows = Math.max(rows, owned.last - owned.first + 1);
  }
  return rows;
}

function locateSteps(partition: TimePartition, groups: readonly LaneGroup[], { first, last }: StepRange, dofs: number) {
  const offsets = new Float64Array(last - first + 1);
  const strides = new Uint8Array(last - first + 1);
  for (const { firstSubdomain, lanes, offset } of groups) {
    for (let lane = 0; lane < lanes; lane++) {
      const owned = partition.owned(firstSubdomain + lane);
      for (let step = owned.first; step <= owned.last; step++) {
        offsets[step - first] = offset + (step - owned.first) * dofs * lanes + lane;
        strides[step - first] = lanes;
      }
    }
  }
  return { offsets, strides };
}
