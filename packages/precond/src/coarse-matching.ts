import type { SpaceTimeDiscretization, StepRange, TimePartition } from "@parakkt/core";
import { matchingSweep } from "./matching.js";
import type { MatchingFactorKind } from "./matching-factor.js";

/** Advances other work until a share of it, 0 … 1, is done. */
export type Meanwhile = (share: number) => void;

/** An approximate inverse of the coarse S₀. It may wait for other ranks, and hands over to `meanwhile` before it does. */
export interface CoarseInverse {
  /** correction ← S₀⁻¹ residual */
  apply(residual: Float64Array, correction: Float64Array, meanwhile: Meanwhile): void;
}

/** Subdomains of a rank, a block of lanes, whose local solves take as long as it waits for its turns in the coarse sweeps. */
const SUBDOMAINS_FOR_A_TURN = 8;

/**
 * Whether the sweeps over the whole coarse grid go from rank to rank, where there are local solves for the time in between; otherwise every rank makes them all. Of subdomains that
 * are cut between ranks the local solves wait for other ranks themselves.
 */
export function passesThroughRanks(partition: TimePartition, ranges: readonly StepRange[]): boolean {
  const ranks = ranges.length;
  return ranks > 1 && partition.subdomains >= SUBDOMAINS_FOR_A_TURN * ranks && ranges.every(({ first }) => partition.owned(partition.subdomainOf(first)).first === first);
}

/**
 * `matching` on the coarse grid. Where that is distributed its sweeps go from rank to rank, each over its own coarse steps: rank r of R has its turns when r/2R of the
 * application has passed, and when all but (r + 1)/2R has; before each it advances the other work so far.
 */
export function coarseMatching(coarse: SpaceTimeDiscretization, kind: MatchingFactorKind): CoarseInverse {
  const { sweep } = matchingSweep(coarse, kind);
  const { rank, size } = coarse.communicator;
  return {
    apply(residual, correction, meanwhile) {
      meanwhile(rank / (2 * size));
      sweep.forward(residual, correction);
      meanwhile(1 - (rank + 1) / (2 * size));
      sweep.adjoint(correction);
    },
  };
}
