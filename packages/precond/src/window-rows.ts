import type { DirectionMove, LaneGroup, SpaceTimeDiscretization, SweepRow } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";
import { reactionRate } from "./matching.js";

/** Where the rows of M⁻¹r go: p ← M⁻¹r, with `move` x ← x + a p and p ← M⁻¹r + b p. */
export interface Direction {
  readonly p: Float64Array;
  readonly move?: DirectionMove | undefined;
}

/** G and Gᵀ of (WIN.1); a window is a subdomain with the δ steps before it. */
export interface WindowSweeps {
  /** y ← G r, in a form that `adjoint` reads. One exchange of δ states. */
  forward(r: Float64Array, y: Float64Array): void;
  /** y ← G r; returns ⟨G r, G r⟩. */
  forwardProduct?(r: Float64Array, y: Float64Array): number;
  /** y ← Gᵀ y, but for what is left in the steps of the previous rank. With a direction, which needs `finishRows`, rows that are complete go there and not to y. */
  adjoint(y: Float64Array, direction?: Direction): void;
  /** The rest of the rows of y, complete by now, goes to the direction. */
  finishRows?(y: Float64Array, direction: Direction): void;
}

/** The rows of F in each lane's window: row k belongs to step k − δ of the subdomain, counted from 0, and is `undefined` where there is no such step. */
export function windowRows(discretization: SpaceTimeDiscretization, group: LaneGroup, kind: MatchingFactorKind): (SweepRow | undefined)[][] {
  const { grid, overlap } = discretization.partition;
  const rows = matchingRows({ grid, range: { first: 1, last: grid.steps }, reactionRate: reactionRate(discretization, kind), kind });
  return group.ranges.map(({ first, last }) => {
    return Array.from({ length: overlap + group.rows }, (_, k) => (first - overlap + k <= last ? rows[first - overlap + k - 1] : undefined));
  });
}
