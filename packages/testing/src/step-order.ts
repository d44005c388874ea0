import { readStep, writeStep, type SpaceTimeLayout } from "@parakkt/core";
import type { Matrix } from "ml-matrix";
import { denseMatrix } from "./dense.js";

/** The fields of a vector, one behind the other: (u) or (u, z, λ). */
type Fields = readonly SpaceTimeLayout[];

const stepsOf = ({ steps }: SpaceTimeLayout): number => steps.last - steps.first + 1;
const entriesOf = (fields: Fields): number => fields.reduce((sum, layout) => sum + stepsOf(layout) * layout.dofs, 0);
const lengthOf = (fields: Fields): number => fields.reduce((sum, layout) => sum + layout.length, 0);

/** Calls `visit` with each step in storage and in step order. */
function forEachStep(fields: Fields, storage: Float64Array, ordered: Float64Array, visit: (place: { layout: SpaceTimeLayout; data: Float64Array }, step: number, state: Float64Array) => void): void {
  let start = 0;
  let at = 0;
  for (const layout of fields) {
    const data = storage.subarray(start, start + layout.length);
    for (let step = layout.steps.first; step <= layout.steps.last; step++, at += layout.dofs) {
      visit({ layout, data }, step, ordered.subarray(at, at + layout.dofs));
    }
    start += layout.length;
  }
}

/** The entries in the order field, step, dof: the vector as mathematics writes it, without padding. */
export function toStepOrder(fields: Fields, storage: Float64Array): Float64Array {
  const ordered = new Float64Array(entriesOf(fields));
  forEachStep(fields, storage, ordered, readStep);
  return ordered;
}

/** The vector in storage order, padding zero. */
export function fromStepOrder(fields: Fields, ordered: Float64Array): Float64Array {
  const storage = new Float64Array(lengthOf(fields));
  forEachStep(fields, storage, ordered, writeStep);
  return storage;
}

/** The dense matrix of a map between space-time vectors, in step order; entries that the map leaves alone become NaN. */
export function stepOrderMatrix(fields: { from: Fields; to: Fields }, apply: (x: Float64Array, out: Float64Array) => void): Matrix {
  return denseMatrix(entriesOf(fields.to), entriesOf(fields.from), (x, out) => {
    const image = new Float64Array(lengthOf(fields.to)).fill(NaN);
    apply(fromStepOrder(fields.from, x), image);
    out.set(toStepOrder(fields.to, image));
  });
}
