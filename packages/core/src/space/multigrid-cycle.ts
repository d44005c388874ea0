import type { CsrArrays } from "../linalg/csr-matrix.js";
import { choleskyFactor } from "../linalg/sparse-cholesky.js";
import type { MultigridHierarchy, MultigridLevel } from "./multigrid-hierarchy.js";

/** Damping of the Jacobi smoother. */
const DAMPING = 0.8;

/** One symmetric V(1,1)-cycle for A + σM, from a zero initial guess: z ← B r with B symmetric positive definite. */
export interface MultigridCycle {
  /** Doubles held for this shift: the factor on the coarsest level. */
  readonly storage: number;
  /** correction ← B residual; `correction` may be `residual`. No allocation. Cost: about 2·4/3 operator applications (2-D). */
  apply(residual: Float64Array, correction: Float64Array): void;
}

/** The V(1,1)-cycle of one shift: one damped Jacobi step before and after, restriction the transpose of interpolation, exact coarsest solve. */
export function multigridCycle(hierarchy: MultigridHierarchy, shift: number): MultigridCycle {
  const { levels, coarsest } = hierarchy;
  const last = levels.length - 1;
  const factor = choleskyFactor(coarsest.symbolic, withShiftedDiagonal(coarsest.matrix, shift, levels[last].mass));
  return {
    storage: factor.storage,
    apply(residual, correction) {
      levels[0].rhs.set(residual);
      for (let l = 0; l < last; l++) descend(levels[l], levels[l + 1], shift);
      factor.solve(levels[last].rhs, levels[last].solution);
      for (let l = last - 1; l >= 0; l--) ascend(levels[l], levels[l + 1], shift);
      correction.set(levels[0].solution);
    },
  };
}

/** First smoothing step from zero, then restricts the residual. */
function descend(fine: MultigridLevel, coarse: MultigridLevel, shift: number): void {
  const { operator, solution, residual } = fine;
  smoothZero(fine, shift);
  operator.apply(solution, residual);
  completeResidual(fine, shift);
  fine.prolongation!.applyTranspose(residual, coarse.rhs);
}

/** Adds the interpolated correction, then the second smoothing step. */
function ascend(fine: MultigridLevel, coarse: MultigridLevel, shift: number): void {
  const { operator, solution, residual } = fine;
  fine.prolongation!.apply(coarse.solution, residual);
  for (let i = 0; i < solution.length; i++) solution[i] += residual[i];
  operator.apply(solution, residual);
  smooth(fine, shift);
}

/** solution ← ω (D + σM)⁻¹ rhs */
function smoothZero({ rhs, solution, smootherDiagonal, mass }: MultigridLevel, shift: number): void {
  for (let i = 0; i < solution.length; i++) solution[i] = (DAMPING * rhs[i]) / (smootherDiagonal[i] + shift * mass[i]);
}

/** residual ← rhs − (A + σM) solution, given residual = A solution */
function completeResidual({ rhs, solution, residual, mass }: MultigridLevel, shift: number): void {
  for (let i = 0; i < residual.length; i++) residual[i] = rhs[i] - residual[i] - shift * mass[i] * solution[i];
}

/** solution += ω (D + σM)⁻¹ (rhs − (A + σM) solution), given residual = A solution */
function smooth({ rhs, solution, residual, smootherDiagonal, mass }: MultigridLevel, shift: number): void {
  for (let i = 0; i < solution.length; i++) {
    const reaction = shift * mass[i];
    const defect = rhs[i] - residual[i] - reaction * solution[i];
    solution[i] += (DAMPING * defect) / (smootherDiagonal[i] + reaction);
  }
}

/** A + σM */
function withShiftedDiagonal(matrix: CsrArrays, shift: number, mass: Float64Array): CsrArrays {
  const values = matrix.values.slice();
  for (let i = 0; i < matrix.rows; i++) {
    for (let k = matrix.rowPointers[i]; k < matrix.rowPointers[i + 1]; k++) if (matrix.columns[k] === i) values[k] += shift * mass[i];
  }
  return { ...matrix, values };
}
