import type { SpaceTimeLayout } from "./space-time-layout.js";
import { gather, scatter } from "../linalg/strided.js";

/** A time series of states (or controls) in the storage order of its layout. */
export interface SpaceTimeVector {
  readonly layout: SpaceTimeLayout;
  /** All entries; computed when first asked for where the vector is not stored. */
  readonly data: Float64Array;
  /** state ← the entries of a step, for a vector that is not stored. */
  read?(step: number, state: Float64Array): void;
}

/** state ← x at time step `step` */
export function readStep(vector: SpaceTimeVector, step: number, state: Float64Array): void {
  if (vector.read) vector.read(step, state);
  else gather(vector.data, vector.layout.offsetOf(step), vector.layout.strideOf(step), state);
}

/** x at time step `step` ← state */
export function writeStep({ layout, data }: SpaceTimeVector, step: number, state: Float64Array): void {
  scatter(state, data, layout.offsetOf(step), layout.strideOf(step));
}

/** A vector of zeros on the heap. */
export function zeroSpaceTimeVector(layout: SpaceTimeLayout): SpaceTimeVector {
  return { layout, data: new Float64Array(layout.length) };
}

/** A vector that is computed step by step, and as a whole only where its `data` is asked for: once, in the state of that moment. */
export function computedVector(layout: SpaceTimeLayout, fill: (step: number, state: Float64Array) => void): SpaceTimeVector {
  let computed: Float64Array | undefined;
  const compute = (): Float64Array => {
    const vector = zeroSpaceTimeVector(layout);
    const state = new Float64Array(layout.dofs);
    for (let n = layout.steps.first; n <= layout.steps.last; n++) {
      fill(n, state);
      writeStep(vector, n, state);
    }
    return vector.data;
  };
  return {
    layout,
    read: fill,
    get data() {
      computed ??= compute();
      return computed;
    },
  };
}
