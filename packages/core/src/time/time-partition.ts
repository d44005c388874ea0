import { requireArgument } from "../errors.js";
import type { TimeGrid } from "./time-grid.js";

/** Steps first … last, both included. */
export interface StepRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The cut of the time axis into P subdomains, each extended by an overlap of δ steps on both sides.
 *
 * This is mathematics: it fixes the preconditioner and never depends on the number of ranks (see `TimeSlices`).
 */
export interface TimePartition {
  readonly grid: TimeGrid;
  /** P */
  readonly subdomains: number;
  /** δ */
  readonly overlap: number;
  /** Steps owned by subdomain i = 0 … P−1; it starts at step ⌊iN/P⌋ + 1. */
  owned(subdomain: number): StepRange;
  /** Owned steps and the overlap, cut off at steps 1 and N. */
  extended(subdomain: number): StepRange;
  /** The subdomain that owns a step. */
  subdomainOf(step: number): number;
}

/** P subdomains that differ by at most one step, with 0 ≤ δ ≤ ⌊N/P⌋. */
export function timePartition(grid: TimeGrid, subdomains: number, overlap = 1): TimePartition {
  const { steps } = grid;
  requireArgument(Number.isInteger(subdomains) && subdomains >= 1 && subdomains <= steps, () => ({
    what: "number of subdomains",
    where: "timePartition",
    expected: `a whole number from 1 to the ${steps} time steps`,
    got: String(subdomains),
  }));
  const shortest = Math.floor(steps / subdomains);
  requireArgument(Number.isInteger(overlap) && overlap >= 0 && overlap <= shortest, () => ({
    what: "overlap",
    where: "timePartition",
    expected: `a whole number from 0 to ⌊N/P⌋ = ${shortest}`,
    got: String(overlap),
    hint: "Take fewer subdomains or a smaller overlap.",
  }));
  const start = (i: number): number => Math.floor((i * steps) / subdomains) + 1;
  const owned = (i: number): StepRange => ({ first: start(i), last: start(i + 1) - 1 });
  return {
    grid,
    subdomains,
    overlap,
    owned,
    extended(i) {
      const { first, last } = owned(i);
      return { first: Math.max(1, first - overlap), last: Math.min(steps, last + overlap) };
    },
    subdomainOf: (step) => Math.floor((step * subdomains - 1) / steps),
  };
}
