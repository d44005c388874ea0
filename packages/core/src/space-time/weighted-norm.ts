import type { VectorKernels } from "@parakkt/kernels";
import type { Communicator } from "../parallel/communicator.js";
import { laneStepValues } from "./lane-step-values.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";
import { rankInvariantSums } from "./space-time-space.js";

/** √(Σₙ wₙ² ‖xₙ‖²) on blocks of lanes, with the rounding of `spaceTimeSpace`. One all-gather. */
export function laneWeightedNorm(layout: SpaceTimeLayout, communicator: Communicator, vectors: VectorKernels, weight: (step: number) => number): (x: Float64Array) => number {
  const values = laneStepValues(layout);
  const products = new Float64Array(16);
  const sumOverSteps = rankInvariantSums(layout, communicator);
  const total = new Float64Array(1);
  const weighted = (n: number): number => weight(n) ** 2 * values.at(n);
  return (x) => {
    for (const group of layout.groups) {
      for (let k = 0; k < group.rows; k++) {
        const block = { data: x, offset: group.offset + k * layout.dofs * group.lanes };
        vectors.products(group.lanes, layout.dofs, block, block, products);
        values.set(group, k, products);
      }
    }
    sumOverSteps(total, () => weighted);
    return Math.sqrt(total[0]);
  };
}
