import type { CholeskyOptions, Kernels, LaneSolver } from "@parakkt/kernels";
import type { CsrMatrix } from "../linalg/csr-matrix.js";
import { requireName } from "../errors.js";
import { nestedDissection } from "../linalg/nested-dissection.js";
import { choleskyFactor, withPivotReport } from "../linalg/sparse-cholesky.js";
import { symbolicCholesky, type SymbolicCholesky } from "../linalg/symbolic-cholesky.js";
import { shiftCache } from "./shift-cache.js";
import type { SpatialOperator } from "./spatial-operator.js";
import type { SpatialSolver } from "./spatial-solver.js";

/** Solves by sparse Cholesky; `factorNonzeros` = nnz(L) of one shift. */
export interface CholeskySolver extends SpatialSolver {
  readonly factorNonzeros: number;
  /** The same solver on blocks of lanes, with factors of its own in the memory of `kernels`. */
  lanes(kernels: Kernels): LaneSolver;
}

/** The matrix of an operator and its analysis, shared by all its solvers. */
interface Analysis {
  readonly matrix: CsrMatrix;
  readonly symbolic: SymbolicCholesky;
}

const analyses = new WeakMap<SpatialOperator, Analysis>();

function analysisOf(operator: SpatialOperator): Analysis {
  const known = analyses.get(operator);
  if (known) return known;
  const matrix = operator.toCsr();
  const analysis = { matrix, symbolic: symbolicCholesky(matrix, nestedDissection(operator.grid.points, "axes")) };
  analyses.set(operator, analysis);
  return analysis;
}

/**
 * Exact solves with any ν by sparse Cholesky in nested-dissection order: the pattern analysed once, one factor per shift (TAP.3).
 *
 * Cost: 2 nnz(L) multiply-adds a solve. Storage: nnz(A) matrix values and, per shift, the doubles of the factor and a vector of `size`.
 * `precision` is that of the factors on lanes; with single ones the solver is not `exact`. Errors: `InvalidArgumentError` for a shift that is negative or not finite.
 */
export function choleskySolver(operator: SpatialOperator, options: CholeskyOptions = {}): CholeskySolver {
  requireName(options.precision ?? "double", ["single", "double"], { what: "precision", where: "choleskySolver" });
  const { matrix, symbolic } = analysisOf(operator);
  let storage = matrix.values.length;
  return {
    name: "cholesky",
    factors: true,
    exact: true,
    factorNonzeros: symbolic.nonzeros,
    get storage() {
      return storage;
    },
    shifted: shiftCache((shift) => {
      const factor = choleskyFactor(symbolic, matrix, shift);
      storage += factor.storage;
      return factor;
    }),
    lanes(kernels) {
      const solver = kernels.cholesky({ pattern: symbolic, values: matrix.values }, options);
      const prepare: LaneSolver["prepare"] = (lanes, shifts) => withPivotReport(symbolic, "choleskySolver.lanes", () => solver.prepare(lanes, shifts));
      return { ...solver, prepare };
    },
  };
}
