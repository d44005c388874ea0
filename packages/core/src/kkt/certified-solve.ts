import { axpy } from "../linalg/vector-kernels.js";
import type { Arena } from "../linalg/arena.js";
import { norm } from "../linalg/vector-space.js";
import type { KrylovCounts, KrylovMethod, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
import type { Formulation } from "./formulation.js";
import type { KktSystem } from "./kkt-system.js";

/** A solve judged by the relative KKT residual, whatever was iterated on. */
export interface CertifiedResult {
  readonly reason: StopReason;
  readonly iterations: number;
  /** The method's own residual norms, rounds one behind the other. */
  readonly residualNorms: readonly number[];
  /** (KKT.2), recomputed from (u, z, λ). */
  readonly relativeResidual: number;
  /** Summed over the rounds. */
  readonly counts: KrylovCounts;
  /** Rounds after the first. */
  readonly refinements: number;
}

export interface CertifiedSolver {
  /** solution ← (u, z, λ) with K solution = kktRhs, from a zero initial guess. */
  solve(kktRhs: Float64Array, solution: Float64Array, criteria: StoppingCriteria): CertifiedResult;
}

/** A round that gains less than this factor has met the rounding floor. */
const LEAST_GAIN = 2;
/** Aim below the tolerance, so that one more round is enough. */
const SAFETY = 0.5;

/**
 * Iterative refinement by a Krylov method, until ‖r − K x‖/‖r‖ ≤ relativeTolerance (or ≤ absoluteTolerance/‖r‖) (KKT.2).
 *
 * A round solves for the correction that the KKT residual calls for, in whatever formulation. The first one, from zero, is mostly
 * the only one; more are needed where the method's own norm differs from (KKT.2) or its operator squares the condition of K.
 * A round that does not gain any more ends with the reason `attainable-accuracy`. Storage: two KKT vectors, two of the formulation.
 */
export function certifiedSolver(formulation: Formulation, method: KrylovMethod, system: KktSystem, arena: Arena): CertifiedSolver {
  const residual = arena.allocate(system.rows);
  const correction = arena.allocate(system.rows);
  const rhs = arena.allocate(formulation.operator.rows);
  const x = arena.allocate(formulation.operator.cols);

  return {
    solve(kktRhs, solution, criteria) {
      const tolerance = Math.max(criteria.relativeTolerance, criteria.absoluteTolerance / (norm(system.space, kktRhs) || 1));
      const history = emptyHistory();
      solution.fill(0);
      residual.set(kktRhs);
      for (let previous = 1, missing = criteria.relativeTolerance; ; history.refinements++) {
        formulation.reduce(residual, rhs);
        x.fill(0);
        const result = method.solve(rhs, x, remainingCriteria(criteria, missing, history.iterations));
        record(history, result);
        formulation.recover(x, residual, correction);
        axpy(1, correction, solution);

        const relativeResidual = system.relativeResidual(solution, kktRhs, residual);
        const reason = judge(result.reason, { relativeResidual, previous, tolerance });
        if (reason !== undefined) return { ...history, relativeResidual, reason };
        previous = relativeResidual;
        missing = (SAFETY * tolerance) / relativeResidual;
      }
    },
  };
}

/** The reason to end after a round, or `undefined` for one more. */
function judge(reason: StopReason, found: { relativeResidual: number; previous: number; tolerance: number }): StopReason | undefined {
  const { relativeResidual, previous, tolerance } = found;
  if (relativeResidual <= tolerance) return reason.kind === "converged" ? reason : { kind: "converged", by: "relative-tolerance" };
  const endedByItself = reason.kind === "converged" || (reason.kind === "stopped" && reason.by === "attainable-accuracy");
  if (!endedByItself) return reason;
  return relativeResidual * LEAST_GAIN <= previous ? undefined : { kind: "stopped", by: "attainable-accuracy" };
}

type History = { -readonly [K in "iterations" | "refinements"]: CertifiedResult[K] } & { residualNorms: number[]; counts: KrylovCounts };

function emptyHistory(): History {
  return { iterations: 0, refinements: 0, residualNorms: [], counts: { operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0 } };
}

function record(history: History, result: ReturnType<KrylovMethod["solve"]>): void {
  history.residualNorms.push(...result.residualNorms.slice(history.residualNorms.length === 0 ? 0 : 1));
  history.iterations += result.iterations;
  const { counts } = history;
  counts.operatorApplications += result.counts.operatorApplications;
  counts.preconditionerApplications += result.counts.preconditionerApplications;
  counts.innerProducts += result.counts.innerProducts;
  counts.reductions += result.counts.reductions;
}

/** The criteria of one round: what is missing of the tolerance and of the iterations, and an observer that counts on. */
function remainingCriteria(criteria: StoppingCriteria, relativeTolerance: number, iterations: number): StoppingCriteria {
  const { observer } = criteria;
  return {
    ...criteria,
    relativeTolerance,
    absoluteTolerance: 0,
    maxIterations: criteria.maxIterations - iterations,
    ...(observer && { observer: (progress) => observer({ ...progress, iteration: progress.iteration + iterations }) }),
  };
}
