/**
 * An approximate inverse: correction ← M⁻¹ residual. `residual` is not changed and never aliases `correction`.
 *
 * `stationary`: the same linear map at every call (otherwise FGMRES is needed). `symmetric`: M is symmetric positive definite.
 */
export interface Preconditioner {
  readonly size: number;
  readonly stationary: boolean;
  readonly symmetric: boolean;
  apply(residual: Float64Array, correction: Float64Array): void;
}
