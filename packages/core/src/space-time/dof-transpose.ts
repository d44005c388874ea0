import type { Arena } from "../linalg/arena.js";
import type { Communicator } from "../parallel/communicator.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/** Degrees of freedom first … first + count − 1. */
export interface DofSlice {
  readonly first: number;
  readonly count: number;
}

/** Turns vectors of which every rank holds some steps into vectors of which it holds all steps of some dofs, and back. */
export interface DofTranspose {
  /** The dofs of this rank. */
  readonly own: DofSlice;
  /** Doubles of a transposed vector, [step][dof of `own`]. */
  readonly length: number;
  /** transposed ← the dofs `own` of all ranks' x */
  toDofs(x: Float64Array, transposed: Float64Array): void;
  /** x ← this rank's steps of all ranks' transposed vectors */
  toSteps(transposed: Float64Array, x: Float64Array): void;
}

/**
 * The n dofs are dealt to R ranks in slices that differ by at most one. One all-to-all each way, of which (R − 1)/R crosses between ranks.
 * Storage: the rank's share of a series.
 */
export function dofTranspose(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): DofTranspose {
  const { partition, slices, dofs, steps } = layout;
  const { rank, size } = communicator;
  const boundary = (r: number): number => Math.floor((r * dofs) / size);
  const dofSlices = Array.from({ length: size }, (_, r): DofSlice => ({ first: boundary(r), count: boundary(r + 1) - boundary(r) }));
  const own = dofSlices[rank];
  const ownSteps = steps.last - steps.first + 1;
  const bySteps = dofSlices.map(({ count }) => count * ownSteps);
  const byDofs = dofSlices.map((_, r) => own.count * (slices.ownedBy(r).last - slices.ownedBy(r).first + 1));
  const here = arena.allocate(ownSteps * dofs);
  const copyAll = (series: Float64Array, back: boolean): void => {
    dofSlices.forEach((slice) => copySlice(layout, slice, { series, slice: here, offset: slice.first * ownSteps, back }));
  };
  return {
    own,
    length: partition.grid.steps * own.count,
    toDofs(x, transposed) {
      copyAll(x, false);
      communicator.allToAll(here, bySteps, transposed, byDofs);
    },
    toSteps(transposed, x) {
      communicator.allToAll(transposed, byDofs, here, bySteps);
      copyAll(x, true);
    },
  };
}

/** A series in its layout, and a slice of its dofs by rows: [step][dof of the slice] from `offset`. */
interface SliceCopy {
  readonly series: Float64Array;
  readonly slice: Float64Array;
  readonly offset: number;
  /** From the slice into the series. */
  readonly back?: boolean;
}

/** Copies a slice of the dofs of all steps of this rank. */
export function copySlice({ steps, offsetOf, strideOf }: SpaceTimeLayout, { first, count }: DofSlice, { series, slice, offset, back = false }: SliceCopy): void {
  let at = offset;
  for (let n = steps.first; n <= steps.last; n++) {
    const stride = strideOf(n);
    let from = offsetOf(n) + first * stride;
    for (let j = 0; j < count; j++, at++, from += stride) {
      if (back) series[from] = slice[at];
      else slice[at] = series[from];
    }
  }
}
