import { pipelinedSweep, type LaneContinuation } from "../integrators/pipelined-sweep.js";
import type { SweepLane } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { LaneGroup } from "../space-time/space-time-layout.js";
import type { StepRange, TimePartition } from "../time/time-partition.js";
import { timeSlices } from "../time/time-slices.js";
import { integrationRow, intervalSweep } from "./time-integration.js";

/** Intervals are estimated by themselves where at most this is left at their ends of what enters them. */
export const FORGOTTEN_BY_SUBDOMAINS = 0.25;
/** Solves that tell how fast a constant state decays. */
const PROBING_STEPS = 4;

/**
 * x ← J⁻¹ x but for what enters an interval from the one before it (KKT.4), for estimates: the subdomains, all at once in lanes, where they forget what enters them,
 * otherwise as many intervals of equally many subdomains as do, each in one lane. N spatial solves. `undefined` where there are no two such intervals.
 *
 * On ranks an interval that is cut is handed on, one state a cut; others need no message. Storage: that of the sweeps; while it is set up five states.
 */
export function subdomainIntegration(discretization: SpaceTimeDiscretization): IntervalIntegration | undefined {
  const intervals = forgettingIntervals(discretization);
  if (intervals.length < 2) return undefined;
  const integrate = intervals.length === discretization.partition.subdomains ? inLanes(discretization) : intervalSweep(discretization, intervals, integrationRow).forward;
  return { integrate, independent: areUncut(discretization, intervals) };
}

/** x ← J⁻¹ x interval by interval. */
export interface IntervalIntegration {
  readonly integrate: (x: Float64Array) => void;
  /** Whether no rank cuts an interval, so that none waits for another one. */
  readonly independent: boolean;
}

/** Each rank's first step is that of an interval. */
function areUncut({ partition, communicator }: SpaceTimeDiscretization, intervals: readonly StepRange[]): boolean {
  const beginnings = new Set(intervals.map(({ first }) => first));
  const slices = timeSlices(partition, communicator.size);
  return Array.from({ length: communicator.size }, (_, rank) => slices.ownedBy(rank).first).every((first) => beginnings.has(first));
}

/** Each subdomain in a lane of its own. */
function inLanes(discretization: SpaceTimeDiscretization): (x: Float64Array) => void {
  const { stateLayout: { groups, dofs, partition }, communicator, arena } = discretization;
  const sweeps = groups.map((group) => {
    const sweep = sweepOver(discretization, lanesOf(discretization, group));
    return pipelinedSweep(sweep, cutsOf(partition, group), { communicator, arena, stateSize: dofs });
  });
  return (x) => {
    for (let g = sweeps.length - 1; g >= 0; g--) sweeps[g].forward(x);
  };
}

/** Whether the subdomain at the beginning, and that at the end of a group goes on on another rank. */
function cutsOf(partition: TimePartition, { ranges }: LaneGroup): LaneContinuation {
  const [{ first }, { last }] = [ranges[0], ranges[ranges.length - 1]];
  const whole = (step: number): StepRange => partition.owned(partition.subdomainOf(step));
  return { fromPrevious: first > whole(first).first, toNext: last < whole(last).last };
}

function lanesOf({ stateLayout: layout, partition: { grid } }: SpaceTimeDiscretization, { ranges, rows }: LaneGroup): SweepLane[] {
  return ranges.map(({ first, last }) => {
    const steps = Array.from({ length: last - first + 1 }, (_, k) => first + k);
    return {
      rows: Array.from({ length: rows }, (_, k) => (k < steps.length ? integrationRow(grid.step(steps[k])) : undefined)),
      offsets: steps.map((n) => layout.offsetOf(n)),
      strides: steps.map((n) => layout.strideOf(n)),
    };
  });
}

/** Most intervals of equally many subdomains that all forget what enters them; a single one where none do. */
function forgettingIntervals(discretization: SpaceTimeDiscretization): StepRange[] {
  const { partition } = discretization;
  const rate = partition.subdomains === 1 ? 0 : discretization.integrator.slowestDecay || probedDecay(discretization);
  for (let intervals = partition.subdomains; intervals > 1; intervals--) {
    if (partition.subdomains % intervals !== 0) continue;
    const ranges = intervalsOf(partition, intervals);
    if (ranges.every((range) => memoryOf(partition, range, rate) <= FORGOTTEN_BY_SUBDOMAINS)) return ranges;
  }
  return intervalsOf(partition, 1);
}

function intervalsOf(partition: TimePartition, intervals: number): StepRange[] {
  const each = partition.subdomains / intervals;
  return Array.from({ length: intervals }, (_, i) => ({ first: partition.owned(i * each).first, last: partition.owned((i + 1) * each - 1).last }));
}

/** What is left at the end of an interval of the slowest state that enters it: Πₙ 1/(1 + τₙµ). */
function memoryOf({ grid }: TimePartition, { first, last }: StepRange, rate: number): number {
  let left = 1;
  for (let n = first; n <= last; n++) left /= 1 + grid.step(n).size * rate;
  return left;
}

/** Where the integrator does not say it: µ of the slowest mode but for what a few steps of a constant state see of others, ‖uₖ₋₁‖/‖uₖ‖ = 1 + τµ. */
function probedDecay(discretization: SpaceTimeDiscretization): number {
  const { arena, partition, stateLayout: { dofs } } = discretization;
  const step = partition.grid.step(1);
  const states = Array.from({ length: PROBING_STEPS }, (_, k) => k);
  const lane = { rows: states.map(() => integrationRow(step)), offsets: states.map((k) => k * dofs), strides: states.map(() => 1), alone: true };
  const x = arena.allocate(PROBING_STEPS * dofs);
  sweepOver(discretization, [lane]).forward(x, x, { entering: arena.allocate(dofs).fill(1) });
  const norm = (k: number): number => Math.sqrt(x.subarray(k * dofs, (k + 1) * dofs).reduce((sum, value) => sum + value * value, 0));
  return (norm(PROBING_STEPS - 2) / norm(PROBING_STEPS - 1) - 1) / step.size;
}
