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

/** Evaluates (OBJ.1). Allocates one state and one control series. */
export function objectiveValue(discretization: SpaceTimeDiscretization, { state, control }: Pick<KktFields, "state" | "control">, data: { target: Float64Array; cellVolume: number }): ObjectiveValue {
  const { stateSpace, controlSpace, stateWeights, controlWeights, regularization } = discretization;
  const error = new Float64Array(state.length);
  const weightedControl = new Float64Array(control.length);
  subtract(state, data.target, error);
  const weightedError = new Float64Array(state.length);
  stateWeights.multiply(1, error, weightedError);
  controlWeights.multiply(1, control, weightedControl);
  const tracking = (data.cellVolume / 2) * stateSpace.innerProduct(error, weightedError);
  const controlCost = ((data.cellVolume * regularization) / 2) * controlSpace.innerProduct(control, weightedControl);
  return { total: tracking + controlCost, tracking, control: controlCost };
}
