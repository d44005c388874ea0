import { gather, gatherAdd, scatter, scatterAdd, type SpaceTimeDiscretization, type StepRange } from "@parakkt/core";

/**
 * P, piecewise linear in time from the coarse nodes to the fine steps, zero at T⁺ (the step after the last), and Pᵀ.
 * The value of step n sits at the beginning of the step, so that T⁺ is the end of the time axis.
 */
export interface Prolongation {
  /** fine ← P coarse */
  prolong(coarse: Float64Array, fine: Float64Array): void;
  /** coarse ← Pᵀ fine; the interval before a node is summed apart from the one after it. */
  restrict(fine: Float64Array, coarse: Float64Array): void;
}

/** One axpy of a state a fine step and node. Storage: three states. */
export function prolongation(fine: SpaceTimeDiscretization, coarse: SpaceTimeDiscretization, nodes: readonly number[]): Prolongation {
  const from = coarse.stateLayout;
  const to = fine.stateLayout;
  const intervals = nodes.map((first, k): StepRange => ({ first, last: (nodes[k + 1] ?? fine.partition.grid.steps + 1) - 1 }));
  const weights = intervals.map((interval) => hatWeights(fine, interval));
  const here = fine.arena.allocate(to.dofs);
  const next = fine.arena.allocate(to.dofs);
  const state = fine.arena.allocate(to.dofs);

  const place = (layout: typeof to, step: number) => ({ offset: layout.offsetOf(step), stride: layout.strideOf(step) });
  const readNode = (x: Float64Array, node: number, out: Float64Array): void => {
    if (node > nodes.length) out.fill(0);
    else gather(x, from.offsetOf(node), from.strideOf(node), out);
  };
  return {
    prolong(x, out) {
      intervals.forEach(({ first, last }, k) => {
        readNode(x, k + 1, here);
        readNode(x, k + 2, next);
        for (let n = first; n <= last; n++) {
          const theta = weights[k][n - first];
          for (let j = 0; j < state.length; j++) state[j] = (1 - theta) * here[j] + theta * next[j];
          scatter(state, out, to.offsetOf(n), to.strideOf(n));
        }
      });
    },
    restrict(x, out) {
      next.fill(0);
      intervals.forEach(({ first, last }, k) => {
        here.fill(0);
        state.fill(0);
        for (let n = first; n <= last; n++) {
          gatherAdd(1 - weights[k][n - first], x, place(to, n), here);
          gatherAdd(weights[k][n - first], x, place(to, n), state);
        }
        scatter(next, out, from.offsetOf(k + 1), from.strideOf(k + 1));
        scatterAdd(1, here, out, place(from, k + 1));
        next.set(state);
      });
    },
  };
}

/** θₙ = (distance of step n from the node) / (length of the interval): the weight of the next node. */
function hatWeights({ partition }: SpaceTimeDiscretization, { first, last }: StepRange): number[] {
  const { grid } = partition;
  const begin = grid.step(first).start;
  const length = grid.step(last).end - begin;
  return Array.from({ length: last - first + 1 }, (_, k) => (grid.step(first + k).start - begin) / length);
}
