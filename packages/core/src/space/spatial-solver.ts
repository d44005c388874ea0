import type { Kernels, LaneSolver } from "@parakkt/kernels";

/** One shifted elliptic problem: out ← (L + σI)⁻¹ rhs on vectors of interior points, x fastest. `out` may alias `rhs`. */
export interface ShiftedSolve {
  solve(rhs: Float64Array, out: Float64Array): void;
}

/** Spatial solves behind one interface: fast diagonalization, sparse Cholesky, multigrid. L is symmetric positive definite. */
export interface SpatialSolver {
  readonly name: "fast-diagonalization" | "cholesky" | "multigrid" | "diagonal";
  /** Each new shift costs a factorisation, so few distinct shifts are wanted (dyadic taper, TAP.3). */
  readonly factors: boolean;
  /** Solves but for the rounding of its precision, double or single; otherwise a fixed symmetric positive definite approximation of the inverse. */
  readonly exact: boolean;
  /** Doubles held for all shifts asked for so far. */
  readonly storage: number;
  /** Ready to solve with shift σ ≥ 0 (in the units of L); the same shift is set up only once. */
  shifted(shift: number): ShiftedSolve;
  /** The same solver on blocks of lanes. */
  lanes?(kernels: Kernels): LaneSolver;
}
