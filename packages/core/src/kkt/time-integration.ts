import { requireArgument } from "../errors.js";
import type { Sweep, SweepLane, SweepRow } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import type { TimeStep } from "../time/time-step.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";

/**
 * Solves with J and Jᵀ: the sweep without reaction over steps 1 … N, sequential in time. N spatial solves each way. Storage: four states.
 *
 * Errors: `InvalidArgumentError` on more than one rank.
 */
export function timeIntegration(discretization: SpaceTimeDiscretization): Sweep {
  return wholeIntervalSweep(discretization, () => ({ scale: 1 }));
}

/** The same with the right-hand sides of each step scaled. */
export function wholeIntervalSweep(discretization: SpaceTimeDiscretization, scales: (step: TimeStep) => Pick<SweepRow, "scale" | "adjointScale">): Sweep {
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
    rows: steps.map((n) => {
      const step = stateLayout.partition.grid.step(n);
      return { step, reaction: 0, coupling: 1, adjointCoupling: 1, ...scales(step) };
    }),
    offsets: steps.map((n) => stateLayout.offsetOf(n)),
    strides: steps.map((n) => stateLayout.strideOf(n)),
  };
  return sweepOver(discretization, [lane]);
}
