import type { LaneGroup, SpaceTimeDiscretization, SweepRow } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";
import { reactionRate } from "./matching.js";

/** G and Gᵀ of (WIN.1); a window is a subdomain with the δ steps before it. */
export interface WindowSweeps {
  /** y ← G r. One exchange of δ states. */
  forward(r: Float64Array, y: Float64Array): void;
  /** y ← G r; returns ⟨y, y⟩. */
  forwardProduct?(r: Float64Array, y: Float64Array): number;
  /** y ← Gᵀ y, but for what is left in the steps of the previous rank. */
  adjoint(y: Float64Array): void;
}

/** The rows of F in each lane's window: row k belongs to step k − δ of the subdomain, counted from 0, and is `undefined` where there is no such step. */
export function windowRows(discretization: SpaceTimeDiscretization, group: LaneGroup, kind: MatchingFactorKind): (SweepRow | undefined)[][] {
  const { grid, overlap } = discretization.partition;
  const rows = matchingRows({ grid, range: { first: 1, last: grid.steps }, reactionRate: reactionRate(discretization), kind });
  return group.ranges.map(({ first, last }) => {
    return Array.from({ length: overlap + group.rows }, (_, k) => (first - overlap + k <= last ? rows[first - overlap + k - 1] : undefined));
  });
}
