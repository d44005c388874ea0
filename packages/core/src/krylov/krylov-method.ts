import type { Arena } from "../linalg/arena.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { FusedConjugateGradients } from "./fused-conjugate-gradients.js";
import type { Preconditioner } from "./preconditioner.js";
import type { ProjectedOperator } from "./projected-operator.js";
import type { KeptState, SolveState } from "./solve-state.js";

/** Why a Krylov method ended. Numerical outcomes are values: every caller must handle each of them. */
export type StopReason =
  | { readonly kind: "converged"; readonly by: "relative-tolerance" | "absolute-tolerance" | "direct" }
  | { readonly kind: "stopped"; readonly by: "max-iterations" | "time-limit" | "observer" | "attainable-accuracy" }
  | {
      readonly kind: "failed";
      readonly by: "breakdown" | "stagnation" | "indefinite-operator" | "indefinite-preconditioner" | "non-finite";
      /** The iteration in which it was seen; 0 = before the first. */
      readonly iteration: number;
      /** What was seen, in one sentence, for the user. */
      readonly evidence: string;
    };

/** What an observer sees after each iteration (and once before the first, with iteration = 0). */
export interface KrylovProgress {
  readonly iteration: number;
  readonly residualNorm: number;
  readonly initialResidualNorm: number;
}

/**
 * Asked after each iteration; anything but `undefined` ends the solve with that reason (unless it has just converged).
 *
 * Every rank asks its own observer: all must answer alike.
 */
export type KrylovObserver = (progress: KrylovProgress) => "observer" | "time-limit" | undefined;

/** What a judge of its own sees of an iterate. */
export interface AcceptableIterate {
  readonly residualNorm: number;
  readonly initialResidualNorm: number;
  /** rᵀM⁻¹r, as good as it is known before M⁻¹ is applied: with the proportion to ‖r‖² of the iterate before. NaN without M. */
  readonly energy: number;
  /** b − A x of the recursion and a vector to work in, which may be the same. */
  present(): { readonly residual: Float64Array; readonly work: Float64Array };
  /** Makes x the iterate that the residual belongs to and hands out one more vector to work in, which stays as it is if the iterate is accepted; `undefined` where there is none. */
  spare(): Float64Array | undefined;
}

/**
 * When to stop: ‖rₖ‖ ≤ max(relativeTolerance · ‖r₀‖, absoluteTolerance), in the method's own residual norm.
 *
 * r₀ = b − A x₀ is the residual of the initial guess, so a good guess makes the same relative tolerance harder to reach.
 */
export interface StoppingCriteria {
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly maxIterations: number;
  /** Iterations without a 1 % smaller residual after which the run is called stagnant. */
  readonly stagnationWindow: number;
  readonly observer?: KrylovObserver;
  /** Told where the solve can be resumed from, by the method's `save`: after each iteration, of methods with a basis at the beginning of a cycle. */
  readonly checkpoint?: (iteration: number) => void;
  /** Asked after each iteration whose residual norm is not small enough yet: `true` accepts it, as converged and without recomputing its residual. */
  readonly accept?: (iterate: AcceptableIterate) => boolean;
  /** Promises that x₀ = 0, so that r₀ = b costs no operator application. Default false. */
  readonly zeroInitialGuess?: boolean;
  /** With `zeroInitialGuess`, lends `rhs` to the method: it may keep its residual there, and calls this to have `rhs` written anew when it needs it again. */
  readonly restoreRhs?: () => void;
}

/** What a solve cost, counted as it happened. */
export interface KrylovCounts {
  operatorApplications: number;
  preconditionerApplications: number;
  innerProducts: number;
  /** Global sums over all ranks: a batch of inner products is one reduction. */
  reductions: number;
}

export interface KrylovResult {
  readonly reason: StopReason;
  readonly iterations: number;
  /**
   * Own residual norm of the method for iterations 0 … `iterations`, as its recursion says (MINRES: in the norm of M⁻¹).
   * NaN for an initial residual that has none.
   */
  readonly residualNorms: readonly number[];
  /** ‖b − A x‖₂ recomputed from the returned x; NaN when A x or b is not finite, and where `accept` made recomputing needless. */
  readonly trueResidualNorm: number;
  /** The operator on the Krylov space of the longest cycle: its Ritz values are `ritzValues` of it. */
  readonly projection: ProjectedOperator;
  readonly counts: KrylovCounts;
}

/** The system A x = b that a Krylov method is set up for. */
export interface KrylovSystem {
  readonly operator: LinearOperator;
  readonly space: VectorSpace;
  readonly preconditioner?: Preconditioner;
  /** Operator and preconditioner fused for conjugate gradients; other methods take them apart. */
  readonly fused?: FusedConjugateGradients;
  /** out ← b − A x for the right-hand side that is being solved for, which it may overwrite; `false`, and nothing done, for an x of which it does not know better than by applying A. */
  readonly residual?: (x: Float64Array, out: Float64Array) => boolean;
  /** A vector of someone else that the method may work in while it solves; `residual` may overwrite it. */
  readonly scratch?: Float64Array;
  /** Owner of the work vectors; the method makes one of its own when none is given. */
  readonly arena?: Arena;
}

/** A Krylov method set up for one system: `solve` allocates nothing but residual history (and basis columns, once, on first use). */
export interface KrylovMethod {
  readonly name: string;
  /** Doubles held after set-up, basis columns apart. */
  readonly storage: number;
  /**
   * Solves A x = rhs. x is the initial guess on entry and the last finite iterate on exit; rhs is changed by the `residual` of the system and where `restoreRhs` lends it.
   *
   * Criteria that are not given are those of `defaultStoppingCriteria`. "converged" promises that the residual norm recomputed
   * from the returned x is within twice the threshold, or that `accept` took the residual of the recursion.
   */
  solve(rhs: Float64Array, x: Float64Array, criteria?: Partial<StoppingCriteria>): KrylovResult;
  /** Where the running solve stands; to be called from `checkpoint` only. */
  save(): SolveState;
  /** The next `solve`, with the same system, right-hand side and criteria, goes on from a kept state: the same residual norms and bits as without the break. */
  restore(state: KeptState): void;
  /** Gives up the work vectors, if the arena is the method's own. */
  dispose(): void;
}
