import { norm } from "../linalg/vector-space.js";
import type { KrylovCounts, KrylovMethod, KrylovResult, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
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
  /** How often the method was started again because (KKT.2) was not yet met. */
  readonly refinements: number;
}

export interface CertifiedSolveInput {
  readonly formulation: Formulation;
  readonly method: KrylovMethod;
  readonly system: KktSystem;
  readonly kktRhs: Float64Array;
  readonly criteria: StoppingCriteria;
}

/** A refinement that gains less than this factor has met the rounding floor. */
const LEAST_GAIN = 2;
/** Aim below the tolerance, so that one refinement is enough. */
const SAFETY = 0.5;

/**
 * Runs the method until ‖K x − r‖/‖r‖ ≤ relativeTolerance (or ≤ absoluteTolerance/‖r‖): when its own criterion is met but (KKT.2)
 * is not, the method starts again from its solution with the tolerance that is missing. When that gains nothing any more
 * the reason is `attainable-accuracy`. `x` and `kkt` hold the solution on exit.
 */
export function certifiedSolve(input: CertifiedSolveInput, x: Float64Array, kkt: Float64Array): CertifiedResult {
  const { formulation, method, system, kktRhs, criteria } = input;
  const tolerance = Math.max(criteria.relativeTolerance, criteria.absoluteTolerance / norm(system.space, kktRhs));
  const residualNorms: number[] = [];
  const counts: KrylovCounts = { operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0 };
  let iterations = 0;
  let previousResidual = Infinity;

  const runRound = (roundCriteria: StoppingCriteria): { result: KrylovResult; relativeResidual: number } => {
    const result = method.solve(formulation.rhs, x, roundCriteria);
    residualNorms.push(...(residualNorms.length === 0 ? result.residualNorms : result.residualNorms.slice(1)));
    iterations += result.iterations;
    addCounts(counts, result.counts);
    formulation.recover(x, kkt);
    return { result, relativeResidual: system.relativeResidual(kkt, kktRhs) };
  };

  for (let refinements = 0, missing = criteria.relativeTolerance; ; refinements++) {
    const { result, relativeResidual } = runRound(remainingCriteria(criteria, missing, iterations));
    const outcome = { iterations, residualNorms, relativeResidual, counts, refinements };
    if (relativeResidual <= tolerance) return { ...outcome, reason: converged(result.reason) };
    if (result.reason.kind !== "converged") return { ...outcome, reason: result.reason };
    if (!(relativeResidual * LEAST_GAIN <= previousResidual)) return { ...outcome, reason: { kind: "stopped", by: "attainable-accuracy" } };
    previousResidual = relativeResidual;
    missing = (SAFETY * tolerance) / relativeResidual;
  }
}

function addCounts(sum: KrylovCounts, more: KrylovCounts): void {
  sum.operatorApplications += more.operatorApplications;
  sum.preconditionerApplications += more.preconditionerApplications;
  sum.innerProducts += more.innerProducts;
  sum.reductions += more.reductions;
}

function converged(reason: StopReason): StopReason {
  return reason.kind === "converged" ? reason : { kind: "converged", by: "relative-tolerance" };
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
