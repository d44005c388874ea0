import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { rankInvariantSums } from "../space-time/space-time-space.js";
import type { KktFields } from "./kkt-vector.js";

/** J_h and its two parts (OBJ.1). */
export interface ObjectiveValue {
  readonly total: number;
  /** (v/2) Σ τₙ ‖uₙ − ũₙ‖² */
  readonly tracking: number;
  /** (vω/2) Σ τₙ ‖zₙ‖² */
  readonly control: number;
}

/** The function (u, z, ũ, v) ↦ J_h (OBJ.1). Both parts in one reduction; no storage. */
export function objectiveValue({ stateLayout, controlLayout, communicator, regularization, partition }: SpaceTimeDiscretization) {
  const sumOverSteps = rankInvariantSums(stateLayout, communicator);
  const sums = new Float64Array(2);

  return ({ state, control }: Pick<KktFields, "state" | "control">, { target, cellVolume }: { target: Float64Array; cellVolume: number }): ObjectiveValue => {
    sumOverSteps(sums, (part, n) => {
      const squares = part === 0 ? squaredDistance(stateLayout, n, state, target) : squaredDistance(controlLayout, n, control, undefined);
      return partition.grid.step(n).size * squares;
    });
    const tracking = (cellVolume / 2) * sums[0];
    const controlCost = ((cellVolume * regularization) / 2) * sums[1];
    return { total: tracking + controlCost, tracking, control: controlCost };
  };
}

/** ‖xₙ − yₙ‖² of step n; y = 0 where it is not given. */
function squaredDistance(layout: SpaceTimeLayout, n: number, x: Float64Array, y: Float64Array | undefined): number {
  const stride = layout.strideOf(n);
  const begin = layout.offsetOf(n);
  const end = begin + layout.dofs * stride;
  let sum = 0;
  for (let i = begin; i < end; i += stride) {
    const difference = y === undefined ? x[i] : x[i] - y[i];
    sum += difference * difference;
  }
  return sum;
}
