import type { Block } from "@parakkt/kernels";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { interleaveEight, scatter } from "../linalg/strided.js";
import type { LaneGroup, SpaceTimeLayout } from "../space-time/space-time-layout.js";
import type { TimeStep } from "../time/time-step.js";
import { stepwiseData, type StepwiseData } from "./stepwise-data.js";

/** The data of a problem as blocks of lanes, evaluated whenever they are asked for. Lanes without a step in the row are left as they are. */
export interface LaneData {
  /** block ← ũ of the steps in row k of the group; row −1 holds the steps before the subdomains, ũ₀ = 0. */
  target(group: LaneGroup, k: number, block: Block): void;
  /** block ← b of the steps in row k, and `true`; `false` where b is zero, the block untouched. */
  source(group: LaneGroup, k: number, block: Block): boolean;
}

/** Storage: a state, eight of them with groups of eight lanes. Throws `NonFiniteError` at the first bad value. */
export function laneData(problem: OptimalControlProblem, layout: SpaceTimeLayout): LaneData {
  const data = stepwiseData(problem);
  const { grid } = problem;
  const state = new Float64Array(layout.dofs);
  const eight = layout.groups.some(({ lanes }) => lanes === 8) ? Array.from({ length: 8 }, () => new Float64Array(layout.dofs)) : [];
  const write = (evaluate: StepwiseData["target"], step: TimeStep, to: LanePlace): void => {
    if (to.lanes === 1) return evaluate(step, to.block.data.subarray(to.block.offset, to.block.offset + layout.dofs));
    evaluate(step, state);
    scatter(state, to.block.data, to.block.offset + to.lane, to.lanes);
  };
  /** Row k of a group of eight lanes all of which have a step there; `false` of any other. */
  const writeEight = (evaluate: StepwiseData["target"], { ranges, lanes }: LaneGroup, { k, block }: { k: number; block: Block }): boolean => {
    if (lanes !== 8 || !ranges.every(({ first, last }) => first + k >= 1 && first + k <= last)) return false;
    ranges.forEach(({ first }, lane) => evaluate(grid.step(first + k), eight[lane]));
    interleaveEight(eight, block.data, block.offset);
    return true;
  };
  return {
    target(group, k, block) {
      if (writeEight(data.target, group, { k, block })) return;
      const { ranges, lanes } = group;
      for (let lane = 0; lane < lanes; lane++) {
        const { first, last } = ranges[lane];
        const n = first + k;
        if (n === 0) scatter(state.fill(0), block.data, block.offset + lane, lanes);
        else if (n <= last) write(data.target, grid.step(n), { block, lane, lanes });
      }
    },
    source(group, k, block) {
      const { ranges, lanes } = group;
      if (data.sources === "first" && (k > 0 || ranges[0].first > 1)) return false;
      if (writeEight(data.source, group, { k, block })) return true;
      for (let lane = 0; lane < lanes; lane++) {
        const { first, last } = ranges[lane];
        if (first + k <= last) write(data.source, grid.step(first + k), { block, lane, lanes });
      }
      return true;
    },
  };
}

interface LanePlace {
  readonly block: Block;
  readonly lane: number;
  readonly lanes: number;
}
