import { requireArgument } from "../errors.js";
import type { StepRange, TimePartition } from "./time-partition.js";

/**
 * Who stores what: every rank owns a contiguous range of time steps.
 *
 * Apart from `TimePartition` on purpose: the partition is mathematics, the slices are only where its pieces lie.
 */
export interface TimeSlices {
  readonly ranks: number;
  /** Time steps of a rank. */
  ownedBy(rank: number): StepRange;
}

/**
 * With ranks ≤ P whole subdomains, dealt in contiguous blocks that differ by at most one subdomain; with more ranks contiguous parts of
 * the N steps that differ by at most one step, so that subdomains are cut between ranks.
 */
export function timeSlices(partition: TimePartition, ranks: number): TimeSlices {
  const { steps } = partition.grid;
  requireArgument(Number.isInteger(ranks) && ranks >= 1 && ranks <= steps, () => ({
    what: "number of ranks",
    where: "timeSlices",
    expected: `a whole number from 1 to the ${steps} time steps`,
    got: String(ranks),
    hint: "Use fewer ranks: each one needs a time step of its own.",
  }));
  const pieces = ranks <= partition.subdomains ? partition.subdomains : steps;
  const start = (rank: number): number => Math.floor((rank * pieces) / ranks);
  const piece = (index: number): StepRange => (pieces === steps ? { first: index + 1, last: index + 1 } : partition.owned(index));
  return {
    ranks,
    ownedBy: (rank) => ({ first: piece(start(rank)).first, last: piece(start(rank + 1) - 1).last }),
  };
}

/**
 * The slices of a coarse grid with its nodes at these fine steps: a coarse step belongs to the rank on which it ends. A rank on which none
 * ends has an empty range.
 */
export function coarseSlices(fine: TimeSlices, nodes: readonly number[]): TimeSlices {
  const steps = fine.ownedBy(fine.ranks - 1).last;
  const ends = nodes.map((_, k) => (nodes[k + 1] ?? steps + 1) - 1);
  return {
    ranks: fine.ranks,
    ownedBy(rank) {
      const { first, last } = fine.ownedBy(rank);
      return { first: ends.findIndex((end) => end >= first) + 1, last: ends.findLastIndex((end) => end <= last) + 1 };
    },
  };
}
