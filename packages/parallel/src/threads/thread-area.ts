import { requireArgument } from "@parakkt/core";

/** The memory that the ranks of one program on threads share. Plain data: it goes to each worker. */
export interface ThreadArea {
  readonly size: number;
  /** Spin before sleeping: only where every thread has a core of its own. */
  readonly spin: boolean;
  /** Words: flags, counters, positions of the rings. */
  readonly words: SharedArrayBuffer;
  /** One ring of doubles for each ordered pair of ranks. */
  readonly rings: SharedArrayBuffer;
  /** Two boards, used in turn, with a place of `BOARD_PLACE` doubles for each rank. */
  readonly boards: SharedArrayBuffer;
}

/** Doubles that a rank can lay on a board at a time. */
export const BOARD_PLACE = 1 << 14;

/** A state of 127² unknowns fits twice. */
const NEIGHBOUR_RING = 1 << 15;

const CACHE_LINE_WORDS = 16;
const doubles = (count: number): SharedArrayBuffer => new SharedArrayBuffer(8 * count);

/** Indices of words; words that different ranks write at the same time lie on different cache lines. */
export const word = {
  /** 0, or 1 + the rank that ended the job (1 + size: from outside). */
  ended: 0,
  arrived: CACHE_LINE_WORDS,
  generation: 2 * CACHE_LINE_WORDS,
  /** Counts what happened to a rank's rings. */
  bell: (rank: number): number => (3 + rank) * CACHE_LINE_WORDS,
  /** 1 while the rank sleeps on its bell. */
  asleep: (rank: number): number => (3 + rank) * CACHE_LINE_WORDS + 1,
  /** Odd while the rank waits for others; a new number for each wait. */
  waiting: (rank: number): number => (3 + rank) * CACHE_LINE_WORDS + 2,
  /** The thread's number in its operating system, 0 where unknown. */
  thread: (rank: number): number => (3 + rank) * CACHE_LINE_WORDS + 3,
} as const;

/** Words for the positions of the ring from one rank to another: written, and a line further read. */
function ringWord(size: number, from: number, to: number): number {
  return (3 + size + 2 * (from * size + to)) * CACHE_LINE_WORDS;
}

/** Capacity of a ring, a power of two. */
function ringCapacity(size: number, from: number, to: number): number {
  if (from === to) return 0;
  if (Math.abs(from - to) === 1) return NEIGHBOUR_RING;
  return size <= 8 ? 1 << 12 : 1 << 9;
}

/** Where the ring from one rank to another lies. */
export interface RingPlace {
  readonly data: Float64Array;
  readonly written: number;
  readonly read: number;
}

export function ringPlace({ size, rings }: ThreadArea, from: number, to: number): RingPlace {
  let offset = 0;
  for (let pair = 0; pair < from * size + to; pair++) offset += ringCapacity(size, Math.floor(pair / size), pair % size);
  const written = ringWord(size, from, to);
  return { data: new Float64Array(rings, 8 * offset, ringCapacity(size, from, to)), written, read: written + CACHE_LINE_WORDS };
}

/** Shared memory for `size` ranks. `cores`: threads that can run at the same time. */
export function threadArea(size: number, cores: number): ThreadArea {
  requireArgument(Number.isInteger(size) && size >= 1 && size <= 256, () => ({
    what: "number of threads",
    where: "threadArea",
    expected: "a whole number from 1 to 256",
    got: String(size),
    hint: "MPI has room for more ranks.",
  }));
  let capacity = 0;
  for (let pair = 0; pair < size * size; pair++) capacity += ringCapacity(size, Math.floor(pair / size), pair % size);
  return {
    size,
    spin: size <= cores,
    words: new SharedArrayBuffer(4 * ringWord(size, size, 0)),
    rings: doubles(capacity),
    boards: doubles(2 * size * BOARD_PLACE),
  };
}
