import { requireArgument, seededRandom } from "@parakkt/core";
import { gatherRows, type Batch, type DataSet } from "./data/data-set.js";

/** The mini-batches of one epoch. */
export interface EpochBatches {
  readonly count: number;
  /** The size of batch k: the last one may be smaller. */
  size(k: number): number;
  batch(k: number): Batch;
}

export interface BatchOptions {
  readonly size: number;
  readonly epoch: number;
  readonly seed: number;
}

/**
 * The samples in an order that seed and epoch decide, cut into batches. One batch for all keeps the order of the set: its states
 * then stay comparable from update to update.
 */
export function epochBatches(data: DataSet, { size, epoch, seed }: BatchOptions): EpochBatches {
  requireArgument(Number.isInteger(size) && size >= 1, () => ({ what: "batch size", where: "epochBatches", expected: "a whole number of at least 1", got: String(size) }));
  const order = size >= data.count ? Array.from({ length: data.count }, (_, k) => k) : shuffled(data.count, epochSeed(seed, epoch));
  const rows = (k: number): readonly number[] => order.slice(k * size, (k + 1) * size);
  return { count: Math.ceil(data.count / size), size: (k) => rows(k).length, batch: (k) => gatherRows(data, rows(k)) };
}

/** A seed of its own for every epoch, so that the order of an epoch needs no state of a generator. */
function epochSeed(seed: number, epoch: number): number {
  return seed * 1_000_003 + epoch + 1;
}

/** 0 … count − 1 in random order (Fisher and Yates). */
export function shuffled(count: number, seed: number): number[] {
  const { uniform } = seededRandom(seed);
  const order = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(uniform() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}
