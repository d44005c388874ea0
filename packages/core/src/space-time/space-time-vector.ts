import type { SpaceTimeLayout } from "./space-time-layout.js";
import { gather, scatter } from "../linalg/strided.js";

/** A time series of states (or controls) in the storage order of its layout. */
export interface SpaceTimeVector {
  readonly layout: SpaceTimeLayout;
  readonly data: Float64Array;
}

/** state ← x at time step `step` */
export function readStep({ layout, data }: SpaceTimeVector, step: number, state: Float64Array): void {
  gather(data, layout.offsetOf(step), layout.strideOf(step), state);
}

/** x at time step `step` ← state */
export function writeStep({ layout, data }: SpaceTimeVector, step: number, state: Float64Array): void {
  scatter(state, data, layout.offsetOf(step), layout.strideOf(step));
}

/** A vector of zeros on the heap. */
export function zeroSpaceTimeVector(layout: SpaceTimeLayout): SpaceTimeVector {
  return { layout, data: new Float64Array(layout.length) };
}
