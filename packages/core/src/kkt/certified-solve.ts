import { axpy } from "../linalg/vector-kernels.js";
import type { Arena } from "../linalg/arena.js";
import type { KrylovCounts, KrylovMethod, KrylovObserver, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
import { completeCriteria } from "../krylov/stopping-criteria.js";
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
  solve(kktRhs: Float64Array, solution: Float64Array, criteria?: Partial<StoppingCriteria>): CertifiedResult;
}

/** A round that gains less than this factor asks too little of its own norm, or has met the rounding floor. */
const LEAST_GAIN = 2;
/** How much more the next round asks of its own norm when the last one met its criterion but gained nothing in (KKT.2). */
const STRICTER = 1e-2;
/** Asking for more than this would be asking the recursion for less than its rounding. */
const STRICTEST = 1e-6;
/** Aim below the tolerance, so that one more round is enough. */
const SAFETY = 0.5;

/**
 * Iterative refinement by a Krylov method, until ‖r − K x‖/‖r‖ ≤ relativeTolerance (or ≤ absoluteTolerance/‖r‖) (KKT.2).
 *
 * A round solves for the correction that the KKT residual calls for, in whatever formulation. The first one, from zero, is mostly
 * the only one; more are needed where the method's own norm differs from (KKT.2) or its operator squares the condition of K.
 * A round that gains nothing is repeated with a stricter criterion (the norm of M⁻¹ hardly sees stiff modes); when the method itself
 * cannot do more, the reason is `attainable-accuracy`. A round that makes (KKT.2) larger is taken back. Storage: two KKT vectors, two of the formulation.
 */
export function certifiedSolver(formulation: Formulation, method: KrylovMethod, system: KktSystem, arena: Arena): CertifiedSolver {
  const residual = arena.allocate(system.rows);
  const correction = arena.allocate(system.rows);
  const rhs = arena.allocate(formulation.operator.rows);
  const x = arena.allocate(formulation.operator.cols);

  return {
    solve(kktRhs, solution, given = {}) {
      const criteria = completeCriteria(given, "certifiedSolver");
      const tolerance = Math.max(criteria.relativeTolerance, criteria.absoluteTolerance / (system.residualNorm(kktRhs) || 1));
      const history = emptyHistory();
      solution.fill(0);
      residual.set(kktRhs);
      for (let previous = 1, strictness = 1; ; history.refinements++) {
        const missing = previous === 1 ? tolerance : (SAFETY * tolerance) / previous;
        formulation.reduce(residual, rhs);
        x.fill(0);
        const result = method.solve(rhs, x, remainingCriteria(criteria, strictness * missing, history));
        record(history, result);
        formulation.recover(x, residual, correction);
        axpy(1, correction, solution);

        let relativeResidual = system.relativeResidual(solution, kktRhs, residual);
        if (relativeResidual * LEAST_GAIN > previous) strictness *= result.reason.kind === "converged" ? STRICTER : 0;
        if (relativeResidual > previous) {
          axpy(-1, correction, solution);
          relativeResidual = system.relativeResidual(solution, kktRhs, residual);
        }
        const reason = judge(result.reason, criteria, { relativeResidual, tolerance, exhausted: strictness < STRICTEST });
        if (reason !== undefined) return { ...history, relativeResidual, reason };
        previous = relativeResidual;
      }
    },
  };
}

/** The reason to end after a round, or `undefined` for one more. */
function judge(reason: StopReason, { relativeTolerance }: StoppingCriteria, found: { relativeResidual: number; tolerance: number; exhausted: boolean }): StopReason | undefined {
  const { relativeResidual, tolerance } = found;
  if (relativeResidual <= tolerance) return { kind: "converged", by: relativeResidual <= relativeTolerance ? "relative-tolerance" : "absolute-tolerance" };
  const endedByItself = reason.kind === "converged" || (reason.kind === "stopped" && reason.by === "attainable-accuracy");
  if (!endedByItself) return reason;
  return found.exhausted ? { kind: "stopped", by: "attainable-accuracy" } : undefined;
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
function remainingCriteria(criteria: StoppingCriteria, relativeTolerance: number, history: History): StoppingCriteria {
  const { observer } = criteria;
  return {
    ...criteria,
    relativeTolerance,
    absoluteTolerance: 0,
    maxIterations: criteria.maxIterations - history.iterations,
    ...(observer && { observer: history.residualNorms.length === 0 ? observer : continuedObserver(observer, history) }),
  };
}

/** Shows the observer one solve: the beginning of a later round is an iterate that it has already seen. */
function continuedObserver(observer: KrylovObserver, { iterations, residualNorms: [initialResidualNorm] }: History): KrylovObserver {
  return ({ iteration, residualNorm }) => (iteration === 0 ? undefined : observer({ iteration: iteration + iterations, residualNorm, initialResidualNorm }));
}
