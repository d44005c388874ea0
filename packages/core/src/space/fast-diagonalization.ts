import { requireArgument } from "../errors.js";
import { laplacianEigenvalues, sineTransform } from "./sine-transform.js";
import { shiftCache } from "./shift-cache.js";
import type { SpatialOperator } from "./spatial-operator.js";
import type { SpatialSolver } from "./spatial-solver.js";

/**
 * Exact solves with constant ν by fast diagonalization: (L + σI)⁻¹ = V (Λ + σI)⁻¹ V, V the sine transform. No set-up per shift.
 *
 * Cost of a solve: two sine transforms and one division a point. Storage: that of the transform and `size` eigenvalues.
 * Errors: `InvalidArgumentError` if ν varies, or for a shift that is negative or not finite.
 */
export function fastDiagonalizationSolver(operator: SpatialOperator): SpatialSolver {
  const diffusivity = operator.constantDiffusivity;
  requireArgument(diffusivity !== undefined, () => ({
    what: "diffusivity",
    where: "fastDiagonalizationSolver",
    expected: "a constant",
    got: "a variable one",
    hint: "Use choleskySolver or multigridSolver.",
  }));
  const transform = sineTransform(operator.grid);
  const eigenvalues = laplacianEigenvalues(operator.grid, diffusivity);
  return {
    name: "fast-diagonalization",
    factors: false,
    exact: true,
    storage: transform.storage + operator.grid.size,
    shifted: shiftCache((shift) => ({
      solve(rhs, out) {
        transform.apply(rhs, out);
        for (let i = 0; i < eigenvalues.length; i++) out[i] /= eigenvalues[i] + shift;
        transform.apply(out, out);
      },
    })),
  };
}
