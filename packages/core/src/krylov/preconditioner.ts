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
  /** correction ← M⁻¹ residual; returns ⟨residual, M⁻¹ residual⟩, where that is had for less than an inner product: as ‖G r‖² with M⁻¹ = GᵀG. */
  applyInnerProduct?(residual: Float64Array, correction: Float64Array): number;
}
