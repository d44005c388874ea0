import { gather, rowBuffer, scatter, type Block, type LaneGroup, type SpaceTimeDiscretization, type StepRange } from "@parakkt/core";

/** The steps of this rank in the interval from node `node` to the next. */
export interface IntervalPart extends StepRange {
  readonly node: number;
  /** θₙ of each step: the weight of the next node. */
  readonly weights: readonly number[];
  /** Whether the rank before this one holds the interval's beginning, the rank after it its end. */
  readonly begun: boolean;
  readonly continued: boolean;
}

/** Intervals that lie side by side in the lanes of a group, one a lane: both transfers go row by row through all of them, with the bits of one interval by itself. */
export interface LaneIntervals {
  /** Their intervals; lane l holds the l-th one. */
  readonly parts: readonly IntervalPart[];
  /** Σ (1 − θₙ) xₙ and Σ θₙ xₙ of every lane, in ascending order of the steps. */
  sumUp(x: Float64Array): void;
  /** after, beforeNext ← the two sums of a lane. */
  take(lane: number, after: Float64Array, beforeNext: Float64Array): void;
  /** out ← P coarse on the steps of these intervals. */
  prolong(readNode: (node: number, state: Float64Array) => void, out: Float64Array): void;
}

/** Per-lane factors of a row: 1 − θ and θ. */
interface RowWeights {
  readonly here: Float64Array;
  readonly next: Float64Array;
}

/** Of each lane group that consists of whole intervals. Storage: two rows of the widest group and a state; none without lanes. */
export function laneIntervals({ lanes, stateLayout: layout, arena }: SpaceTimeDiscretization, parts: readonly IntervalPart[]): LaneIntervals[] {
  const groups = lanes ? layout.groups.flatMap((group) => wholeIntervals(group, parts)) : [];
  if (!lanes || groups.length === 0) return [];
  const { dofs } = layout;
  const [left, right] = [rowBuffer(layout, arena), rowBuffer(layout, arena)];
  const state = arena.allocate(dofs);
  const ones = new Float64Array(8).fill(1);
  return groups.map(({ group, intervals }) => {
    const weights = rowWeights(group, intervals);
    const row = (data: Float64Array, k: number): Block => ({ data, offset: group.offset + k * dofs * group.lanes });
    const add = (factors: Float64Array, x: Block, sum: Block): void =>
      lanes.vectors.combine(group.lanes, dofs, { a: factors, b: ones }, { x, y: sum, out: sum });
    const place = ({ data, offset }: Block, lane: number): void => scatter(state, data, offset + lane, group.lanes);
    return {
      parts: intervals,
      sumUp(x) {
        for (const { data } of [left, right]) data.fill(0);
        weights.forEach(({ here, next }, k) => {
          add(here, row(x, k), left);
          add(next, row(x, k), right);
        });
      },
      take(lane, after, beforeNext) {
        gather(left.data, lane, group.lanes, after);
        gather(right.data, lane, group.lanes, beforeNext);
      },
      prolong(readNode, out) {
        intervals.forEach(({ node }, lane) => {
          readNode(node, state);
          place(left, lane);
          if (lane > 0) place(right, lane - 1);
        });
        readNode(intervals[intervals.length - 1].node + 1, state);
        place(right, group.lanes - 1);
        weights.forEach(({ here, next }, k) => lanes.vectors.combine(group.lanes, dofs, { a: here, b: next }, { x: left, y: right, out: row(out, k) }));
      },
    };
  });
}

/** A group with its intervals, where each of several lanes is exactly one. */
function wholeIntervals(group: LaneGroup, parts: readonly IntervalPart[]): { group: LaneGroup; intervals: IntervalPart[] }[] {
  const intervals = group.ranges.flatMap(({ first, last }) => parts.filter((part) => part.first === first && part.last === last && !part.begun && !part.continued));
  return group.lanes > 1 && intervals.length === group.lanes ? [{ group, intervals }] : [];
}

/** Lanes that have ended count nothing. */
function rowWeights({ rows }: LaneGroup, intervals: readonly IntervalPart[]): RowWeights[] {
  const ofLanes = (k: number, weight: (theta: number) => number): Float64Array =>
    Float64Array.from(intervals, ({ weights }) => (k < weights.length ? weight(weights[k]) : 0));
  return Array.from({ length: rows }, (_, k) => ({ here: ofLanes(k, (theta) => 1 - theta), next: ofLanes(k, (theta) => theta) }));
}
