import type { LinearOperator } from "../linalg/linear-operator.js";
import type { Communicator } from "../parallel/communicator.js";
import { laneStepValues, type LaneStepValues } from "./lane-step-values.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";
import { rankInvariantSums } from "./space-time-space.js";

/** An inner product whose shares kernels measure row by row while they have the row at hand. */
export interface LaneProductSum {
  /** Products of row k of a group, as kernels return them. */
  readonly set: LaneStepValues["set"];
  /** Over the steps of all ranks, with the rounding of `spaceTimeSpace`. One all-gather. */
  total(): number;
}

/** Storage: a value a step of this rank. */
export function laneProductSum(layout: SpaceTimeLayout, communicator: Communicator): LaneProductSum {
  const values = laneStepValues(layout);
  const sumOverSteps = rankInvariantSums(layout, communicator);
  const sum = new Float64Array(1);
  return {
    set: values.set,
    total() {
      sumOverSteps(sum, () => values.at);
      return sum[0];
    },
  };
}

/** A symmetric operator on series whose `applyTo` sets the products of its rows where they are `measured`. */
export function measuredOperator(length: number, innerProduct: LaneProductSum, applyTo: (x: Float64Array, out: Float64Array, measured: boolean) => void): LinearOperator {
  const apply = (x: Float64Array, out: Float64Array): void => applyTo(x, out, false);
  return {
    rows: length,
    cols: length,
    symmetric: true,
    apply,
    applyTranspose: apply,
    applyInnerProduct(x, out) {
      applyTo(x, out, true);
      return innerProduct.total();
    },
  };
}
