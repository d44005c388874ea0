import { axpy } from "../linalg/vector-kernels.js";
import type { Arena } from "../linalg/arena.js";
import type { AcceptableIterate, KrylovCounts, KrylovMethod, KrylovObserver, KrylovResult, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
import type { ProjectedOperator } from "../krylov/projected-operator.js";
import type { KeptState, SolveState } from "../krylov/solve-state.js";
import { completeCriteria } from "../krylov/stopping-criteria.js";
import type { Formulation } from "./formulation.js";
import type { KktCandidate } from "./certificate.js";
import type { Certificate, ObjectiveValue } from "./certificate-sums.js";
import { reachedFloor } from "./rounding-floor.js";
import { firstRound, keptRounds, savedRounds, startRound, type History, type Rounds } from "./refinement-rounds.js";

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
  /** (FLOOR.1), where (KKT.2) has come down to it above the tolerance. */
  readonly roundingFloor: number | undefined;
  /** Summed over the rounds. */
  readonly counts: KrylovCounts;
  /** Rounds after the first. */
  readonly refinements: number;
  /** The operator on the Krylov space of the longest cycle of all rounds. */
  readonly projection: ProjectedOperator;
}

export interface CertifiedSolver {
  /** Leaves (u, z, λ) in the formulation's candidate, from a zero initial guess. */
  solve(criteria?: Partial<StoppingCriteria>): CertifiedResult;
  /** Where the running solve stands; to be called from `criteria.checkpoint` only. */
  save(): SolveState;
  /** The next `solve` goes on from a kept state, with the same bits. */
  restore(state: KeptState): void;
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
 * cannot do more, or what is left is the rounding of (u, λ) itself (FLOOR.1), the reason is `attainable-accuracy`. A round that makes (KKT.2) larger is taken back.
 * Storage: one vector of the formulation, from the second round on.
 */
export function certifiedSolver(formulation: Formulation, method: KrylovMethod, certificate: (candidate: KktCandidate) => Certificate, arena: Arena): CertifiedSolver {
  const { iterate, candidate } = formulation;
  const corrections = correctionSteps(formulation, method, arena);
  let kept: KeptState | undefined;
  let running = firstRound();
  return {
    solve(given = {}) {
      const criteria = completeCriteria(given, "certifiedSolver");
      formulation.reset();
      const rounds = (running = kept === undefined ? firstRound() : corrections.restore(kept));
      kept = undefined;
      const { history } = rounds;
      const scale = criteria.absoluteTolerance > 0 ? certificate(candidate).rhsNorm || 1 : 1;
      const tolerance = Math.max(criteria.relativeTolerance, criteria.absoluteTolerance / scale);
      for (; ; startRound(rounds)) {
        const missing = history.refinements === 0 ? tolerance : (SAFETY * tolerance) / rounds.previous;
        const accept = rounds.strictness === 1 ? acceptance(formulation, tolerance, rounds) : {};
        const result = corrections.solve(history.refinements, { ...remainingCriteria(criteria, rounds.strictness * missing, history), ...accept });
        record(history, result);

        let found = certificate(candidate);
        const vain = found.relativeResidual * LEAST_GAIN > rounds.previous;
        if (vain) rounds.strictness *= result.reason.kind === "converged" ? STRICTER : 0;
        if (found.relativeResidual > rounds.previous) {
          corrections.takeBack(history.refinements);
          found = certificate(candidate);
        }
        const { relativeResidual, objective } = found;
        // The own residual may make up the difference to a tolerance that is nearly met: one more round tells.
        const suspicious = endedByItself(result.reason) && relativeResidual > (vain ? 1 : LEAST_GAIN) * tolerance;
        const roundingFloor = suspicious ? reachedFloor(certificate, candidate, relativeResidual) : undefined;
        const reason = judge(result.reason, criteria, { relativeResidual, tolerance, exhausted: roundingFloor !== undefined || rounds.strictness < STRICTEST });
        if (reason !== undefined) return { ...history, relativeResidual, objective, reason, roundingFloor };
        rounds.previous = relativeResidual;
      }
    },
    save: () => savedRounds(running, iterate, method.save()),
    restore(state) {
      kept = state;
    },
  };
}

/** Rounds on the formulation: the first solves for the iterate itself, later ones for a correction in a vector of its own. */
function correctionSteps(formulation: Formulation, method: KrylovMethod, arena: Arena) {
  const { iterate } = formulation;
  let correction: Float64Array | undefined;
  const advance = (sign: number): void => {
    formulation.resume?.();
    if (correction) axpy(sign, correction, iterate);
    formulation.complete();
  };
  return {
    /** The candidate is complete again afterwards. */
    solve(round: number, criteria: StoppingCriteria): KrylovResult {
      const rhs = formulation.defect();
      if (round > 0) {
        correction ??= arena.allocate(iterate.length);
        correction.fill(0);
      }
      const lent = round === 0 && formulation.restoreDefect ? { restoreRhs: formulation.restoreDefect } : {};
      const result = method.solve(rhs, round > 0 ? correction! : iterate, { ...criteria, ...lent });
      if (round > 0) advance(1);
      else formulation.complete();
      return result;
    },
    takeBack(round: number): void {
      if (round === 0) formulation.reset();
      else advance(-1);
    },
    /** The rounds of a kept state; the next `solve` goes on in the last of them. */
    restore(kept: KeptState): Rounds {
      const { rounds, ofMethod } = keptRounds(kept);
      if (rounds.history.refinements > 0) {
        kept.load(0, iterate);
        formulation.complete();
      }
      method.restore(ofMethod);
      return rounds;
    },
  };
}

/** (KKT.2) is taken to fall with the own norm since it was measured, but for this factor. */
const DRIFT = 2;
/** The own norm was found to be at least so many times (KKT.2), with whatever M (docs/theory/kkt.md). */
const OVERRATED = 20;

/**
 * Accepts an iterate when (KKT.2) of its candidate is small enough: mostly some iterations before the norm of the operator's residual is,
 * which overrates it. Measured when there is a chance, not in every iteration, and not where an earlier measurement leaves no doubt.
 */
function acceptance({ relativeResidual, expectedResidual, settle, acceptableShare = SAFETY }: Formulation, tolerance: number, { trust, history }: Rounds): Pick<StoppingCriteria, "accept"> {
  if (!relativeResidual || !expectedResidual) return {};
  const accept = ({ residualNorm, initialResidualNorm, energy, present, spare }: AcceptableIterate): boolean => {
    trust.largest = Math.max(trust.largest, initialResidualNorm, residualNorm);
    const reduction = residualNorm / trust.largest;
    const expected = trust.ratio === undefined ? Math.min(expectedResidual(energy), reduction / OVERRATED) : trust.ratio * reduction;
    if (expected > DRIFT * tolerance) return false;
    if (trust.ratio !== undefined && DRIFT * expected <= acceptableShare * tolerance) return true;
    const { residual, work } = present();
    const measured = relativeResidual(residual, work, history.refinements === 0 ? spare : undefined);
    trust.ratio = measured / reduction;
    const acceptable = measured <= acceptableShare * tolerance;
    if (acceptable) settle?.();
    return acceptable;
  };
  return { accept };
}

/** The method has done what it was asked for, or what it can. */
function endedByItself(reason: StopReason): boolean {
  return reason.kind === "converged" || (reason.kind === "stopped" && reason.by === "attainable-accuracy");
}

/** The reason to end after a round, or `undefined` for one more. */
function judge(reason: StopReason, { relativeTolerance }: StoppingCriteria, found: { relativeResidual: number; tolerance: number; exhausted: boolean }): StopReason | undefined {
  const { relativeResidual, tolerance } = found;
  if (relativeResidual <= tolerance) return { kind: "converged", by: relativeResidual <= relativeTolerance ? "relative-tolerance" : "absolute-tolerance" };
  if (!endedByItself(reason)) return reason;
  return found.exhausted ? { kind: "stopped", by: "attainable-accuracy" } : undefined;
}

function record(history: History, result: ReturnType<KrylovMethod["solve"]>): void {
  for (const norm of result.residualNorms.slice(history.residualNorms.length === 0 ? 0 : 1)) history.residualNorms.push(norm);
  history.iterations += result.iterations;
  if (result.projection.columns.length > history.projection.columns.length) history.projection = result.projection;
  const { counts } = history;
  counts.operatorApplications += result.counts.operatorApplications;
  counts.preconditionerApplications += result.counts.preconditionerApplications;
  counts.innerProducts += result.counts.innerProducts;
  counts.reductions += result.counts.reductions;
}

/** The criteria of one round: what is missing of the tolerance and of the iterations, and an observer that counts on. */
function remainingCriteria(criteria: StoppingCriteria, relativeTolerance: number, history: History): StoppingCriteria {
  const { observer, checkpoint } = criteria;
  return {
    ...criteria,
    relativeTolerance,
    absoluteTolerance: 0,
    zeroInitialGuess: true,
    maxIterations: criteria.maxIterations - history.iterations,
    ...(checkpoint && { checkpoint: (iteration) => checkpoint(iteration + history.iterations) }),
    ...(observer && { observer: history.residualNorms.length === 0 ? observer : continuedObserver(observer, history) }),
  };
}

/** Shows the observer one solve: the beginning of a later round is an iterate that it has already seen. */
function continuedObserver(observer: KrylovObserver, { iterations, residualNorms: [initialResidualNorm] }: History): KrylovObserver {
  return ({ iteration, residualNorm }) => (iteration === 0 ? undefined : observer({ iteration: iteration + iterations, residualNorm, initialResidualNorm }));
}
