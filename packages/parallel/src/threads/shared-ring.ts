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

/** Doubles after which the position is made known, so that the reader copies one piece while the next one is written. */
const PIECE = 1 << 11;

export function sharedRing(words: Int32Array, { data: ring, written, read }: RingPlace): SharedRing {
  const capacity = ring.length;
  /** Length of the next piece: up to the ring's end at most. */
  const piece = (position: number, count: number): number => Math.min(count, PIECE, capacity - (position & (capacity - 1)));
  return {
    write(data, from) {
      let position = Atomics.load(words, written);
      const count = Math.min(capacity - ((position - Atomics.load(words, read)) | 0), data.length - from);
      for (let done = 0; done < count; ) {
        const length = piece(position, count - done);
        ring.set(data.subarray(from + done, from + done + length), position & (capacity - 1));
        done += length;
        position = (position + length) | 0;
        Atomics.store(words, written, position);
      }
      return count;
    },
    read(data, from) {
      let position = Atomics.load(words, read);
      const count = Math.min((Atomics.load(words, written) - position) | 0, data.length - from);
      for (let done = 0; done < count; ) {
        const length = piece(position, count - done);
        const at = position & (capacity - 1);
        data.set(ring.subarray(at, at + length), from + done);
        done += length;
        position = (position + length) | 0;
        Atomics.store(words, read, position);
      }
      return count;
    },
  };
}
