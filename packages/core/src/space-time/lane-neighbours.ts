import type { Block } from "@parakkt/kernels";
import type { Arena } from "../linalg/arena.js";
import { scatter } from "../linalg/strided.js";
import type { Communicator } from "../parallel/communicator.js";
import { spaceTimeHalo, type HaloWidth } from "./space-time-halo.js";
import type { LaneGroup, SpaceTimeLayout } from "./space-time-layout.js";

/** Rows of a lane group of a vector, and the states one step before and one step after them. */
export interface LaneNeighbours {
  /** Begins to exchange one state with the neighbouring ranks; until `finish` only the groups between the first and the last one may be read. */
  start(x: Float64Array): void;
  finish(): void;
  /** Both at once. */
  exchange(x: Float64Array): void;
  /** Row k of the group. */
  row(x: Float64Array, group: LaneGroup, k: number): Block;
  /** The states one step before row k, lane by lane; k = −1 … rows − 1 is the row before itself where that exists. */
  before(x: Float64Array, group: LaneGroup, k: number): Block;
  /** The states one step after row k, lane by lane; zero after step N. */
  after(x: Float64Array, group: LaneGroup, k: number): Block;
}

/**
 * Within a group the step before row k is row k − 1 and the step after it row k + 1, except at the ends of the subdomains, where it lies in
 * another lane, group or rank. Storage: two rows of the widest group, a state and the halos. A block is valid until the next call.
 * `width`: which of the two are asked for.
 */
export function laneNeighbours(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena, width: HaloWidth = { before: 1, after: 1 }): LaneNeighbours {
  const halo = spaceTimeHalo(layout, communicator, width, arena);
  const [past, future] = [rowBuffer(layout, arena), rowBuffer(layout, arena)];
  const state = arena.allocate(layout.dofs);

  const row = (x: Float64Array, { offset, lanes }: LaneGroup, k: number): Block => ({ data: x, offset: offset + k * layout.dofs * lanes });
  const readLane = (x: Float64Array, step: number, block: Block, { lane, lanes }: { lane: number; lanes: number }): void => {
    halo.read(x, step, state);
    scatter(state, block.data, block.offset + lane, lanes);
  };
  return {
    start: (x) => halo.start(x),
    finish: () => halo.finish(),
    exchange(x) {
      halo.start(x);
      halo.finish();
    },
    row,
    before(x, group, k) {
      if (k > 0) return row(x, group, k - 1);
      if (shiftedLanes(group)) {
        const { offset } = row(x, group, group.rows - 1);
        past.data.set(x.subarray(offset, offset + layout.dofs * group.lanes - 1), past.offset + 1);
        readLane(x, group.ranges[0].first - 1, past, { lane: 0, lanes: group.lanes });
        return past;
      }
      for (let lane = 0; lane < group.lanes; lane++) {
        readLane(x, group.ranges[lane].first - 1, past, { lane, lanes: group.lanes });
      }
      return past;
    },
    after(x, group, k) {
      const { lanes, rows } = group;
      if (k + 1 < shortest(group)) return row(x, group, k + 1);
      if (shiftedLanes(group)) {
        const { offset } = row(x, group, 0);
        future.data.set(x.subarray(offset + 1, offset + layout.dofs * lanes));
        readLane(x, group.ranges[lanes - 1].last + 1, future, { lane: lanes - 1, lanes });
        return future;
      }
      const next = k + 1 < rows ? row(x, group, k + 1) : undefined;
      if (next) future.data.set(x.subarray(next.offset, next.offset + layout.dofs * lanes));
      else future.data.fill(0);
      for (let lane = 0; lane < lanes; lane++) {
        const { first, last } = group.ranges[lane];
        if (first + k === last) readLane(x, last + 1, future, { lane, lanes });
      }
      return future;
    },
  };
}

/** Room for a row of the widest lane group. */
export function rowBuffer({ groups, dofs }: SpaceTimeLayout, arena: Arena): Block {
  return { data: arena.allocate(dofs * Math.max(...groups.map(({ lanes }) => lanes))), offset: 0 };
}

/** Whether the end of lane l lies beside the beginning of lane l + 1, one entry away: then their states move by a shift of the row, all but the outermost one. */
function shiftedLanes(group: LaneGroup): boolean {
  return group.lanes > 1 && shortest(group) === group.rows;
}

/** Steps of the shortest lane of a group. */
function shortest({ ranges }: LaneGroup): number {
  let steps = Infinity;
  for (const { first, last } of ranges) steps = Math.min(steps, last - first + 1);
  return steps;
}

/** value(n) of the step in each lane of row k, `idle` where the lane is shorter. */
export function laneFactors({ ranges }: LaneGroup, k: number, value: (step: number) => number): Float64Array {
  return Float64Array.from(ranges, ({ first, last }) => (first + k <= last ? value(first + k) : 0));
}
