import type { Arena } from "../linalg/arena.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { Preconditioner } from "./preconditioner.js";

/** Why a Krylov method ended. Numerical outcomes are values: every caller must handle each of them. */
export type StopReason =
  | { readonly kind: "converged"; readonly by: "relative-tolerance" | "absolute-tolerance" | "direct" }
  | { readonly kind: "stopped"; readonly by: "max-iterations" | "time-limit" | "observer" | "attainable-accuracy" }
  | {
      readonly kind: "failed";
      readonly by: "breakdown" | "stagnation" | "indefinite-operator" | "indefinite-preconditioner" | "non-finite";
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

/** Asked after each iteration; anything but `undefined` ends the solve with that reason. */
export type KrylovObserver = (progress: KrylovProgress) => "observer" | "time-limit" | undefined;

/** When to stop: ‖rₖ‖ ≤ max(relativeTolerance · ‖r₀‖, absoluteTolerance), in the method's own residual norm. */
export interface StoppingCriteria {
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly maxIterations: number;
  /** Iterations without a 1 % smaller residual after which the run is called stagnant. */
  readonly stagnationWindow: number;
  readonly observer?: KrylovObserver;
}

export interface KrylovCounts {
  operatorApplications: number;
  preconditionerApplications: number;
  innerProducts: number;
}

export interface KrylovResult {
  readonly reason: StopReason;
  readonly iterations: number;
  /** Own residual norm of the method for iterations 0 … `iterations` (MINRES: in the norm of M⁻¹). */
  readonly residualNorms: readonly number[];
  /** ‖b − A x‖₂ recomputed from the returned x. */
  readonly trueResidualNorm: number;
  readonly counts: KrylovCounts;
}

/** The system A x = b that a Krylov method is set up for. */
export interface KrylovSystem {
  readonly operator: LinearOperator;
  readonly space: VectorSpace;
  readonly preconditioner?: Preconditioner;
  /** Owner of the work vectors; the method makes one of its own when none is given. */
  readonly arena?: Arena;
}

/** A Krylov method set up for one system: `solve` allocates nothing but residual history (and basis columns, once, on first use). */
export interface KrylovMethod {
  readonly name: string;
  /** Doubles held after set-up, basis columns apart. */
  readonly storage: number;
  /** x is the initial guess on entry and the last finite iterate on exit. */
  solve(rhs: Float64Array, x: Float64Array, criteria: StoppingCriteria): KrylovResult;
  dispose(): void;
}
