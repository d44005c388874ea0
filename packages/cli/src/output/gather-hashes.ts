import type { Communicator } from "@parakkt/core";

/** Bytes of a SHA-256. */
export const HASH_BYTES = 32;
/** Two bytes travel as one double. */
const HASH_DOUBLES = HASH_BYTES / 2;

/**
 * Hands rank 0 the hashes of all ranks' steps in ascending order, `stepsOf(rank)` of each; `own`: those of this rank. One message a rank.
 */
export function gatherHashes(communicator: Communicator, own: readonly Uint8Array[], stepsOf: (rank: number) => number, take: (hash: Uint8Array) => void): void {
  const { rank, size } = communicator;
  if (rank > 0) return communicator.send(0, encoded(own));
  own.forEach(take);
  for (let from = 1; from < size; from++) {
    const received = new Float64Array(HASH_DOUBLES * stepsOf(from));
    communicator.receive(from, received);
    const bytes = new Uint8Array(Uint16Array.from(received).buffer);
    for (let at = 0; at < bytes.length; at += HASH_BYTES) take(bytes.subarray(at, at + HASH_BYTES));
  }
}

function encoded(hashes: readonly Uint8Array[]): Float64Array {
  const values = new Float64Array(HASH_DOUBLES * hashes.length);
  hashes.forEach((hash, k) => values.set(new Uint16Array(Uint8Array.from(hash).buffer), HASH_DOUBLES * k));
  return values;
}

/** The number of steps of each rank, known to all. */
export function stepCounts(communicator: Communicator, { first, last }: { readonly first: number; readonly last: number }): (rank: number) => number {
  const counts = new Float64Array(communicator.size);
  communicator.allGather(Float64Array.of(last - first + 1), counts);
  return (rank) => counts[rank];
}
