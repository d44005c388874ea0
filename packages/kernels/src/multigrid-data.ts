import type { ConstantStencilData, SparseMatrixData, StencilData } from "./lane-kernels.js";

/** The grids of a multigrid method, finest first. The operator of shift σ on a level is A + σM, M = diag(mass). */
export interface MultigridData {
  readonly finest: StencilData | ConstantStencilData;
  readonly levels: readonly MultigridLevelData[];
}

export interface MultigridLevelData {
  /** Points per axis, x fastest. */
  readonly points: readonly number[];
  /** Galerkin operator with at most 3ᵈ entries a row; left out on the finest level. */
  readonly matrix?: SparseMatrixData;
  /** All ones on the finest level. */
  readonly mass: Float64Array;
  /** What damped Jacobi divides by, without shift. */
  readonly smootherDiagonal: Float64Array;
  /** Linear interpolation from the next coarser level, axis by axis, `undefined` for an axis that is kept; left out on the coarsest level. */
  readonly interpolation?: readonly (AxisInterpolation | undefined)[];
}

/** Fine point j takes the share `lower[j]` of the coarse point ⌈j/2⌉ − 1 and `upper[j]` of the coarse point ⌈j/2⌉, 0 beyond the ends: odd points are coarse ones. */
export interface AxisInterpolation {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface MultigridOptions {
  /** So many V(1,1)-cycles a solve from a zero initial guess; left out: conjugate gradients with one cycle, to rounding. */
  readonly cycles?: number;
  /** Arithmetic and storage inside the cycle; blocks are doubles on both sides. Default double. */
  readonly precision?: "single" | "double";
}
