import { FORGOTTEN_BY_SUBDOMAINS } from "@parakkt/core";
import { measuredCosts } from "../planner/measured-costs.js";
import { completeFacts, type CompleteFacts, type PlanFacts } from "../planner/plan-facts.js";
import { MEASURED_CANDIDATES, methodCurves, setUpSeconds, withTransforms } from "../planner/predict-time.js";
import { reducedIterations, smallestEigenvalue } from "../planner/reduced-iterations.js";
import { schurIterations } from "../planner/schur-iterations.js";
import type { SpatialSolverChoice } from "../planner/solve-choice.js";
import { costAt, type SolveCosts } from "../planner/solve-costs.js";
import { distributedLevels, ownedSteps, type DistributedLevel, type DistributedSolve } from "./distributed-solve.js";
import { iterationCommunication } from "./iteration-communication.js";
import { cosineTransformCost, entryCosts, iterationWork, TIME_TRANSFORMS, type EntryCosts, type Work } from "./iteration-work.js";
import { communicationSeconds, type Communication, type Network } from "./network.js";

/** A way of solving on ranks: how it is distributed, and how it solves in space. */
export interface RankedSolve {
  readonly distributed: DistributedSolve;
  readonly spatialSolver: SpatialSolverChoice;
  /** Where it is known; otherwise predicted. */
  readonly iterations?: number;
}

/** What a predicted time waits for. */
export type Limit = "compute" | "coarse level" | "serial sweep" | "latency" | "bandwidth" | "set-up";

/** Predicted seconds of a solve on so many ranks. */
export interface RankPrediction {
  readonly ranks: number;
  readonly iterations: number;
  readonly seconds: number;
  /** Seconds of one iteration. */
  readonly iteration: number;
  readonly parts: Readonly<Record<Limit, number>>;
  /** The largest part. */
  readonly limit: Limit;
}

/** What the prediction rests on. */
export interface Machine {
  readonly network: Network;
  readonly costs?: SolveCosts;
}

/**
 * Predicted time of a solve on so many ranks (PERF.3): measured costs of computing, counted messages, and the network's numbers. A pure function. Errors:
 * `InvalidArgumentError` for more ranks than steps.
 */
export function predictOnRanks(given: PlanFacts, solve: RankedSolve, ranks: number, { network, costs = measuredCosts }: Machine): RankPrediction {
  const facts = completeFacts(given);
  const { distributed, spatialSolver } = solve;
  const iterations = solve.iterations ?? predictedIterations(facts, solve);
  const choice = { formulation: distributed.formulation, preconditioner: { kind: distributed.preconditioner, subdomains: distributed.subdomains }, spatialSolver };
  const curves = methodCurves(choice, facts, costs);
  const levels = distributedLevels(distributed, ranks);
  const work = iterationWork(distributed, levels, { curves, costs, iterations });
  const messages = messageSeconds(iterationCommunication(distributed, ranks, levels), network);
  const outside = outsideWork(facts, solve, levels[0], costs);
  const compute = iterations * work.parallel + outside.parallel + DATA * distributed.dofs * ownedSteps(levels[0]);
  const parts: Record<Limit, number> = {
    compute,
    "coarse level": iterations * work.coarse,
    "serial sweep": iterations * work.serial + outside.serial,
    latency: iterations * messages.latency,
    bandwidth: iterations * messages.bandwidth + outside.transposed / network.bandwidth,
    "set-up": costs.start + (ranks === 1 ? PROGRAM_START.alone : PROGRAM_START.together + compiling(compute)) + setUpSeconds(choice, facts, costs),
  };
  const limit = (Object.keys(parts) as Limit[]).reduce((largest, name) => (parts[name] > parts[largest] ? name : largest));
  const seconds = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { ranks, iterations, seconds, iteration: work.parallel + work.coarse + work.serial + messages.latency + messages.bandwidth, parts, limit };
}

function predictedIterations(facts: CompleteFacts, { distributed, spatialSolver }: RankedSolve): number {
  const { formulation, preconditioner, subdomains } = distributed;
  if (formulation === "direct") return 0;
  if (formulation === "reduced") return reducedIterations(facts);
  return schurIterations(facts, { preconditioner, subdomains, cycles: spatialSolver.cycles });
}

function messageSeconds(communications: readonly Communication[], network: Network): { latency: number; bandwidth: number } {
  return communications
    .map((communication) => communicationSeconds(network, communication))
    .reduce((sum, { latency, bandwidth }) => ({ latency: sum.latency + latency, bandwidth: sum.bandwidth + bandwidth }), { latency: 0, bandwidth: 0 });
}

