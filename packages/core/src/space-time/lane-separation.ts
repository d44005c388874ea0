import type { Block, VectorKernels } from "@parakkt/kernels";
import type { Arena } from "../linalg/arena.js";
import { rowBuffer } from "./lane-neighbours.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/** A vector whose states lie each in one piece, in the room of its rows: [lane][dof] in place of [dof][lane]. What goes through time state by state reads no cache line twice. */
export interface LaneSeparation {
  /** Where the state of a step begins. */
  offsetOf(step: number): number;
  /** out ← x, its lanes separated; `out` may be x. */
  separate(x: Float64Array, out: Float64Array): void;
  /** The rows of x, separated before, become blocks of lanes again. */
  join(x: Float64Array): void;
}

/** Two passes over the vector. Storage: a row of the widest lane group. */
export function laneSeparation(layout: SpaceTimeLayout, vectors: VectorKernels, arena: Arena): LaneSeparation {
  const { groups, dofs, steps } = layout;
  const passing = rowBuffer(layout, arena);
  const offsets = separatedOffsets(layout);
  const copy = (from: Block, to: Block, length: number): void => to.data.set(from.data.subarray(from.offset, from.offset + length), to.offset);
  const forEachRow = (visit: (lanes: 1 | 2 | 4 | 8, offset: number) => void): void => {
    for (const { lanes, rows, offset } of groups) {
      for (let k = 0; k < rows; k++) visit(lanes, offset + k * dofs * lanes);
    }
  };
  return {
    offsetOf: (step) => offsets[step - steps.first],
    separate(x, out) {
      forEachRow((lanes, offset) => {
        const [from, to] = [{ data: x, offset }, { data: out, offset }];
        if (x !== out) vectors.separate(lanes, dofs, from, to);
        else if (lanes > 1) {
          copy(from, passing, dofs * lanes);
          vectors.separate(lanes, dofs, passing, to);
        }
      });
    },
    join(x) {
      forEachRow((lanes, offset) => {
        if (lanes === 1) return;
        copy({ data: x, offset }, passing, dofs * lanes);
        vectors.join(lanes, dofs, passing, { data: x, offset });
      });
    },
  };
}

function separatedOffsets({ groups, dofs, steps: { first, last } }: SpaceTimeLayout): Float64Array {
  const offsets = new Float64Array(last - first + 1);
  for (const { ranges, lanes, offset } of groups) {
    ranges.forEach((range, lane) => {
      for (let step = range.first; step <= range.last; step++) offsets[step - first] = offset + ((step - range.first) * lanes + lane) * dofs;
    });
  }
  return offsets;
}
