import type { FusedConjugateGradients } from "../krylov/fused-conjugate-gradients.js";
import type { Preconditioner } from "../krylov/preconditioner.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { KktCandidate } from "./certificate.js";

/**
 * A linear system equivalent to (KKT.1) that is iterated on: its unknown determines (u, z, λ), and the KKT residual of (u, z, λ)
 * calls for a correction of the unknown. So the same formulation solves the problem and refines an approximate solution.
 */
export interface Formulation {
  readonly name: "full-space" | "schur" | "reduced";
  readonly operator: LinearOperator;
  readonly space: VectorSpace;
  /** The unknown of the operator's system. */
  readonly iterate: Float64Array;
  /** (u, z, λ) that belongs to the iterate since the last `reset` or `complete`. */
  readonly candidate: KktCandidate;
  /** The preconditioner of `operator` that belongs to one of the unscaled system; the same one when left out. */
  precondition?(preconditioner: Preconditioner): Preconditioner;
  /** Operator and preconditioner fused for conjugate gradients, where there are kernels for the two. */
  fuse?(preconditioner: Preconditioner): FusedConjugateGradients | undefined;
  /** out ← the residual of the operator's system, where x is the iterate and completing the candidate brings it; otherwise `false`. May overwrite the defect. */
  residual?(x: Float64Array, out: Float64Array): boolean;
  /** A vector of the operator's space that is not needed between `defect` and `complete` but by `residual`. */
  readonly scratch?: Float64Array;
  /** The time series that a vector of the operator's space consists of, as views of it. */
  series(x: Float64Array): readonly SpaceTimeVector[];
  /** iterate ← 0 */
  reset(): void;
  /** What the operator must map a correction of the iterate to. May overwrite the candidate; valid until `complete`. */
  defect(): Float64Array;
  /** Writes the defect of a zero iterate anew to where `defect` handed it out; left out where that costs too much. */
  restoreDefect?(): void;
  /**
   * (KKT.2) of the candidate whose correction leaves the operator's system with this residual, where it is had for less than an iteration. `work`: overwritten; may be `residual`.
   * `spare` makes the iterate that of the residual and hands out a vector, if there is one, for what can be completed meanwhile.
   */
  relativeResidual?(residual: Float64Array, work: Float64Array, spare?: () => Float64Array | undefined): number;
  /** (KKT.2) of a candidate with this rᵀM⁻¹r of the operator's system, to be expected before it is measured (KKT.5). */
  expectedResidual?(energy: number): number;
  /** The next `complete` is that of the iterate measured last: what its measurement has completed meanwhile is taken. */
  settle?(): void;
  /** What `relativeResidual` must be below, as a share of the tolerance, for the candidate to be worth a certificate: nearly 1 where it is exact but for rounding. */
  readonly acceptableShare?: number;
  /** Makes the iterate ready to be changed from outside, where judging the candidate has left it otherwise. */
  resume?(): void;
  /** candidate ← (u, z, λ) of the iterate */
  complete(): void;
}

/** Builds a formulation of a problem on its discretization. */
export type FormulationFactory = (discretization: SpaceTimeDiscretization, problem: OptimalControlProblem) => Formulation;
