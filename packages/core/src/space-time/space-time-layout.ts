import { timeSlices, type TimeSlices } from "../time/time-slices.js";
import type { StepRange, TimePartition } from "../time/time-partition.js";

/** Subdomains that are held side by side: lane l is subdomain `firstSubdomain` + l. */
export interface LaneGroup {
  readonly firstSubdomain: number;
  readonly lanes: 1 | 2 | 4 | 8;
  /** Index of the group's first entry in the vector. */
  readonly offset: number;
  /** Steps of its longest lane; shorter lanes end in padding that stays zero. */
  readonly rows: number;
  /** Steps in each lane: a whole subdomain, or in a group of one lane the part of it that this rank holds. */
  readonly ranges: readonly StepRange[];
}

/** The steps of a rank, of all ranks' slices. */
export interface RankPlace {
  readonly rank: number;
  readonly slices: TimeSlices;
}

/**
 * Storage order of a space-time vector on one rank: per lane group [step within subdomain][dof][lane].
 *
 * Eight lanes fill a cache line, so that one kernel call advances eight subdomains. Whole subdomains are dealt to groups of
 * 8 lanes and a remainder of 4, 2 and 1, so there are no idle lanes; a subdomain that is cut between ranks has a group of its own on
 * each of them. Only this file knows the order.
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
  /** Degree of freedom j of a step held here lies at offsetOf(step) + j · strideOf(step). */
  offsetOf(step: number): number;
  strideOf(step: number): number;
}

const LANE_COUNTS = [8, 4, 2, 1] as const;

/** The layout of `rank`'s share of vectors with `dofs` entries a step; by default there is one rank. */
export function spaceTimeLayout(partition: TimePartition, dofs: number, place: RankPlace = { rank: 0, slices: timeSlices(partition, 1) }): SpaceTimeLayout {
  const steps = place.slices.ownedBy(place.rank);
  const groups = laneGroups(partition, steps, dofs);
  const { offsets, strides } = locateSteps(groups, steps, dofs);
  const lastGroup = groups[groups.length - 1];
  return {
    partition,
    slices: place.slices,
    dofs,
    length: lastGroup.offset + lastGroup.rows * dofs * lastGroup.lanes,
    groups,
    steps,
    offsetOf: (step) => offsets[step - steps.first],
    strideOf: (step) => strides[step - steps.first],
  };
}

/** The parts of the subdomains that lie within the steps. */
function piecesOf(partition: TimePartition, { first, last }: StepRange) {
  const pieces: { subdomain: number; range: StepRange; whole: boolean }[] = [];
  for (let subdomain = partition.subdomainOf(first); subdomain <= partition.subdomainOf(last); subdomain++) {
    const owned = partition.owned(subdomain);
    const range = { first: Math.max(first, owned.first), last: Math.min(last, owned.last) };
    pieces.push({ subdomain, range, whole: range.first === owned.first && range.last === owned.last });
  }
  return pieces;
}

function laneGroups(partition: TimePartition, steps: StepRange, dofs: number): LaneGroup[] {
  const pieces = piecesOf(partition, steps);
  const groups: LaneGroup[] = [];
  let offset = 0;
  for (let next = 0; next < pieces.length; ) {
    const cut = pieces.findIndex(({ whole }, i) => i >= next && !whole);
    const whole = (cut < 0 ? pieces.length : cut) - next;
    const lanes = LANE_COUNTS.find((count) => count <= whole) ?? 1;
    const ranges = pieces.slice(next, next + lanes).map(({ range }) => range);
    const rows = Math.max(...ranges.map(({ first, last }) => last - first + 1));
    groups.push({ firstSubdomain: pieces[next].subdomain, lanes, offset, rows, ranges });
    offset += rows * dofs * lanes;
    next += lanes;
  }
  return groups;
}

function locateSteps(groups: readonly LaneGroup[], { first, last }: StepRange, dofs: number) {
  const offsets = new Float64Array(last - first + 1);
  const strides = new Uint8Array(last - first + 1);
  for (const { ranges, lanes, offset } of groups) {
    ranges.forEach((range, lane) => {
      for (let step = range.first; step <= range.last; step++) {
        offsets[step - first] = offset + (step - range.first) * dofs * lanes + lane;
        strides[step - first] = lanes;
      }
    });
  }
  return { offsets, strides };
}
