import { costAt, costInLanes } from "../planner/solve-costs.js";
import type { MethodCurves } from "../planner/predict-time.js";
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

/** What a full-space iteration takes more than one on S, nanoseconds an entry: K, the block elimination, and the orthogonalisation of three fields. */
const FULL_SPACE_EXCESS = 60;
/** (TL.2) applies S once more. */
const RESTRICTED_EXCESS = 8;
/** The coupling of all frequencies, a sum over a binary tree (DIA.3). */
const COUPLING = 4;
/** A cosine transform along time, for each doubling of its length. */
const COSINE_TRANSFORM = 15;
/** Part of an iteration with V-cycles that one of its two sweeps takes. */
const CYCLE_SWEEP = 0.4;

/** Nanoseconds an entry of the parts of an iteration. */
export interface EntryCosts {
  /** All of an iteration, without overlap and coarse grids. */
  readonly iteration: number;
  /** One sweep of the preconditioner, one state at a time. */
  readonly sweep: number;
  /** One exact time integration. */
  readonly integration: number;
}

/** Nanoseconds an entry of a cosine transform of N steps. */
export function cosineTransformCost(steps: number): number {
  return COSINE_TRANSFORM * Math.log2(2 * steps);
}

/** The costs with so many subdomains side by side in lanes. */
export function entryCosts({ formulation, combination, preconditioner, dofs, steps }: DistributedSolve, curves: MethodCurves, lanes: number): EntryCosts {
  const { reduced, schur } = curves;
  const decomposed = preconditioner === "one-level" || preconditioner === "two-level" || preconditioner === "multilevel";
  const iterationIn = (count: number): number => schur.iteration.reduce((sum, [times, costs]) => sum + times * costInLanes(costs, dofs, count), 0);
  const inFrequencies = formulation === "full-space" ? 2 * cosineTransformCost(steps) : COUPLING;
  const excess =
    (formulation === "full-space" ? FULL_SPACE_EXCESS : 0) + (decomposed && combination === "restricted" ? RESTRICTED_EXCESS : 0) + (preconditioner === "time-diagonalization" ? inFrequencies : 0);
  const integration = costAt(reduced.iteration, dofs) / 2;
  return { iteration: iterationIn(lanes) + excess, sweep: schur.iteration.length > 1 ? CYCLE_SWEEP * iterationIn(1) : integration, integration };
}

/** What one iteration computes on the ranks of these levels (PERF.1). */
export function iterationWork(solve: DistributedSolve, levels: readonly DistributedLevel[], curves: MethodCurves): Work {
  const { dofs, formulation, preconditioner, steps } = solve;
  const [finest, ...coarser] = levels;
  const ranks = finest.owners;
  const perStep = 1e-9 * dofs;
  const whole = preconditioner === "matching" || preconditioner === "none";
  const lanes = whole ? 1 : Math.max(1, Math.floor(solve.subdomains / ranks));
  const { iteration, sweep, integration } = entryCosts(solve, curves, lanes);
  if (formulation === "reduced") return { parallel: 0, coarse: 0, serial: perStep * steps * 2 * integration };
  const owned = ownedSteps(finest);
  if (preconditioner === "matching" && ranks > 1) {
    const shared = Math.max(0, entryCosts(solve, curves, 8).iteration - 2 * sweep);
    return { parallel: perStep * owned * shared, coarse: 0, serial: perStep * steps * 2 * sweep };
  }
  // A window begins early, but does not go on.
  const sides = preconditioner === "overlapping-matching" ? 0.5 : 1;
  const overlapped = whole || preconditioner === "time-diagonalization" ? 0 : sides * (sweptSteps(finest) - owned);
  return {
    parallel: perStep * (owned * iteration + overlapped * 2 * sweep),
    coarse: perStep * 2 * sweep * coarser.reduce((sum, level) => sum + sweptSteps(level), 0),
    serial: cutSweeps(finest) * perStep * 2 * sweep,
  };
}

/** Steps of subdomains that ranks sweep one after another where there are more ranks than subdomains, beyond a rank's own. */
function cutSweeps(finest: DistributedLevel): number {
  const ranks = finest.owners;
  return ranks <= finest.subdomains ? 0 : Math.ceil(finest.steps / finest.subdomains) - ownedSteps(finest);
}
