import { pipelinedSweep } from "../integrators/pipelined-sweep.js";
import type { Sweep, SweepRow } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import { laneSeparation, type LaneSeparation } from "../space-time/lane-separation.js";
import type { StepRange } from "../time/time-partition.js";
import type { TimeStep } from "../time/time-step.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";

/**
 * Solves with J and Jᵀ: the sweep without reaction over steps 1 … N, sequential in time and pipelined through the ranks. N spatial solves
 * each way, one state from rank to rank. Storage: that of `wholeIntervalSweep`.
 */
export function timeIntegration(discretization: SpaceTimeDiscretization): Sweep {
  return wholeIntervalSweep(discretization, integrationRow);
}

/** A row of J. */
export function integrationRow(step: TimeStep): SweepRow {
  return { step, reaction: 0, scale: 1, coupling: 1, adjointCoupling: 1 };
}

/** A sweep over all steps 1 … N in one lane, with the row of each step. Storage: a row of the widest lane group and a state; without lanes five states. */
export function wholeIntervalSweep(discretization: SpaceTimeDiscretization, rowOf: (step: TimeStep) => SweepRow): Sweep {
  return intervalSweep(discretization, [{ first: 1, last: discretization.partition.grid.steps }], rowOf);
}

/**
 * A sweep over intervals that make up 1 … N, each in one lane and by itself: nothing enters one from another, and what enters the first one is up to the caller.
 * An interval that ranks cut is pipelined through them. Storage: that of `wholeIntervalSweep`.
 */
export function intervalSweep(discretization: SpaceTimeDiscretization, intervals: readonly StepRange[], rowOf: (step: TimeStep) => SweepRow): Sweep {
  const { stateLayout, arena, lanes } = discretization;
  const separation = lanes && stateLayout.groups.some((group) => group.lanes > 1) ? laneSeparation(stateLayout, lanes.vectors, arena) : undefined;
  const { first, last } = stateLayout.steps;
  const here = intervals.filter((interval) => interval.last >= first && interval.first <= last);
  const sweep = oneByOne(here.map((interval) => sweepOnRank(discretization, interval, { rowOf, separation })));
  return separation ? separatedSweep(sweep, separation) : sweep;
}

/** The part of an interval that the rank holds. */
function sweepOnRank(discretization: SpaceTimeDiscretization, interval: StepRange, { rowOf, separation }: { rowOf: (step: TimeStep) => SweepRow; separation: LaneSeparation | undefined }): Sweep {
  const { stateLayout, communicator, arena, partition } = discretization;
  const first = Math.max(interval.first, stateLayout.steps.first);
  const last = Math.min(interval.last, stateLayout.steps.last);
  const { offsetOf } = separation ?? stateLayout;
  const steps = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const lane = {
    rows: steps.map((n) => rowOf(partition.grid.step(n))),
    offsets: steps.map((n) => offsetOf(n)),
    strides: steps.map((n) => (separation ? 1 : stateLayout.strideOf(n))),
    alone: true,
  };
  const continuation = { fromPrevious: first > interval.first, toNext: last < interval.last };
  return pipelinedSweep(sweepOver(discretization, [lane]), continuation, { communicator, arena, stateSize: stateLayout.dofs });
}

/** Sweeps over intervals in ascending order: those that other ranks wait for come first. */
function oneByOne(sweeps: readonly Sweep[]): Sweep {
  return {
    forward(x, out, ends) {
      for (let i = sweeps.length - 1; i >= 0; i--) sweeps[i].forward(x, out, i === 0 ? ends : undefined);
    },
    adjoint(x, ends) {
      sweeps.forEach((sweep, i) => sweep.adjoint(x, i === sweeps.length - 1 ? ends : undefined));
    },
  };
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
