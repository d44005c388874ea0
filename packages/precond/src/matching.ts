import { requireArgument, sweepOver, type MatchingPreconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { matchingRows, type MatchingFactorKind } from "./matching-factor.js";

/** |s|/√ω, so that c = τ|s|/√ω; (SCH.1) knows only c². */
export function reactionRate({ integrator, regularization }: SpaceTimeDiscretization): number {
  return Math.abs(integrator.controlScale) / Math.sqrt(regularization);
}

/**
 * Ŝ⁻¹ on the whole interval: one forward and one adjoint time integration with a reaction term (SCH.3), (TAP.1).
 * spec(Ŝ⁻¹S) ⊂ [½, 1] for every step size, mesh, diffusivity and regularization, but sequential in time.
 *
 * 2N spatial solves. Storage: four states. Errors: `InvalidArgumentError` on more than one rank.
 */
export function matching(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): MatchingPreconditioner {
  const { stateLayout, partition, communicator } = discretization;
  requireArgument(communicator.size === 1, () => ({
    what: "number of ranks",
    where: "matching",
    expected: "1, because a sweep over the whole interval is sequential in time",
    got: String(communicator.size),
  }));
  const { first, last } = stateLayout.steps;
  const rows = matchingRows({ grid: partition.grid, range: { first, last }, reactionRate: reactionRate(discretization), kind });
  const lane = {
    rows,
    offsets: rows.map(({ step }) => stateLayout.offsetOf(step.index)),
    strides: rows.map(({ step }) => stateLayout.strideOf(step.index)),
  };
  const sweep = sweepOver(discretization, [lane]);
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
