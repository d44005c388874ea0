import type { Kernels, LaneOperator, LaneSolver, VectorKernels } from "@parakkt/kernels";

/**
 * A scheme whose rows are (I + τ(L + ρI)) uₙ − uₙ₋₁ = τ s zₙ + fₙ on blocks of lanes: the states of several time subdomains side by side.
 * What the fast sweeps and operators are made from; they work on vectors that the same kernels allocated.
 */
export interface LaneIntegrator {
  /** L */
  readonly operator: LaneOperator;
  /** (L + σI)⁻¹ */
  readonly solver: LaneSolver;
  readonly vectors: VectorKernels;
  /** ρ in 1/time */
  readonly reaction: number;
  /** s */
  readonly controlScale: number;
}

/** Something that can also be had on blocks of lanes. */
export interface OnLanes<T> {
  /** The same on blocks of lanes. */
  lanes?(kernels: Kernels): T;
}
