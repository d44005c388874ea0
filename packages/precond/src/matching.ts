import { wholeIntervalSweep, type MatchingPreconditioner, type SpaceTimeDiscretization, type Sweep, type SweepRow } from "@parakkt/core";
import { matchingRows, requireMatchingFactor, type MatchingFactorKind } from "./matching-factor.js";

/** |s|/√ω, so that c = τ|s|/√ω; (SCH.1) knows only c². */
export function reactionRate({ integrator, regularization }: SpaceTimeDiscretization): number {
  return Math.abs(integrator.controlScale) / Math.sqrt(regularization);
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
  const rows = matchingRows({ grid, range: { first: 1, last: grid.steps }, reactionRate: reactionRate(discretization), kind });
  return { sweep: wholeIntervalSweep(discretization, ({ index }) => rows[index - 1]), rows };
}
