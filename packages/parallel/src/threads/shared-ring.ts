import type { RingPlace } from "./thread-area.js";

/**
 * A queue of doubles from one writing to one reading thread. Positions count doubles modulo 2³²; each is written by one side only,
 * with the atomic stores that make the copied data visible.
 */
export interface SharedRing {
  /** Takes what fits of data from position `from` on; returns how much. */
  write(data: Float64Array, from: number): number;
  /** Hands out what is there into data from position `from` on; returns how much. */
  read(data: Float64Array, from: number): number;
}

export function sharedRing(words: Int32Array, { data: ring, written, read }: RingPlace): SharedRing {
  const capacity = ring.length;
  const copyIn = (data: Float64Array, from: number, count: number, at: number): void => ring.set(data.subarray(from, from + count), at);
  const copyOut = (data: Float64Array, from: number, count: number, at: number): void => data.set(ring.subarray(at, at + count), from);

  /** Copies up to the ring's end and then from its beginning. */
  const wrapped = (copy: typeof copyIn, data: Float64Array, from: number, span: { readonly start: number; readonly count: number }): void => {
    const at = span.start & (capacity - 1);
    const first = Math.min(span.count, capacity - at);
    copy(data, from, first, at);
    if (first < span.count) copy(data, from + first, span.count - first, 0);
  };
  return {
    write(data, from) {
      const start = Atomics.load(words, written);
      const room = capacity - ((start - Atomics.load(words, read)) | 0);
      const count = Math.min(room, data.length - from);
      if (count === 0) return 0;
      wrapped(copyIn, data, from, { start, count });
      Atomics.store(words, written, (start + count) | 0);
      return count;
    },
    read(data, from) {
      const start = Atomics.load(words, read);
      const count = Math.min((Atomics.load(words, written) - start) | 0, data.length - from);
      if (count === 0) return 0;
      wrapped(copyOut, data, from, { start, count });
      Atomics.store(words, read, (start + count) | 0);
      return count;
    },
  };
}
