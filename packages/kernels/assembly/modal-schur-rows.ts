import { add, mul, splat, sub } from "./lanes";

// Conjugate gradients for the Schur complement S with a preconditioner M = FFᵀ, both diagonal in space. Vectors are [step][mode].
//     t_k = (1/τ_k + µ) p_k − p_{k+1}/τ_k,   (S p)_k = (1 + τ_k µ) t_k − t_{k−1} + g_k p_k
//     y = F⁻¹r:  y_k = (α_k r_k + κ_k y_{k−1})/(µ + σ_k),    z = F⁻ᵀy:  z_k = (α_k y_k + κ'_k z_{k+1})/(µ + σ_k)
// with all rows beyond the ends zero. The residual is kept as y, so that S p, z and r = F y never go to memory.
//
// A call handles `modes` modes of all steps: what a row has from the steps beside it stays in the cache. Row k of the table, in f64:
// τ; 1/τ; g; σ; α; κ; κ'; 1/α. Sums are {even, odd} modes a step, added to what is there, so that blocks of modes in ascending order,
// each but the last of even length, give the sums of whole rows. Arguments named `single`, `fresh` are constants.

/** Bytes of a row of the table. */
export const ROW: usize = 64;

/** t_k; `inverse`: 1/τ_k */
// @ts-ignore: decorator
@inline
export function adjointRow(inverse: v128, mu: v128, p: v128, next: v128): v128 {
  return sub(mul(add(inverse, mu), p), mul(inverse, next));
}

/** (S p)_k; `size`: τ_k, `control`: g_k */
// @ts-ignore: decorator
@inline
export function schurRow(size: v128, control: v128, mu: v128, t: v128, before: v128, p: v128): v128 {
  return add(sub(mul(add(splat(1), mul(size, mu)), t), before), mul(control, p));
}

/** A row of the sweep with F or Fᵀ, rounded as the diagonal solves do; `shifted`: µ + σ_k */
// @ts-ignore: decorator
@inline
export function sweepRow(rhs: v128, coupling: v128, shifted: v128, x: v128, neighbour: v128): v128 {
  return mul(add(mul(rhs, x), mul(coupling, neighbour)), f64x2.div(splat(1), shifted));
}

/** (F y)_k; `inverse`: 1/α_k */
// @ts-ignore: decorator
@inline
export function factorRow(inverse: v128, coupling: v128, shifted: v128, y: v128, before: v128): v128 {
  return mul(inverse, sub(mul(shifted, y), mul(coupling, before)));
}
