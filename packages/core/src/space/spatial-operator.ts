import type { ConstantStencilData, Kernels, LaneOperator, StencilData } from "@parakkt/kernels";
import type { CsrMatrix } from "../linalg/csr-matrix.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { BoxGrid } from "./box-grid.js";

/** A symmetric positive definite operator on the interior points of a box, x fastest: what the spatial solvers are made from. */
export interface SpatialOperator extends LinearOperator {
  readonly grid: BoxGrid;
  /** ν if it is the same everywhere, so that sine transforms diagonalise the operator. */
  readonly constantDiffusivity: number | undefined;
  /** A lower bound of the eigenvalues of L, in 1/time (EIG.1). */
  readonly smallestEigenvalue: number;
  /** out ← diagonal of L */
  diagonal(out: Float64Array): void;
  /** Diagonal and couplings, for the kernels. */
  readonly stencil: StencilData | ConstantStencilData;
  /** The same operator on blocks of lanes. */
  lanes(kernels: Kernels): LaneOperator;
  /** The same operator as a sparse matrix. */
  toCsr(): CsrMatrix;
}
