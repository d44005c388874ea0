/** S and M = FFᵀ in each spatial mode µ, row k for step k (SCH.1), (TAP.4); rows beyond the ends count as zero. */
export interface ModalSchurProblem {
  /** µ of each mode */
  readonly eigenvalues: Float64Array;
  readonly rows: readonly ModalSchurRow[];
}

/**
 * One step:
 *
 *     tₖ = (1/τₖ + µ) xₖ − xₖ₊₁/τₖ,   (S x)ₖ = (1 + τₖµ) tₖ − tₖ₋₁ + gₖ xₖ
 *     (F y)ₖ = ((µ + σₖ) yₖ − κₖ yₖ₋₁)/αₖ
 */
export interface ModalSchurRow {
  /** τₖ */
  readonly size: number;
  /** gₖ = s²τₖ/ω */
  readonly control: number;
  /** σₖ > 0 */
  readonly shift: number;
  /** αₖ > 0 */
  readonly rhs: number;
  /** κₖ; without effect in the first row. */
  readonly neighbour: number;
}

/**
 * Preconditioned conjugate gradients for S with M = FFᵀ in two passes over memory an iteration. Vectors are [step][mode].
 *
 * The residual is kept as y = F⁻¹r: M⁻¹r = F⁻ᵀy and rᵀM⁻¹r = yᵀy, which cannot be negative. S p, M⁻¹r and r exist row by row only.
 * Products are those of each step, over the even and the odd modes in ascending order: products[2k], products[2k + 1] for row k.
 * An iteration is `turn`, then `advance`. It moves eight vectors through memory. Storage: three rows of at most 8192 modes, four numbers a step.
 */
export interface ModalConjugateGradients {
  /** out ← S x */
  apply(x: Float64Array, out: Float64Array): void;
  /** `residual`: r becomes y. `products`: y·y. */
  begin(residual: Float64Array, products: Float64Array): void;
  /** p ← M⁻¹r + β p, with β = 0 without reading p. `products`: p·S p. */
  turn(beta: number, y: Float64Array, p: Float64Array, products: Float64Array): void;
  /** x ← x + α p, r ← r − α S p, in terms of y. */
  advance(alpha: number, iterates: ModalIterates, products: ModalProducts): void;
}

export interface ModalIterates {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly p: Float64Array;
}

export interface ModalProducts {
  /** y·y, whose sum is rᵀM⁻¹r */
  readonly preconditioned: Float64Array;
  /** r·r */
  readonly residual: Float64Array;
}

/** κ'ₖ = κₖ₊₁ αₖ/αₖ₊₁: the factor on the next row in F⁻ᵀ. */
export function adjointNeighbour(rows: readonly ModalSchurRow[], k: number): number {
  return k + 1 < rows.length ? (rows[k + 1].neighbour * rows[k].rhs) / rows[k + 1].rhs : 0;
}
