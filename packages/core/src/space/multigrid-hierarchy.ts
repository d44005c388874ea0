import { csrProduct, csrTranspose } from "../linalg/csr-algebra.js";
import type { CsrMatrix } from "../linalg/csr-matrix.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { nestedDissection } from "../linalg/nested-dissection.js";
import { symbolicCholesky, type SymbolicCholesky } from "../linalg/symbolic-cholesky.js";
import { coarsenGrid, type AxisNodes } from "./grid-coarsening.js";
import type { SpatialOperator } from "./spatial-operator.js";

/** One grid of the hierarchy and the vectors a cycle needs there. The operator of shift σ is A + σM. */
export interface MultigridLevel {
  /** A without shift: matrix-free on the finest level, Galerkin PᵀAP below. */
  readonly operator: LinearOperator;
  /** Diagonal of the lumped mass matrix M, all ones on the finest level. */
  readonly mass: Float64Array;
  /** What the smoother divides by, without shift. */
  readonly smootherDiagonal: Float64Array;
  /** Interpolation from the next coarser level; missing on the coarsest. */
  readonly prolongation?: CsrMatrix;
  readonly rhs: Float64Array;
  readonly solution: Float64Array;
  readonly residual: Float64Array;
  /** Doubles held: five vectors, interpolation weights and matrix values. */
  readonly storage: number;
}

/** The levels, finest first, and the coarsest matrix analysed for exact solves. */
export interface MultigridHierarchy {
  readonly levels: readonly MultigridLevel[];
  readonly coarsest: { readonly matrix: CsrMatrix; readonly symbolic: SymbolicCholesky };
  /** Doubles held by the levels: five vectors on each, interpolation weights and coarse matrix values. */
  readonly storage: number;
}

/** At most so many unknowns are solved directly: 7 × 7 or 3 × 3 × 3 points, a factor of under a thousand doubles per shift. */
const COARSEST_SIZE = 64;

/**
 * Grids, interpolation and Galerkin operators below a spatial operator, shared by all shifts.
 *
 * Galerkin because then no cycle can overshoot: spec(I − BA) ⊂ [0, 1), so any number of cycles is symmetric positive definite for every
 * diffusivity. Measured with an inclusion of ν = 1e4, n = 63: spec(BA) = [0.32, 1], but [0.9, 2000] when the stencil is rediscretised.
 * The shift enters below as σ P…ᵀP… lumped to its row sums, which is never smaller than the true one and so keeps that property; the coarse
 * matrices need not be stored per shift.
 */
export function multigridHierarchy(operator: SpatialOperator): MultigridHierarchy {
  const levels: MultigridLevel[] = [];
  let nodes: AxisNodes = operator.grid.cells.map((cells, axis) => {
    const length = operator.grid.extent[axis];
    return Float64Array.from({ length: cells + 1 }, (_, i) => (i * length) / cells);
  });
  let matrix = operator.toCsr();
  let mass = new Float64Array(operator.grid.size).fill(1);
  for (;;) {
    const coarsening = matrix.rows > COARSEST_SIZE ? coarsenGrid(nodes) : undefined;
    const finest = levels.length === 0 ? operator : undefined;
    levels.push(multigridLevel({ finest, matrix, mass, prolongation: coarsening?.prolongation }));
    if (coarsening === undefined) break;
    const { prolongation, coarse } = coarsening;
    matrix = csrProduct(csrTranspose(prolongation), csrProduct(matrix, prolongation));
    mass = transposeApplied(prolongation, mass);
    nodes = coarse;
  }
  const symbolic = symbolicCholesky(matrix, nestedDissection(nodes.map((axis) => axis.length - 2)));
  return { levels, coarsest: { matrix, symbolic }, storage: levels.reduce((sum, level) => sum + level.storage, 0) };
}

interface LevelMatrices {
  /** Applied in place of `matrix`, which is then kept only on the coarsest level. */
  readonly finest: LinearOperator | undefined;
  readonly matrix: CsrMatrix;
  readonly mass: Float64Array;
  readonly prolongation: CsrMatrix | undefined;
}

function multigridLevel({ finest, matrix, mass, prolongation }: LevelMatrices): MultigridLevel {
  const vector = (): Float64Array => new Float64Array(matrix.rows);
  const keepsMatrix = finest === undefined || prolongation === undefined;
  return {
    operator: finest ?? matrix,
    mass,
    smootherDiagonal: boundedDiagonal(matrix),
    ...(prolongation === undefined ? {} : { prolongation }),
    rhs: vector(),
    solution: vector(),
    residual: vector(),
    storage: 5 * matrix.rows + (keepsMatrix ? matrix.values.length : 0) + (prolongation?.values.length ?? 0),
  };
}

/**
 * D with spec(D⁻¹A) ⊂ (0, 2]: max(aᵢᵢ, ½ Σⱼ|aᵢⱼ|). It is the diagonal itself for the stencils of this package and for nearly isotropic Galerkin
 * operators; on stretched coarse cells the plain diagonal would let damped Jacobi diverge.
 */
function boundedDiagonal(matrix: CsrMatrix): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, i) => {
    let diagonal = 0;
    let sum = 0;
    for (let k = matrix.rowPointers[i]; k < matrix.rowPointers[i + 1]; k++) {
      if (matrix.columns[k] === i) diagonal = matrix.values[k];
      sum += Math.abs(matrix.values[k]);
    }
    return Math.max(diagonal, sum / 2);
  });
}

function transposeApplied(matrix: CsrMatrix, x: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(matrix.cols);
  matrix.applyTranspose(x, out);
  return out;
}
