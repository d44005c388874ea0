import type { CholeskyData, CholeskyOptions } from "./cholesky-data.js";
import type { DenseKernels } from "./dense-kernels.js";
import type { ConstantStencilData, LaneOperator, Lanes, LaneSolver, StencilData, VectorKernels } from "./lane-kernels.js";
import type { ModalConjugateGradients, ModalSchurProblem } from "./modal-schur.js";
import type { MultigridData, MultigridOptions } from "./multigrid-data.js";

/**
 * Compute kernels and the memory that they work on. Vectors handed to a kernel come from `allocate` of the same object.
 * Two implementations, the same results up to rounding: WebAssembly SIMD, and the plain TypeScript that it is tested against.
 */
export interface Kernels {
  readonly kind: "simd" | "plain";
  /** A zeroed vector of `length` doubles, aligned to a cache line, valid until `dispose` and as long as it is referred to. */
  allocate(length: number): Float64Array;
  /** Doubles handed out so far, those of the kernels' own tables and work vectors included. */
  readonly allocatedDoubles: number;
  /** Of states, and of blocks of up to `lanes` of them side by side: by default one. */
  sineTransform(points: readonly number[], lanes?: Lanes): SineTransformKernel;
  modalControl(problem: ModalControlProblem): ModalControlKernel;
  modalConjugateGradients(problem: ModalSchurProblem): ModalConjugateGradients;
  readonly vectors: VectorKernels;
  readonly dense: DenseKernels;
  /** L = diag(µ), with exact solves. Storage: µ. */
  diagonal(eigenvalues: Float64Array): LaneOperator & LaneSolver;
  stencil(data: StencilData | ConstantStencilData): LaneOperator;
  /** Exact solves; one factor per shift. */
  cholesky(data: CholeskyData, options?: CholeskyOptions): LaneSolver;
  multigrid(data: MultigridData, options: MultigridOptions): LaneSolver;
  /** Ends allocation; the memory goes when nothing refers to it any more. */
  dispose(): void;
}

/**
 * On the interior points of a box, x fastest: x̂(k) ← Σ_j x(j) Π_axes sin(π jₐ kₐ/(nₐ+1)), unscaled, in place.
 *
 * The axes come out in reverse order (the last one fastest), which saves half of the reordering: transforming twice gives
 * `scale`⁻¹ times the vector in its own order. Storage: a block of up to four lanes in 2-D, two in 3-D.
 * Cost an axis and point: about 2.5 log₂ n flops for n + 1 = 2ᵏ, n for any other n.
 */
export interface SineTransformKernel {
  /** Π 2/(nₐ + 1) */
  readonly scale: number;
  /** `x`: one or more states one behind the other, or blocks [dof][lane] of `lanes` states, no more than were asked for. */
  apply(x: Float64Array, lanes?: Lanes): void;
}

/** The optimal control problem in each spatial mode (SCH.2); vectors are [step][mode]. */
export interface ModalControlProblem {
  /** µ of each mode */
  readonly eigenvalues: Float64Array;
  /** τₙ of each step */
  readonly sizes: Float64Array;
  /** s */
  readonly controlScale: number;
  /** ω */
  readonly regularization: number;
  /** Steps with a source bₙ: none beyond the first, or all. */
  readonly sources: "first" | "all";
  /** Factor of the results. */
  readonly scale: number;
}

/** N(22 flops + one division) a mode; about 2 MB of work space whatever the size; the vectors pass through memory once each way. */
export interface ModalControlKernel {
  /** `state`: ũ becomes u. `control`: b becomes z. */
  solve(state: Float64Array, control: Float64Array): void;
}
