import { axpy } from "../linalg/vector-kernels.js";
import type { Arena } from "../linalg/arena.js";
import type { AcceptableIterate, KrylovCounts, KrylovMethod, KrylovObserver, KrylovResult, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
import { completeCriteria } from "../krylov/stopping-criteria.js";
import type { Formulation } from "./formulation.js";
import type { KktCandidate } from "./certificate.js";
import type { Certificate, ObjectiveValue } from "./certificate-sums.js";

/** A solve judged by the relative KKT residual, whatever was iterated on. */
export interface CertifiedResult {
  readonly reason: StopReason;
  readonly iterations: number;
  /** The method's own residual norms, rounds one behind the other. */
  readonly residualNorms: readonly number[];
  /** (KKT.2), recomputed from (u, z, λ). */
  readonly relativeResidual: number;
  /** (OBJ.1) of the same (u, z, λ). */
  readonly objective: ObjectiveValue;
  /** Summed over the rounds. */
  readonly counts: KrylovCounts;
  /** Rounds after the first. */
  readonly refinements: number;
}

export interface CertifiedSolver {
  /** Leaves (u, z, λ) in the formulation's candidate, from a zero initial guess. */
  solve(criteria?: Partial<StoppingCriteria>): CertifiedResult;
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
 * Iterative refinement by a Krylov method, until ‖r − K x‖/‖r‖ ≤ relativeTolerance (or ≤ absoluteTolerance/‖r‖) (KKT.2), as `certify` measures it.
 *
 * A round solves for the correction that the KKT residual calls for, in whatever formulation. The first one, from zero, is mostly
 * the only one; more are needed where the method's own norm differs from (KKT.2) or its operator squares the condition of K.
 * A round that gains nothing is repeated with a stricter criterion (the norm of M⁻¹ hardly sees stiff modes); when the method itself
 * cannot do more, the reason is `attainable-accuracy`. A round that makes (KKT.2) larger is taken back.
 * Storage: one vector of the formulation, from the second round on.
 */
export function certifiedSolver(formulation: Formulation, method: KrylovMethod, certificate: (candidate: KktCandidate) => Certificate, arena: Arena): CertifiedSolver {
  const { iterate, candidate } = formulation;
  let correction: Float64Array | undefined;
  const advance = (sign: number): void => {
    if (correction) axpy(sign, correction, iterate);
    formulation.complete();
  };
  /** From the second round on into a vector of its own. */
  const solveRound = (round: number, criteria: StoppingCriteria): KrylovResult => {
    const rhs = formulation.defect();
    if (round === 0) return method.solve(rhs, iterate, criteria);
    correction ??= arena.allocate(iterate.length);
    correction.fill(0);
    return method.solve(rhs, correction, criteria);
  };
  const takeBack = (round: number): Certificate => {
    if (round === 0) formulation.reset();
    else advance(-1);
    return certificate(candidate);
  };
  return {
    solve(given = {}) {
      const criteria = completeCriteria(given, "certifiedSolver");
      const history = emptyHistory();
      formulation.reset();
      const scale = criteria.absoluteTolerance > 0 ? certificate(candidate).rhsNorm || 1 : 1;
      const tolerance = Math.max(criteria.relativeTolerance, criteria.absoluteTolerance / scale);
      for (let previous = 1, strictness = 1; ; history.refinements++) {
        const missing = history.refinements === 0 ? tolerance : (SAFETY * tolerance) / previous;
        const accept = strictness === 1 ? acceptance(formulation, tolerance) : {};
        const result = solveRound(history.refinements, { ...remainingCriteria(criteria, strictness * missing, history), ...accept });
        record(history, result);
        if (history.refinements === 0) formulation.complete();
        else advance(1);

        let found = certificate(candidate);
        if (found.relativeResidual * LEAST_GAIN > previous) strictness *= result.reason.kind === "converged" ? STRICTER : 0;
        if (found.relativeResidual > previous) found = takeBack(history.refinements);
        const { relativeResidual, objective } = found;
        const reason = judge(result.reason, criteria, { relativeResidual, tolerance, exhausted: strictness < STRICTEST });
        if (reason !== undefined) return { ...history, relativeResidual, objective, reason };
        previous = relativeResidual;
      }
    },
  };
}

/** Own norms so much larger than needed can belong to a (KKT.2) that is small enough. */
const FIRST_ASKED = 300;
/** Until (KKT.2) is measured again it is taken to fall with the own norm, but for this factor. */
const DRIFT = 2;

/**
 * Accepts an iterate when (KKT.2) of its candidate is small enough: mostly some iterations before the norm of the operator's residual is,
 * which overrates it. Measured when there is a chance, not in every iteration.
 */
function acceptance({ relativeResidual }: Formulation, tolerance: number): Pick<StoppingCriteria, "accept"> {
  if (!relativeResidual) return {};
  let largest = 0;
  let ratio = 1 / FIRST_ASKED;
  const accept = ({ residualNorm, present }: AcceptableIterate): boolean => {
    largest = Math.max(largest, residualNorm);
    if ((ratio * residualNorm) / largest > DRIFT * tolerance) return false;
    const { residual, work } = present();
    const measured = relativeResidual(residual, work);
    ratio = measured / (residualNorm / largest);
    return measured <= SAFETY * tolerance;
  };
  return { accept };
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
    zeroInitialGuess: true,
    maxIterations: criteria.maxIterations - history.iterations,
    ...(observer && { observer: history.residualNorms.length === 0 ? observer : continuedObserver(observer, history) }),
  };
}

/** Shows the observer one solve: the beginning of a later round is an iterate that it has already seen. */
function continuedObserver(observer: KrylovObserver, { iterations, residualNorms: [initialResidualNorm] }: History): KrylovObserver {
  return ({ iteration, residualNorm }) => (iteration === 0 ? undefined : observer({ iteration: iteration + iterations, residualNorm, initialResidualNorm }));
}
