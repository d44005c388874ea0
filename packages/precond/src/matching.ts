import { wholeIntervalSweep, type MatchingPreconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";

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
  const { stateLayout, partition } = discretization;
  const range = { first: 1, last: partition.grid.steps };
  const rows = matchingRows({ grid: partition.grid, range, reactionRate: reactionRate(discretization), kind });
  const sweep = wholeIntervalSweep(discretization, ({ index }) => rows[index - 1]);
  return {
    size: stateLayout.length,
    stationary: true,
    symmetric: true,
    factor: rows,
    apply(residual, correction) {
      sweep.forward(residual, correction);
      sweep.adjoint(correction);
    },
  };
}
