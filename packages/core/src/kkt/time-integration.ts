import { requireArgument } from "../errors.js";
import type { SweepLane } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";

/** Solves with J and Jᵀ: one time integration over the whole interval, in place. Sequential in time. */
export interface TimeIntegration {
  /** x ← J⁻¹ x */
  forward(x: Float64Array): void;
  /** x ← J⁻ᵀ x */
  adjoint(x: Float64Array): void;
}

/**
 * The sweep without reaction over steps 1 … N. N spatial solves each way. Storage: four states.
 *
 * Errors: `InvalidArgumentError` on more than one rank.
 */
export function timeIntegration(discretization: SpaceTimeDiscretization): TimeIntegration {
  const { stateLayout, communicator } = discretization;
  requireArgument(communicator.size === 1, () => ({
    what: "number of ranks",
    where: "timeIntegration",
    expected: "1, because an integration over the whole interval is sequential in time",
    got: String(communicator.size),
    hint: "Use fullSpaceFormulation, which integrates over subdomains only.",
  }));
  const { first, last } = stateLayout.steps;
  const steps = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const lane: SweepLane = {
    rows: steps.map((n) => ({ step: stateLayout.partition.grid.step(n), reaction: 0, scale: 1, coupling: 1, adjointCoupling: 1 })),
    offsets: steps.map((n) => stateLayout.offsetOf(n)),
    strides: steps.map((n) => stateLayout.strideOf(n)),
  };
  return sweepOver(discretization, [lane]);
}
