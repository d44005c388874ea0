import type { Block } from "@parakkt/kernels";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { scatter } from "../linalg/strided.js";
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

/** Storage: a state. Throws `NonFiniteError` at the first bad value. */
export function laneData(problem: OptimalControlProblem, layout: SpaceTimeLayout): LaneData {
  const data = stepwiseData(problem);
  const { grid } = problem;
  const state = new Float64Array(layout.dofs);
  const write = (evaluate: StepwiseData["target"], step: TimeStep, to: LanePlace): void => {
    if (to.lanes === 1) return evaluate(step, to.block.data.subarray(to.block.offset, to.block.offset + layout.dofs));
    evaluate(step, state);
    scatter(state, to.block.data, to.block.offset + to.lane, to.lanes);
  };
  return {
    target({ ranges, lanes }, k, block) {
      for (let lane = 0; lane < lanes; lane++) {
        const { first, last } = ranges[lane];
        const n = first + k;
        if (n === 0) scatter(state.fill(0), block.data, block.offset + lane, lanes);
        else if (n <= last) write(data.target, grid.step(n), { block, lane, lanes });
      }
    },
    source({ ranges, lanes }, k, block) {
      if (data.sources === "first" && (k > 0 || ranges[0].first > 1)) return false;
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
