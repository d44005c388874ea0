import { requireArgument } from "../errors.js";
import type { StepRange, TimePartition } from "./time-partition.js";

/**
 * Who stores what: every rank owns a contiguous block of subdomains.
 *
 * Apart from `TimePartition` on purpose: the partition is mathematics, the slices are only where its pieces lie.
 */
export interface TimeSlices {
  readonly ranks: number;
  /** Subdomains of a rank, first … last. */
  subdomainsOf(rank: number): StepRange;
  /** Time steps of a rank. */
  ownedBy(rank: number): StepRange;
}

/** Subdomains dealt to ranks in contiguous blocks that differ by at most one subdomain. */
export function timeSlices(partition: TimePartition, ranks: number): TimeSlices {
  requireArgument(Number.isInteger(ranks) && ranks >= 1 && ranks <= partition.subdomains, () => ({
    what: "number of ranks",
    where: "timeSlices",
    expected: `a whole number from 1 to the ${partition.subdomains} subdomains`,
    got: String(ranks),
    hint: "Use more subdomains or fewer ranks.",
  }));
  const start = (rank: number): number => Math.floor((rank * partition.subdomains) / ranks);
  const subdomainsOf = (rank: number): StepRange => ({ first: start(rank), last: start(rank + 1) - 1 });
  return {
    ranks,
    subdomainsOf,
    ownedBy(rank) {
      const { first, last } = subdomainsOf(rank);
      return { first: partition.owned(first).first, last: partition.owned(last).last };
    },
  };
}
