import { pipelinedSweep } from "../integrators/pipelined-sweep.js";
import type { Sweep, SweepRow } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import { laneSeparation, type LaneSeparation } from "../space-time/lane-separation.js";
import type { TimeStep } from "../time/time-step.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";

/**
 * Solves with J and Jᵀ: the sweep without reaction over steps 1 … N, sequential in time and pipelined through the ranks. N spatial solves
 * each way, one state from rank to rank. Storage: that of `wholeIntervalSweep`.
 */
export function timeIntegration(discretization: SpaceTimeDiscretization): Sweep {
  return wholeIntervalSweep(discretization, (step) => ({ step, reaction: 0, scale: 1, coupling: 1, adjointCoupling: 1 }));
}

/** A sweep over all steps 1 … N in one lane, with the row of each step. Storage: a row of the widest lane group and a state; without lanes five states. */
export function wholeIntervalSweep(discretization: SpaceTimeDiscretization, rowOf: (step: TimeStep) => SweepRow): Sweep {
  const { stateLayout, communicator, arena, lanes } = discretization;
  const { grid } = stateLayout.partition;
  const { first, last } = stateLayout.steps;
  const steps = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const separation = lanes && stateLayout.groups.some((group) => group.lanes > 1) ? laneSeparation(stateLayout, lanes.vectors, arena) : undefined;
  const { offsetOf } = separation ?? stateLayout;
  const lane = {
    rows: steps.map((n) => rowOf(grid.step(n))),
    offsets: steps.map((n) => offsetOf(n)),
    strides: steps.map((n) => (separation ? 1 : stateLayout.strideOf(n))),
    alone: true,
  };
  const sweep = sweepOver(discretization, [lane]);
  const continuation = { fromPrevious: first > 1, toNext: last < grid.steps };
  return pipelinedSweep(separation ? separatedSweep(sweep, separation) : sweep, continuation, { communicator, arena, stateSize: stateLayout.dofs });
}

/** The sweep on separated lanes. */
function separatedSweep(sweep: Sweep, { separate, join }: LaneSeparation): Sweep {
  return {
    forward(x, out = x, ends) {
      separate(x, out);
      sweep.forward(out, out, ends);
      join(out);
    },
    adjoint(x, ends) {
      separate(x, x);
      sweep.adjoint(x, ends);
      join(x);
    },
  };
}
