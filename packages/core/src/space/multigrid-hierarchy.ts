import type { MultigridData, MultigridLevelData } from "@parakkt/kernels";
import { csrProduct, csrTranspose } from "../linalg/csr-algebra.js";
import type { CsrMatrix } from "../linalg/csr-matrix.js";
import { coarsenGrid, type AxisNodes } from "./grid-coarsening.js";
import type { SpatialOperator } from "./spatial-operator.js";

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
export function multigridHierarchy(operator: SpatialOperator): MultigridData {
  const levels: MultigridLevelData[] = [];
  let nodes: AxisNodes = operator.grid.cells.map((cells, axis) => {
    const length = operator.grid.extent[axis];
    return Float64Array.from({ length: cells + 1 }, (_, i) => (i * length) / cells);
  });
  let matrix = operator.toCsr();
  let mass = new Float64Array(operator.grid.size).fill(1);
  for (;;) {
    const coarsening = matrix.rows > COARSEST_SIZE ? coarsenGrid(nodes) : undefined;
    levels.push({
      points: nodes.map((axis) => axis.length - 2),
      ...(levels.length === 0 ? {} : { matrix }),
      mass,
      smootherDiagonal: boundedDiagonal(matrix),
      ...(coarsening === undefined ? {} : { interpolation: coarsening.interpolation }),
    });
    if (coarsening === undefined) break;
    const { prolongation, coarse } = coarsening;
    matrix = csrProduct(csrTranspose(prolongation), csrProduct(matrix, prolongation));
    mass = transposeApplied(prolongation, mass);
    nodes = coarse;
  }
  return { finest: operator.stencil, levels };
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
