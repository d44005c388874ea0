import type { RingPlace } from "./thread-area.js";

/**
 * A queue of doubles from one writing to one reading thread. Positions count doubles modulo 2³²; each is written by one side only,
 * with the atomic stores that make the copied data visible.
 */
export interface SharedRing {
  /** Takes a piece of data from position `from` on, as much of it as fits; returns how much. */
  write(data: Float64Array, from: number): number;
  /** Hands out a piece of what is there into data from position `from` on; returns how much. */
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
      const position = Atomics.load(words, written);
      const room = capacity - ((position - Atomics.load(words, read)) | 0);
      const length = piece(position, Math.min(room, data.length - from));
      if (length === 0) return 0;
      ring.set(data.subarray(from, from + length), position & (capacity - 1));
      Atomics.store(words, written, (position + length) | 0);
      return length;
    },
    read(data, from) {
      const position = Atomics.load(words, read);
      const there = (Atomics.load(words, written) - position) | 0;
      const length = piece(position, Math.min(there, data.length - from));
      if (length === 0) return 0;
      const at = position & (capacity - 1);
      data.set(ring.subarray(at, at + length), from);
      Atomics.store(words, read, (position + length) | 0);
      return length;
    },
  };
}
