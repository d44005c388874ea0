import { scale, subtractCombination } from "../linalg/vector-kernels.js";
import type { CountedSystem } from "./counted-system.js";
import { roundingLevel } from "./rounding.js";

/**
 * The Arnoldi process: an orthonormal basis v₀, v₁, … that grows by one column at a time.
 *
 * Orthonormalises by classical Gram–Schmidt, twice, which keeps the basis orthogonal to machine precision [Giraud2005]. Each pass is one batched
 * reduction that also holds ‖w‖², so column k costs 2(k + 1) inner products in 2 reductions.
 * Storage: 2(m + 1) doubles for at most m + 1 columns; the columns, n doubles each, are allocated on first use.
 */
export interface ArnoldiProcess {
  readonly columns: readonly Float64Array[];
  /** h[0] … h[k]: coefficients of the image last given to `orthonormalize`. */
  readonly coefficients: Float64Array;
  /** Column k, allocated on first use. */
  column(k: number): Float64Array;
  /**
   * Column k holds an image w on entry and vₖ on exit, w = Σ h[j] vⱼ over j ≤ k. Returns ‖w‖₂; column k is spoilt if that is not finite.
   * h[k] = 0 says that w depends on the earlier columns to rounding; then there is no vₖ.
   */
  orthonormalize(k: number): number;
}

export function arnoldiProcess(system: CountedSystem, maxColumns: number): ArnoldiProcess {
  const columns: Float64Array[] = [];
  const coefficients = system.scalars(maxColumns);
  const second = system.scalars(maxColumns);
  const project = (k: number, products: Float64Array): number => {
    system.innerProducts(columns, k + 1, columns[k], products);
    return products[k];
  };
  return {
    columns,
    coefficients,
    column: (k) => (columns[k] ??= system.vector()),
    orthonormalize(k) {
      const w = columns[k];
      const imageNorm = Math.sqrt(project(k, coefficients));
      if (!Number.isFinite(imageNorm)) return imageNorm;
      subtractCombination(columns, coefficients, k, w);
      const remaining = project(k, second);
      subtractCombination(columns, second, k, w);
      for (let j = 0; j < k; j++) coefficients[j] += second[j];
      const norm = remainingNorm(remaining, second, k);
      coefficients[k] = norm > roundingLevel * imageNorm ? norm : 0;
      if (coefficients[k] > 0) scale(1 / norm, w);
      return imageNorm;
    },
  };
}

/**
 * ‖w − Σ second[j] vⱼ‖ by Pythagoras from ‖w‖² = `squared`. Twice is enough: when the second pass takes away half of what the first one left,
 * that was rounding error, and 0 is returned.
 */
function remainingNorm(squared: number, second: Float64Array, k: number): number {
  let removed = 0;
  for (let j = 0; j < k; j++) removed += second[j] ** 2;
  return removed < squared / 2 ? Math.sqrt(squared - removed) : 0;
}
