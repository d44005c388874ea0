import { pipelinedSweep, type LaneContinuation } from "../integrators/pipelined-sweep.js";
import type { SweepLane, SweepRow } from "../integrators/sweep.js";
import { sweepOver } from "../integrators/sweep-over.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { LaneGroup } from "../space-time/space-time-layout.js";
import type { StepRange, TimePartition } from "../time/time-partition.js";
import type { TimeStep } from "../time/time-step.js";

/** Subdomains are estimated by themselves where at most this is left at their ends of what enters them. */
export const FORGOTTEN_BY_SUBDOMAINS = 0.25;
/** Solves that tell how fast a constant state decays. */
const PROBING_STEPS = 4;

/**
 * x ← J⁻¹ x but for what enters a subdomain from the one before it (KKT.4), for estimates: all subdomains at once in lanes, N spatial solves.
 * `undefined` where that would leave out too much: on one subdomain, or where a subdomain is shorter than what decays in it.
 *
 * On ranks a subdomain that is cut is handed on, one state a cut; others need no message. Storage: that of the sweeps; while it is set up five states.
 */
export function subdomainIntegration(discretization: SpaceTimeDiscretization): ((x: Float64Array) => void) | undefined {
  if (largestMemory(discretization) > FORGOTTEN_BY_SUBDOMAINS) return undefined;
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

const rowOf = (step: TimeStep): SweepRow => ({ step, reaction: 0, scale: 1, coupling: 1, adjointCoupling: 1 });

function lanesOf({ stateLayout: layout, partition: { grid } }: SpaceTimeDiscretization, { ranges, rows }: LaneGroup): SweepLane[] {
  return ranges.map(({ first, last }) => {
    const steps = Array.from({ length: last - first + 1 }, (_, k) => first + k);
    return {
      rows: Array.from({ length: rows }, (_, k) => (k < steps.length ? rowOf(grid.step(steps[k])) : undefined)),
      offsets: steps.map((n) => layout.offsetOf(n)),
      strides: steps.map((n) => layout.strideOf(n)),
    };
  });
}

/** What is left at the end of a subdomain of the slowest state that enters it, the largest one over all subdomains: Πₙ 1/(1 + τₙµ), 1 for a single subdomain. */
function largestMemory(discretization: SpaceTimeDiscretization): number {
  const { partition } = discretization;
  if (partition.subdomains === 1) return 1;
  const rate = discretization.integrator.slowestDecay || probedDecay(discretization);
  let largest = 0;
  for (let i = 0; i < partition.subdomains; i++) {
    const { first, last } = partition.owned(i);
    let left = 1;
    for (let n = first; n <= last; n++) left /= 1 + partition.grid.step(n).size * rate;
    largest = Math.max(largest, left);
  }
  return largest;
}

/** Where the integrator does not say it: µ of the slowest mode but for what a few steps of a constant state see of others, ‖uₖ₋₁‖/‖uₖ‖ = 1 + τµ. */
function probedDecay(discretization: SpaceTimeDiscretization): number {
  const { arena, partition, stateLayout: { dofs } } = discretization;
  const step = partition.grid.step(1);
  const states = Array.from({ length: PROBING_STEPS }, (_, k) => k);
  const lane = { rows: states.map(() => rowOf(step)), offsets: states.map((k) => k * dofs), strides: states.map(() => 1), alone: true };
  const x = arena.allocate(PROBING_STEPS * dofs);
  sweepOver(discretization, [lane]).forward(x, x, { entering: arena.allocate(dofs).fill(1) });
  const norm = (k: number): number => Math.sqrt(x.subarray(k * dofs, (k + 1) * dofs).reduce((sum, value) => sum + value * value, 0));
  return (norm(PROBING_STEPS - 2) / norm(PROBING_STEPS - 1) - 1) / step.size;
}
