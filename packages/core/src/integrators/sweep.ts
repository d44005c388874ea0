import type { TimeStep } from "../time/time-step.js";

/** One row of a sweep: a step of the integrator with a reaction, coupled to its neighbours with factors (TAP.2), (TAP.4). */
export interface SweepRow {
  readonly step: TimeStep;
  /** ρₖ in 1/time; row k uses Lₖ of `withReaction(ρₖ)`. */
  readonly reaction: number;
  /** Factor on the right-hand side of both sweeps; of the forward one alone where `adjointScale` is given. */
  readonly scale: number;
  readonly adjointScale?: number;
  /** Factor on the previous row in the forward sweep. */
  readonly coupling: number;
  /** Factor on the next row in the adjoint sweep. */
  readonly adjointCoupling: number;
}

/** The rows of one lane and where their states lie: dof j of row k at offsets[k] + j · strides[k]. A missing row is padding: zeros, and zeros it stays. */
export interface SweepLane {
  readonly rows: readonly (SweepRow | undefined)[];
  readonly offsets: ArrayLike<number>;
  readonly strides: ArrayLike<number>;
  /** The sweep's only lane on any number of ranks. */
  readonly alone?: boolean;
}

/**
 * What crosses the ends of the one lane of a sweep whose rows go on elsewhere: the state that the row before the first one (in the direction
 * of the sweep) hands on, and room for the state that the last one does. May be the same vector. A missing one: the lane begins, or ends, here.
 */
export interface SweepEnds {
  readonly entering?: Float64Array | undefined;
  readonly leaving?: Float64Array | undefined;
}

/**
 * Forward and adjoint time integration over lanes that do not depend on each other; the forward one from x to `out`, by default x itself:
 *
 *     forward:  yₖ ← Lₖ⁻¹ (κₖ Rₖ yₖ₋₁ + σₖ rₖ),   k ascending, y₀ = 0
 *     adjoint:  xₖ ← Lₖ⁻ᵀ (κ'ₖ Rₖ₊₁ᵀ xₖ₊₁ + σₖ yₖ),   k descending, x beyond the last row = 0
 *
 * With κ'ₖ = κₖ₊₁ σₖ/σₖ₊₁ the adjoint sweep is the exact transpose of the forward one. Cost: one spatial solve a row and sweep.
 */
export interface Sweep {
  forward(x: Float64Array, out?: Float64Array, ends?: SweepEnds): void;
  adjoint(x: Float64Array, ends?: SweepEnds): void;
}
