import { pipelinedSweep } from "../integrators/pipelined-sweep.js";
import type { Sweep, SweepRow } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import type { TimeStep } from "../time/time-step.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";

/**
 * Solves with J and Jᵀ: the sweep without reaction over steps 1 … N, sequential in time and pipelined through the ranks. N spatial solves
 * each way, one state from rank to rank. Storage: five states.
 */
export function timeIntegration(discretization: SpaceTimeDiscretization): Sweep {
  return wholeIntervalSweep(discretization, (step) => ({ step, reaction: 0, scale: 1, coupling: 1, adjointCoupling: 1 }));
}

/** A sweep over all steps 1 … N in one lane, with the row of each step. */
export function wholeIntervalSweep(discretization: SpaceTimeDiscretization, rowOf: (step: TimeStep) => SweepRow): Sweep {
  const { stateLayout, communicator, arena } = discretization;
  const { grid } = stateLayout.partition;
  const { first, last } = stateLayout.steps;
  const steps = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const lane = {
    rows: steps.map((n) => rowOf(grid.step(n))),
    offsets: steps.map((n) => stateLayout.offsetOf(n)),
    strides: steps.map((n) => stateLayout.strideOf(n)),
    alone: true,
  };
  const continuation = { fromPrevious: first > 1, toNext: last < grid.steps };
  return pipelinedSweep(sweepOver(discretization, [lane]), continuation, { communicator, arena, stateSize: stateLayout.dofs });
}
