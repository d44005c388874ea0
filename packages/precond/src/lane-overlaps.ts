import type { Block, SpaceTimeDiscretization } from "@parakkt/core";
import type { LocalBlock } from "./local-vectors.js";

/** The overlaps between equally long subdomains side by side: a row of all lanes at a time, because a neighbour's step lies one lane beside. */
export interface LaneOverlaps {
  /** The rows before and after the owned ones ← the neighbours' steps, but for the first lane before and the last one after, which hold anything. */
  fill(residual: Float64Array): void;
  /** out ← out + what each lane but the last has found for the steps of the next one. */
  addToNext(out: Float64Array): void;
  /** out ← out + what each lane but the first has found for the steps of the one before it. */
  addToPrevious(out: Float64Array): void;
}

/** `undefined` where lanes are not equally long, or there is only one. */
export function laneOverlaps({ lanes, stateLayout: { dofs }, partition: { overlap } }: SpaceTimeDiscretization, block: LocalBlock): LaneOverlaps | undefined {
  const { group, data, head } = block;
  const equallyLong = group.ranges.every(({ first, last }) => last - first + 1 === group.rows);
  if (!lanes || group.lanes === 1 || !equallyLong) return undefined;
  const count = group.lanes;
  const rowLength = dofs * count;
  const ofLanes = (value: (lane: number) => number): Float64Array => Float64Array.from({ length: count }, (_, lane) => value(lane));
  const ones = ofLanes(() => 1);
  const allButFirst = ofLanes((lane) => (lane === 0 ? 0 : 1));
  const allButLast = ofLanes((lane) => (lane === count - 1 ? 0 : 1));
  const local = (k: number): number => k * rowLength;
  const global = (k: number): number => group.offset + k * rowLength;
  const after = head + group.rows;
  const add = (weights: Float64Array, x: Block, out: Block): void => lanes.vectors.combine(count, dofs, { a: weights, b: ones }, { x, y: out, out });
  return {
    fill(residual) {
      for (let j = 0; j < overlap; j++) {
        const [last, first] = [global(group.rows - overlap + j), global(j)];
        data.set(residual.subarray(last, last + rowLength - 1), local(j) + 1);
        data.set(residual.subarray(first + 1, first + rowLength), local(after + j));
      }
    },
    addToNext(out) {
      for (let j = 0; j < overlap; j++) add(allButFirst, { data, offset: local(after + j) - 1 }, { data: out, offset: global(j) });
    },
    addToPrevious(out) {
      for (let j = 0; j < overlap; j++) add(allButLast, { data, offset: local(j) + 1 }, { data: out, offset: global(group.rows - overlap + j) });
    },
  };
}
