import { wholeIntervalSweep, type MatchingPreconditioner, type SpaceTimeDiscretization, type Sweep, type SweepRow } from "@parakkt/core";
import { matchingRows, requireMatchingFactor, type MatchingFactorKind } from "./matching-factor.js";

/** ρ of the matching's c = τρ for an integrator, in 1/time; `classical` matching is that of the literature (SCH.3), which knows no µ₀. */
export function reactionRate({ integrator: { controlScale, slowestDecay }, regularization }: SpaceTimeDiscretization, kind?: MatchingFactorKind): number {
  return reactionOf(Math.abs(controlScale) / Math.sqrt(regularization), kind === "classical" ? 0 : slowestDecay);
}

/**
 * The slowest mode decays by µ₀ itself and comes to its target with the rate √(µ₀² + a²) under control, a = |s|/√ω; the matching adds one reaction to all modes and gives this one its due:
 *
 *     ρ + µ₀ = √(µ₀² + a²)        (RAT.1)
 *
 * Without a known µ₀ the classical ρ = a.
 */
export function reactionOf(control: number, slowestDecay = 0): number {
  if (control === 0) return 0;
  const quotient = slowestDecay / control;
  return control / (quotient + Math.hypot(quotient, 1));
}

/**
 * Ŝ⁻¹ on the whole interval: one forward and one adjoint time integration with a reaction term (SCH.3), (TAP.1).
 * spec(Ŝ⁻¹S) ⊂ [½, 1] for every step size, mesh, diffusivity and regularization, but sequential in time.
 *
 * 2N spatial solves; on several ranks the sweeps are pipelined, one state from rank to rank each way. Storage: five states.
 */
export function matching(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): MatchingPreconditioner {
  requireMatchingFactor(kind, "matching");
  const { sweep, rows } = matchingSweep(discretization, kind);
  return {
    size: discretization.stateLayout.length,
    stationary: true,
    symmetric: true,
    factor: rows,
    apply(residual, correction) {
      sweep.forward(residual, correction);
      sweep.adjoint(correction);
    },
  };
}

/** The two sweeps of Ŝ⁻¹ one by one, and the row of each step. */
export function matchingSweep(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): { readonly sweep: Sweep; readonly rows: readonly SweepRow[] } {
  const { grid } = discretization.partition;
  const rows = matchingRows({ grid, range: { first: 1, last: grid.steps }, reactionRate: reactionRate(discretization, kind), kind });
  return { sweep: wholeIntervalSweep(discretization, ({ index }) => rows[index - 1]), rows };
}
