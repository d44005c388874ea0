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
  /** `apply` in the two halves of M⁻¹ = GᵀG, so that conjugate gradients move on row by row while M⁻¹r is at hand. */
  readonly halves?: PreconditionerHalves;
}

/** M⁻¹ = GᵀG in two halves; between them stands ⟨residual, M⁻¹ residual⟩, which the next direction depends on. */
export interface PreconditionerHalves {
  /** half ← G residual, in a form of its own; returns ‖G residual‖² = ⟨residual, M⁻¹ residual⟩. */
  begin(residual: Float64Array, half: Float64Array): number;
  /** x ← x + a p, then p ← M⁻¹ residual + b p; without `move`, p ← M⁻¹ residual. `half` is lost. */
  finish(half: Float64Array, p: Float64Array, move?: DirectionMove): void;
}

/** x ← x + a p and p ← … + b p: the step along the last direction, and its share in the next one. */
export interface DirectionMove {
  readonly a: number;
  readonly b: number;
  readonly x: Float64Array;
}