/**
 * Seconds until the program of the command line computes at full speed, beyond the start that is in the costs, on one rank and on several, which start side by side:
 * the smallest solves take 0.13 s on one thread and 0.21 s on two.
 */
const PROGRAM_START = { alone: 0.1, together: 0.18 };
/** Ranks side by side lose so many seconds to the engine, which compiles for all of them on the same cores (docs/decisions/0024), but no more than a share of what they compute. */
const COMPILING = { seconds: 0.1, share: 0.25 };
const compiling = (compute: number): number => Math.min(COMPILING.seconds, COMPILING.share * compute);
/** Seconds an entry to evaluate a target formula, for the right-hand side and for the certificate: 20 ns each. */
const DATA = 2 * 20e-9;

/** Work outside of the iteration: data, right-hand side, recovery, certificate; and bytes that a rank sends to transpose. */
function outsideWork(facts: CompleteFacts, { distributed, spatialSolver }: RankedSolve, finest: DistributedLevel, costs: SolveCosts): Omit<Work, "coarse"> & { transposed: number } {
  const { formulation, preconditioner, dofs, steps } = distributed;
  const choice = { formulation, preconditioner: { kind: preconditioner }, spatialSolver };
  const curves = methodCurves(choice, facts, costs);
  const series = 1e-9 * dofs * steps;
  const ranks = finest.owners;
  const share = ownedSteps(finest) / steps;
  const whole = (rest: number): number => withTransforms(rest, choice, { facts, costs });
  if (formulation === "direct") return { parallel: share * series * whole(costAt(costs.direct, dofs)), serial: 0, transposed: transposedBytes(distributed, ranks, 2) };
  const entry = entryCosts(distributed, { curves, costs, iterations: 0 }, 1);
  const { integration } = entry;
  if (formulation === "reduced") return { parallel: share * series * Math.max(0, whole(costAt(curves.reduced.rest, dofs)) - 2 * integration), serial: series * 2 * integration, transposed: 0 };
  const { serial, parallel } = integrationsOutside(facts, { distributed, spatialSolver }, { ...entry, ranks });
  const transforms = preconditioner === "time-diagonalization" && formulation === "schur" ? TIME_TRANSFORMS : 0;
  const rest = whole(costAt(curves.schur.rest, dofs)) - integration + transforms * cosineTransformCost(costs, distributed);
  return { parallel: share * series * (Math.max(0, rest) + parallel), serial: series * serial, transposed: transposedBytes(distributed, ranks, 2 * transforms) };
}

/**
 * Nanoseconds an entry of the integrations of `schur` that recover the state and measure candidates, these with the V-cycles of the preconditioner: from rank to rank, and on all
 * ranks at the same time. Where ranks hold whole intervals, the measurement takes place while they would wait for the recovery.
 */
function integrationsOutside(facts: CompleteFacts, solve: RankedSolve, { integration, sweep, ranks }: EntryCosts & { ranks: number }): Record<"serial" | "parallel", number> {
  if (solve.distributed.formulation !== "schur") return { serial: 0, parallel: 0 };
  const measuring = MEASURED_CANDIDATES * (solve.spatialSolver.kind === "multigrid" ? sweep : integration);
  const intervals = measuredIntervals(facts, solve.distributed);
  if (ranks > intervals) return { serial: integration + measuring / intervals, parallel: 0 };
  const besideRecovery = ranks > 1 && intervals % ranks === 0;
  return { serial: integration, parallel: besideRecovery ? 0 : measuring };
}

/** Intervals in which candidates are measured by themselves (`subdomainIntegration`): as many of equally many subdomains as forget what enters them. */
function measuredIntervals(facts: CompleteFacts, { subdomains, steps }: DistributedSolve): number {
  const decay = 1 + (facts.duration / steps) * smallestEigenvalue(facts);
  const forgetting = (intervals: number): boolean => subdomains % intervals === 0 && decay ** -Math.floor(steps / intervals) <= FORGOTTEN_BY_SUBDOMAINS;
  for (let intervals = subdomains; intervals > 1; intervals--) if (forgetting(intervals)) return intervals;
  return 1;
}

/** Of so many all-to-alls. */
function transposedBytes({ steps, dofs }: DistributedSolve, ranks: number, times: number): number {
  return times * 8 * ((steps * dofs) / ranks) * (1 - 1 / ranks);
}
