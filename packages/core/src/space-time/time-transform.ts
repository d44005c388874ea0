import type { Arena } from "../linalg/arena.js";
import { cosineTransform } from "../linalg/cosine-transform.js";
import type { Communicator } from "../parallel/communicator.js";
import { copySlice, dofTranspose } from "./dof-transpose.js";
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

function transposingTransform(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): TimeTransform {
  const transpose = dofTranspose(layout, communicator, arena);
  const cosine = cosineTransform(layout.partition.grid.steps);
  const transposed = arena.allocate(transpose.length);
  return {
    apply(x) {
      transpose.toDofs(x, transposed);
      if (transpose.own.count > 0) cosine.apply(transposed, transpose.own.count);
      transpose.toSteps(transposed, x);
    },
  };
}
