import type { Block, VectorKernels } from "@parakkt/kernels";
import type { Arena } from "../linalg/arena.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { rowBuffer } from "../space-time/lane-neighbours.js";
import type { LaneGroup, SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { stepwiseData, type StepwiseData } from "./stepwise-data.js";

/** The data of a problem as blocks of lanes, evaluated whenever they are asked for. Lanes without a step in the row get values of other steps, or zeros. */
export interface LaneData {
  /** block ← ũ of the steps in row k of the group; row −1 holds the steps before the subdomains, ũ₀ = 0. */
  target(group: LaneGroup, k: number, block: Block): void;
  /** block ← b of the steps in row k, and `true`; `false` where b is zero, the block untouched. */
  source(group: LaneGroup, k: number, block: Block): boolean;
}

/** Storage: a row of the widest lane group. Throws `NonFiniteError` at the first bad value. */
export function laneData(problem: OptimalControlProblem, layout: SpaceTimeLayout, vectors: VectorKernels, arena: Arena): LaneData {
  const data = stepwiseData(problem);
  const { grid } = problem;
  const { dofs } = layout;
  const separated = rowBuffer(layout, arena);
  const states = Array.from({ length: separated.data.length / dofs }, (_, lane) => separated.data.subarray(lane * dofs, (lane + 1) * dofs));
  const write = (evaluate: StepwiseData["target"], { ranges, lanes }: LaneGroup, { k, block }: { k: number; block: Block }): void => {
    const to = lanes === 1 ? [block.data.subarray(block.offset, block.offset + dofs)] : states;
    ranges.forEach(({ first, last }, lane) => {
      const n = first + k;
      if (n < 1) to[lane].fill(0);
      else if (n <= last) evaluate(grid.step(n), to[lane]);
    });
    if (lanes > 1) vectors.join(lanes, dofs, separated, block);
  };
  return {
    target: (group, k, block) => write(data.target, group, { k, block }),
    source(group, k, block) {
      if (data.sources === "first" && (k > 0 || group.ranges[0].first > 1)) return false;
      write(data.source, group, { k, block });
      return true;
    },
  };
}
