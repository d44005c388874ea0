/**
 * Conjugate gradients for one operator A and a preconditioner M = FFᵀ, fused so that an iteration passes over its vectors twice.
 * The residual is held as y = F⁻¹r: M⁻¹r = F⁻ᵀy, and rᵀM⁻¹r = yᵀy is never negative.
 */
export interface FusedConjugateGradients {
  /** r becomes y; returns yᵀy. */
  begin(residual: Float64Array): number;
  /** p ← M⁻¹r + β p; returns pᵀA p. β = 0 does not read p. */
  turn(beta: number, y: Float64Array, p: Float64Array): number;
  /** x ← x + α p, r ← r − α A p in terms of y. */
  advance(alpha: number, iterates: { readonly x: Float64Array; readonly y: Float64Array; readonly p: Float64Array }): { readonly preconditioned: number; readonly residual: number };
  /** out ← r = F y */
  residual(y: Float64Array, out: Float64Array): void;
}
