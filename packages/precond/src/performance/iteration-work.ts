import { costAt, costInLanes, type SolveCosts } from "../planner/solve-costs.js";
import { fullSpaceExcess, type MethodCurves } from "../planner/predict-time.js";
import { ownedSteps, sweptSteps, type DistributedLevel, type DistributedSolve } from "./distributed-solve.js";

/** Seconds of computing along the critical path, by what they wait for. */
export interface Work {
  /** Shared by the ranks: the steps of the slowest one. */
  readonly parallel: number;
  /** Coarse grids: decomposed ones on the slowest rank, and the one that every rank sweeps as a whole. */
  readonly coarse: number;
  /** Sweeps that go from rank to rank. */
  readonly serial: number;
}

/** (TL.2) applies S once more. */
const RESTRICTED_EXCESS = 8;
/** Part of an iteration with V-cycles that one of its two sweeps takes. */
const CYCLE_SWEEP = 0.4;
/** Part of an iteration with other solves that its two sweeps take in lanes. */
const LANE_SWEEPS = 0.55;

/** Nanoseconds an entry of the parts of an iteration. */
export interface EntryCosts {
  /** All of an iteration, without overlap and coarse grids. */
  readonly iteration: number;
  /** The two sweeps in it, subdomains side by side in lanes. */
  readonly localSweeps: number;
  /** One sweep of the preconditioner, one state at a time. */
  readonly sweep: number;
  /** One exact time integration. */
  readonly integration: number;
}

/** Cosine transforms of a series in a solve in frequencies beside those of the iteration. */
export const TIME_TRANSFORMS = 4;

/** Nanoseconds an entry of a cosine transform of N steps. */
export function cosineTransformCost({ frequencies }: SolveCosts, { steps, dofs }: DistributedSolve): number {
  return (costAt(frequencies.transforms, dofs) * Math.log2(2 * steps)) / TIME_TRANSFORMS;
}

/** What the work of an iteration depends on beside its distribution. */
export interface WorkCosts {
  readonly curves: MethodCurves;
  readonly costs: SolveCosts;
  readonly iterations: number;
}

/** The costs with so many subdomains side by side in lanes. */
export function entryCosts(solve: DistributedSolve, { curves, costs, iterations }: WorkCosts, lanes: number): EntryCosts {
  const { formulation, combination, preconditioner, dofs } = solve;
  const { reduced, schur, windows } = curves;
  const decomposed = preconditioner === "one-level" || preconditioner === "two-level" || preconditioner === "multilevel";
  const iterationIn = (count: number): number => (preconditioner === "overlapping-matching" ? windows : schur.iteration).reduce((sum, [times, costs]) => sum + times * costInLanes(costs, dofs, count), 0);
  const inFullSpace = formulation === "full-space";
  const transformed = preconditioner === "time-diagonalization" && inFullSpace ? 2 * cosineTransformCost(costs, solve) : 0;
  const restricted = decomposed && combination === "restricted" && !inFullSpace ? RESTRICTED_EXCESS : 0;
  const excess = transformed + restricted + (inFullSpace ? fullSpaceExcess(costs, dofs, iterations) : 0);
  const coupled = preconditioner === "time-diagonalization" && !inFullSpace ? frequencyShare(costs, dofs) : 1;
  const integration = costAt(reduced.iteration, dofs) / 2;
  const byCycles = schur.iteration.length > 1;
  return {
    iteration: coupled * iterationIn(lanes) + excess,
    localSweeps: (byCycles ? 2 * CYCLE_SWEEP : LANE_SWEEPS) * iterationIn(lanes),
    sweep: byCycles ? CYCLE_SWEEP * iterationIn(1) : integration,
    integration,
  };
}

/** An iteration in frequencies over one in steps, both measured with Cholesky in 2-D. */
function frequencyShare({ frequencies, grids }: SolveCosts, dofs: number): number {
  return costAt(frequencies.iteration, dofs) / costAt(grids[1].cholesky.schur.iteration.eight, dofs);
}

/** What one iteration computes on the ranks of these levels (PERF.1). */
export function iterationWork(solve: DistributedSolve, levels: readonly DistributedLevel[], costs: WorkCosts): Work {
  const { dofs, formulation, preconditioner, steps } = solve;
  const [finest, ...coarser] = levels;
  const ranks = finest.owners;
  const perStep = 1e-9 * dofs;
  const whole = preconditioner === "matching" || preconditioner === "none";
  const lanes = whole ? 1 : Math.max(1, Math.floor(solve.subdomains / ranks));
  const { iteration, localSweeps, sweep, integration } = entryCosts(solve, costs, lanes);
  if (formulation === "reduced") return { parallel: 0, coarse: 0, serial: perStep * steps * 2 * integration };
  const owned = ownedSteps(finest);
  if (preconditioner === "matching" && ranks > 1) {
    const shared = Math.max(0, entryCosts(solve, costs, 8).iteration - 2 * sweep);
    return { parallel: perStep * owned * shared, coarse: 0, serial: perStep * steps * 2 * sweep };
  }
  // A window begins early, but does not go on.
  const sides = preconditioner === "overlapping-matching" ? 0.5 : 1;
  const overlapped = whole || preconditioner === "time-diagonalization" ? 0 : sides * (sweptSteps(finest) - owned);
  const local = perStep * (owned + overlapped) * localSweeps;
  return {
    parallel: perStep * (owned * iteration + overlapped * localSweeps),
    coarse: coarser.reduce((sum, level) => sum + coarseSeconds(level, perStep * 2 * sweep, local), 0),
    serial: cutSweeps(finest) * perStep * 2 * sweep,
  };
}

/** A rank's share of the steps of the level. Where its sweeps pass through the ranks, all the others' shares too, as far as they take longer than the local solves. */
function coarseSeconds(level: DistributedLevel, perStep: number, localSeconds: number): number {
  const own = perStep * sweptSteps(level);
  return level.ranges && level.subdomains === 1 ? Math.max(own, perStep * level.steps - localSeconds) : own;
}

/** Steps of subdomains that ranks sweep one after another where there are more ranks than subdomains, beyond a rank's own. */
function cutSweeps(finest: DistributedLevel): number {
  const ranks = finest.owners;
  return ranks <= finest.subdomains ? 0 : Math.ceil(finest.steps / finest.subdomains) - ownedSteps(finest);
}
