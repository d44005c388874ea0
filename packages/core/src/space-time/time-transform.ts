import type { Arena } from "../linalg/arena.js";
import { cosineTransform } from "../linalg/cosine-transform.js";
import type { Communicator } from "../parallel/communicator.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/**
 * x ← (V ⊗ I) x in place, V the cosine transform along time (DIA.1): its own inverse. Frequency k of the image lies where step k lay.
 */
export interface TimeTransform {
  apply(x: Float64Array): void;
}

/** Degrees of freedom that one rank transforms at a time. */
const COLUMNS = 8;

/**
 * One rank takes eight dofs of all steps at a time. Several ranks transpose by an all-to-all, so that each holds all steps of its share of the
 * dofs, and back: two all-to-alls of nearly the whole vector. A dof's line is transformed by the same operations on any number of ranks.
 * Storage: 8N doubles on one rank, twice the rank's share of a series on several.
 */
export function timeTransform(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): TimeTransform {
  return communicator.size === 1 ? blockwiseTransform(layout, arena) : transposingTransform(layout, communicator, arena);
}

function blockwiseTransform(layout: SpaceTimeLayout, arena: Arena): TimeTransform {
  const { steps } = layout.partition.grid;
  const cosine = cosineTransform(steps);
  const block = arena.allocate(steps * COLUMNS);
  return {
    apply(x) {
      for (let first = 0; first < layout.dofs; first += COLUMNS) {
        const slice = { first, count: Math.min(COLUMNS, layout.dofs - first) };
        copySlice(layout, slice, { series: x, slice: block, offset: 0 });
        cosine.apply(block.subarray(0, steps * slice.count), slice.count);
        copySlice(layout, slice, { slice: block, offset: 0, series: x, back: true });
      }
    },
  };
}

/** Degrees of freedom first … first + count − 1. */
interface DofSlice {
  readonly first: number;
  readonly count: number;
}

function transposingTransform(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): TimeTransform {
  const { partition, slices, dofs, steps } = layout;
  const { rank, size } = communicator;
  const cosine = cosineTransform(partition.grid.steps);
  const boundary = (r: number): number => Math.floor((r * dofs) / size);
  const dofSlices = Array.from({ length: size }, (_, r): DofSlice => ({ first: boundary(r), count: boundary(r + 1) - boundary(r) }));
  const own = dofSlices[rank];
  const ownSteps = steps.last - steps.first + 1;
  const bySteps = dofSlices.map(({ count }) => count * ownSteps);
  const byDofs = dofSlices.map((_, r) => own.count * (slices.ownedBy(r).last - slices.ownedBy(r).first + 1));
  const here = arena.allocate(ownSteps * dofs);
  const transposed = arena.allocate(partition.grid.steps * own.count);
  const copyAll = (series: Float64Array, back: boolean): void => {
    dofSlices.forEach((slice) => copySlice(layout, slice, { series, slice: here, offset: slice.first * ownSteps, back }));
  };
  return {
    apply(x) {
      copyAll(x, false);
      communicator.allToAll(here, bySteps, transposed, byDofs);
      if (own.count > 0) cosine.apply(transposed, own.count);
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

function copySlice({ steps, offsetOf, strideOf }: SpaceTimeLayout, { first, count }: DofSlice, { series, slice, offset, back = false }: SliceCopy): void {
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
