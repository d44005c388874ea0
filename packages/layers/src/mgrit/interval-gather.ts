import type { Arena, Communicator } from "@parakkt/core";
import type { TimeLevel } from "../hierarchy/time-hierarchy.js";

/** Vectors that the owner of an interval has written and every rank is to have; they exist on all ranks. */
type IntervalVectors = (interval: number) => readonly Float64Array[];

/** One all-gather: the vectors of every interval, copied from its owner to the same place on all ranks. */
export function intervalGather(level: TimeLevel, vectors: IntervalVectors, { communicator, arena }: { communicator: Communicator; arena: Arena }): () => void {
  const { rank, size } = communicator;
  if (size === 1) return () => {};
  const lengthOf = (owner: number): number => {
    const { first, last } = level.blocks.of(owner);
    let length = 0;
    for (let i = first; i <= last; i++) for (const vector of vectors(i)) length += vector.length;
    return length;
  };
  const record = Math.max(...Array.from({ length: size }, (_, owner) => lengthOf(owner)));
  const local = arena.allocate(record);
  const gathered = arena.allocate(size * record);

  const visit = (owner: number, start: number, copy: (vector: Float64Array, at: number) => void): void => {
    const { first, last } = level.blocks.of(owner);
    let at = start;
    for (let i = first; i <= last; i++) {
      for (const vector of vectors(i)) {
        copy(vector, at);
        at += vector.length;
      }
    }
  };
  return () => {
    visit(rank, 0, (vector, at) => local.set(vector, at));
    communicator.allGather(local, gathered);
    for (let owner = 0; owner < size; owner++) {
      if (owner !== rank) visit(owner, owner * record, (vector, at) => vector.set(gathered.subarray(at, at + vector.length)));
    }
  };
}
