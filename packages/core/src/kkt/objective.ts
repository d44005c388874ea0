import { subtract } from "../linalg/vector-kernels.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { KktFields } from "./kkt-vector.js";

/** J_h and its two parts (OBJ.1). */
export interface ObjectiveValue {
  readonly total: number;
  /** (v/2) Σ τₙ ‖uₙ − ũₙ‖² */
  readonly tracking: number;
  /** (vω/2) Σ τₙ ‖zₙ‖² */
  readonly control: number;
}

/**
 * The function (u, z, ũ, v) ↦ J_h (OBJ.1). One reduction for each part.
 *
 * Storage: one state series, and one more that the longer of a state and a control series fits in; evaluating allocates nothing.
 */
export function objectiveValue({ stateSpace, controlSpace, stateWeights, controlWeights, regularization, arena }: SpaceTimeDiscretization) {
  const error = arena.allocate(stateSpace.size);
  const weighted = arena.allocate(Math.max(stateSpace.size, controlSpace.size));
  const weightedError = weighted.subarray(0, stateSpace.size);
  const weightedControl = weighted.subarray(0, controlSpace.size);

  return ({ state, control }: Pick<KktFields, "state" | "control">, { target, cellVolume }: { target: Float64Array; cellVolume: number }): ObjectiveValue => {
    subtract(state, target, error);
    stateWeights.multiply(1, error, weightedError);
    const tracking = (cellVolume / 2) * stateSpace.innerProduct(error, weightedError);
    controlWeights.multiply(1, control, weightedControl);
    const controlCost = ((cellVolume * regularization) / 2) * controlSpace.innerProduct(control, weightedControl);
    return { total: tracking + controlCost, tracking, control: controlCost };
  };
}
