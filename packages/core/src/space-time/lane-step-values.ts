import type { LaneGroup, SpaceTimeLayout } from "./space-time-layout.js";

/** One value a step, set lane by lane from the products that kernels return. */
export interface LaneStepValues {
  /** The steps in row k of a group ← products[from + 2l] + products[from + 2l + 1], even and odd dofs of lane l. */
  set(group: LaneGroup, k: number, products: Float64Array, from?: number): void;
  at(step: number): number;
}

/** Storage: a value a step of this rank. */
export function laneStepValues({ steps }: SpaceTimeLayout): LaneStepValues {
  const values = new Float64Array(steps.last - steps.first + 1);
  return {
    set({ ranges, lanes }, k, products, from = 0) {
      for (let lane = 0; lane < lanes; lane++) {
        const { first, last } = ranges[lane];
        if (first + k <= last) values[first + k - steps.first] = products[from + 2 * lane] + products[from + 2 * lane + 1];
      }
    },
    at: (step) => values[step - steps.first],
  };
}
