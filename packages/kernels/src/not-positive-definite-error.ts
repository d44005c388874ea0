/** The Cholesky factorisation has met a pivot that is not positive. */
export class NotPositiveDefiniteError extends Error {
  override readonly name = "NotPositiveDefiniteError";

  constructor(
    /** Position in the elimination order. */
    readonly pivot: number,
    readonly value: number,
  ) {
    super(`cholesky: the matrix is not positive definite at pivot ${pivot}: ${value}`);
  }
}
