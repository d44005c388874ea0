import { NotPositiveDefiniteError, plainCholeskyFactor } from "@parakkt/kernels";
import { InvalidArgumentError } from "../errors.js";
import type { CsrArrays } from "./csr-matrix.js";
import type { SymbolicCholesky } from "./symbolic-cholesky.js";

/** P (A + σI) Pᵀ = L Lᵀ, ready to solve. */
export interface CholeskyFactor {
  readonly size: number;
  /** Doubles held: the panels (`symbolic.doubles`) and one work vector of `size`. */
  readonly storage: number;
  /** out ← (A + σI)⁻¹ rhs; `out` may be `rhs`. Cost: 2 nnz(L) multiply-adds, no allocation. */
  solve(rhs: Float64Array, out: Float64Array): void;
}

/**
 * Numeric Cholesky factorisation of A + σI: P (A + σI) Pᵀ = L Lᵀ. Only the triangle that `symbolic` assigns to the lower one is read.
 *
 * Left-looking by supernodes, all dense work on contiguous rows. `matrix` has the pattern that `symbolic` was made from.
 * Cost: Σⱼ nnz(Lⱼ)²/2 multiply-adds (2-D nested dissection ≈ 10 n³), `symbolic.doubles` + size doubles.
 * Errors: `InvalidArgumentError` naming the pivot if A + σI is not positive definite.
 */
export function choleskyFactor(symbolic: SymbolicCholesky, matrix: CsrArrays, shift = 0): CholeskyFactor {
  const factor = withPivotReport(symbolic, "choleskyFactor", () => plainCholeskyFactor({ pattern: symbolic, values: matrix.values }, shift));
  return { size: symbolic.size, storage: symbolic.doubles + symbolic.size, solve: factor.solve };
}

/** `factorise()`, whose `NotPositiveDefiniteError` becomes an `InvalidArgumentError` that names the unknown. */
export function withPivotReport<T>(symbolic: SymbolicCholesky, where: string, factorise: () => T): T {
  try {
    return factorise();
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError)) throw error;
    throw new InvalidArgumentError({
      what: `the matrix is not positive definite at pivot ${error.pivot} (unknown ${symbolic.order[error.pivot]})`,
      where,
      expected: "a positive pivot",
      got: String(error.value),
      hint: "Check that the matrix is symmetric and the shift is not negative.",
    });
  }
}
