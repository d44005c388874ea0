import { scatter, type SpaceTimeDiscretization, type StepRange } from "@parakkt/core";
import { intervalSums, type Restriction } from "./interval-sums.js";
import { laneIntervals, type IntervalPart } from "./lane-intervals.js";

/**
 * P, piecewise linear in time from the coarse nodes 1, 2, … to the fine steps, zero at T⁺ (the step after the last), and Pᵀ.
 * The value of step n sits at the beginning of the step, so that T⁺ is the end of the time axis.
 */
export interface Prolongation extends Restriction {
  /** fine ← P coarse on this rank's steps; `readNode` gives the states of the nodes around them, zero beyond the last node. */
  prolong(readNode: (node: number, state: Float64Array) => void, fine: Float64Array): void;
}

/**
 * One axpy of a state a fine step and node. Communication of Pᵀ: one state from each rank to the next; three, one rank after the other, where
 * an interval is cut between them. Storage: twelve states at most, and two rows of the widest lane group and a state where intervals lie side by side.
 */
export function prolongation(fine: SpaceTimeDiscretization, nodes: readonly number[]): Prolongation {
  const { stateLayout: layout, arena } = fine;
  const parts = intervalParts(fine, nodes);
  const sideBySide = laneIntervals(fine, parts);
  const single = parts.filter((part) => !sideBySide.some((block) => block.parts.includes(part)));
  const sums = intervalSums(fine, parts, sideBySide);
  const [here, next, state] = Array.from({ length: 3 }, () => arena.allocate(layout.dofs));
  return {
    prolong(readNode, out) {
      for (const block of sideBySide) block.prolong(readNode, out);
      for (const { node, first, last, weights } of single) {
        readNode(node, here);
        readNode(node + 1, next);
        for (let n = first; n <= last; n++) {
          const theta = weights[n - first];
          for (let j = 0; j < state.length; j++) state[j] = (1 - theta) * here[j] + theta * next[j];
          scatter(state, out, layout.offsetOf(n), layout.strideOf(n));
        }
      }
    },
    restrict: sums.restrict,
  };
}

function intervalParts({ stateLayout, partition }: SpaceTimeDiscretization, nodes: readonly number[]): IntervalPart[] {
  const { steps } = stateLayout;
  const intervals = nodes.map((first, k): StepRange => ({ first, last: (nodes[k + 1] ?? partition.grid.steps + 1) - 1 }));
  return intervals.flatMap((interval, k) => {
    const [first, last] = [Math.max(interval.first, steps.first), Math.min(interval.last, steps.last)];
    if (first > last) return [];
    const weights = hatWeights(partition.grid, interval).slice(first - interval.first, last - interval.first + 1);
    return [{ node: k + 1, first, last, weights, begun: first > interval.first, continued: last < interval.last }];
  });
}

/** θₙ = (distance of step n from the node) / (length of the interval) */
function hatWeights(grid: SpaceTimeDiscretization["partition"]["grid"], { first, last }: StepRange): number[] {
  const begin = grid.step(first).start;
  const length = grid.step(last).end - begin;
  return Array.from({ length: last - first + 1 }, (_, k) => (grid.step(first + k).start - begin) / length);
}
