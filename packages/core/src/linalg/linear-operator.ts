/**
 * A linear map between vectors of real numbers.
 *
 * `apply`: out ← A x, `applyTranspose`: out ← Aᵀ x. `out` never aliases `x`. `symmetric` promises A = Aᵀ.
 */
export interface LinearOperator {
  readonly rows: number;
  readonly cols: number;
  readonly symmetric: boolean;
  apply(x: Float64Array, out: Float64Array): void;
  applyTranspose(x: Float64Array, out: Float64Array): void;
  /** out ← A x; returns ⟨x, A x⟩, where that is had for less than an inner product. */
  applyInnerProduct?(x: Float64Array, out: Float64Array): number;
}
