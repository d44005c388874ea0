import type { ModalConjugateGradients, ModalSchurRow } from "./modal-schur.js";

/**
 * Kernels on blocks of states that lie side by side: a block of K lanes is [dof][lane], entry j of lane l at j·K + l.
 * One lane is one state as it stands. Coefficients are given lane by lane, because lanes may be at different steps.
 */
export type Lanes = 1 | 2 | 4 | 8;

/** Where a block begins: `data` comes from `allocate` of the kernels that are called. */
export interface Block {
  readonly data: Float64Array;
  /** Index of the block's first entry. */
  readonly offset: number;
}

/** The factors of a combination, lane by lane. */
export interface CombinationFactors {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly d: Float64Array;
}

/** A symmetric spatial operator L on blocks. */
export interface LaneOperator {
  readonly size: number;
  /**
   * out ← a x + b L x + c y + d z, lane by lane; a missing y or z counts as zero. `out` may be y or z, not x.
   * With `products`, of 2K entries: products[2l], products[2l + 1] ← Σ out·z (Σ out·out without z) over the even and the odd dofs of lane l,
   * each in ascending order.
   */
  combine(lanes: Lanes, factors: CombinationFactors, blocks: CombinationBlocks, products?: Float64Array): void;
  /** Conjugate gradients for the Schur complement with matching, all steps in one lane; where L is diagonal. */
  conjugateGradients?(rows: readonly ModalSchurRow[]): ModalConjugateGradients;
}

export interface CombinationBlocks {
  readonly x: Block;
  readonly y?: Block | undefined;
  readonly z?: Block | undefined;
  readonly out: Block;
}

/** Shift and factors of one row of a sweep, lane by lane. */
export interface SolveFactors {
  /** σ > 0 */
  readonly shift: Float64Array;
  /** α */
  readonly rhs: Float64Array;
  /** β */
  readonly neighbour: Float64Array;
  /** One lane that is never solved beside others, on any number of ranks: the solver may sum in the order that suits a single lane. */
  readonly alone?: boolean;
}

/** Solves with L + σI on blocks: exact, or a fixed symmetric positive definite approximation of the inverse. */
export interface LaneSolver {
  readonly size: number;
  /** Makes ready for blocks of so many lanes and the shifts that will occur in them: allocates, factors. What is there already is kept. */
  prepare(lanes: Lanes, shifts: readonly number[]): void;
  /** out ← (L + σI)⁻¹ (α x + β y), lane by lane; a missing y counts as zero. `out` may be x, not y. */
  solve(lanes: Lanes, factors: SolveFactors, blocks: SolveBlocks): void;
  /** `solve` row after row of a sweep where the solver can do that for less, for rows that have one shift in all lanes; `prepare` comes first. */
  chain?(lanes: Lanes): SolveChain | undefined;
}

/**
 * Rows of a sweep one after the other, each coupled to the solution before it, s, which the solver holds in its own order and precision:
 * the bits of `LaneSolver.solve` without bringing every solution into the order of the blocks and back.
 */
export interface SolveChain {
  /**
   * s ← (L + σI)⁻¹ (α x + β s); without `coupled`, s counts as zero. kept ← s for `solveKept`, in a form that fits into a block; with it,
   * `products` ← those of s with itself, as `VectorKernels` has them.
   */
  solve(factors: SolveFactors, blocks: { readonly x: Block; readonly kept?: Block | undefined }, coupled: boolean, products?: Float64Array): void;
  /** s ← (L + σI)⁻¹ (α kept + β s); a missing `kept` counts as zero. What was kept may be lost. */
  solveKept(factors: SolveFactors, kept: Block | undefined, coupled: boolean): void;
  /** out ← s; `out` may be what was kept. */
  read(out: Block): void;
  /** x ← x + a p, then p ← s + b p, in one pass. */
  advance(factors: { readonly a: number; readonly b: number }, blocks: { readonly x: Block; readonly p: Block }): void;
}

export interface SolveBlocks {
  readonly x: Block;
  readonly y?: Block | undefined;
  readonly out: Block;
}

/** Vector operations on blocks and whole vectors. */
export interface VectorKernels {
  /** y ← y + a x over `length` entries. */
  axpy(a: number, x: Block, y: Block, length: number): void;
  /** y ← x + a y */
  xpay(x: Block, a: number, y: Block, length: number): void;
  /** x ← x + a p, then p ← z + b p, in one pass. */
  advance(factors: { readonly a: number; readonly b: number }, blocks: { readonly x: Block; readonly p: Block; readonly z: Block }, length: number): void;
  /** out ← a x + b y, lane by lane, `size` dofs; `out` may be x or y. */
  combine(lanes: Lanes, size: number, factors: Pick<CombinationFactors, "a" | "b">, blocks: { readonly x: Block; readonly y: Block; readonly out: Block }): void;
  /** out[l·size + j] ← x[j·K + l]: the lanes of a block one behind the other; `out` is not x. */
  separate(lanes: Lanes, size: number, x: Block, out: Block): void;
  /** out[j·K + l] ← x[l·size + j]: a block of lanes that lie one behind the other; `out` is not x. */
  join(lanes: Lanes, size: number, x: Block, out: Block): void;
  /** products[2l], products[2l + 1] ← Σ x·y over the even and the odd dofs of lane l, each in ascending order. */
  products(lanes: Lanes, size: number, x: Block, y: Block, products: Float64Array): void;
  /** products[2Kk + …] ← those of basis[k] with y for k < count, where basis[k] lies as y does in its vector; y passes through memory once. */
  multiProducts(lanes: Lanes, size: number, basis: readonly Float64Array[], count: number, y: Block, products: Float64Array): void;
  /** y ← y + a x and `products` ← those of y with itself, in one pass. */
  axpyProducts(lanes: Lanes, size: number, a: number, x: Block, y: Block, products: Float64Array): void;
}

/** L by its stencil: L_ij = −coupling between neighbouring points, as `diffusionOperator` makes it. */
export interface StencilData {
  /** Points per axis, x fastest, 1 to 3 axes. */
  readonly points: readonly number[];
  /** Diagonal of L, all points. */
  readonly diagonal: Float64Array;
  /** Per axis: entry i is −L between point i and the previous one on the axis, 0 at the first; at least `size` entries. */
  readonly couplings: readonly Float64Array[];
}

/** Diagonal of L and the couplings where ν is constant: then a stencil needs no arrays. */
export interface ConstantStencilData {
  readonly points: readonly number[];
  /** −L between neighbours, one number per axis. */
  readonly coupling: readonly number[];
  readonly diagonal: number;
}

/** A symmetric positive definite matrix in compressed rows. */
export interface SparseMatrixData {
  readonly rows: number;
  readonly rowPointers: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
  readonly values: Float64Array;
}
