import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import { spaceTimeSpace } from "../space-time/space-time-space.js";

/** The three fields of a KKT vector (u, z, λ), views into one array. */
export interface KktFields {
  readonly state: Float64Array;
  readonly control: Float64Array;
  readonly adjoint: Float64Array;
}

/** The fields of a KKT vector stored as state, control, adjoint one behind the other. */
export function kktFields({ stateLayout, controlLayout }: SpaceTimeDiscretization, x: Float64Array): KktFields {
  const controlStart = stateLayout.length;
  const adjointStart = controlStart + controlLayout.length;
  return {
    state: x.subarray(0, controlStart),
    control: x.subarray(controlStart, adjointStart),
    adjoint: x.subarray(adjointStart, adjointStart + stateLayout.length),
  };
}

/** The space of KKT vectors. */
export function kktSpace({ stateLayout, controlLayout, communicator }: SpaceTimeDiscretization): VectorSpace {
  return spaceTimeSpace([stateLayout, controlLayout, stateLayout], communicator);
}
