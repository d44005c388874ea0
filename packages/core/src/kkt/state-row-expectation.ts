import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { rowScales } from "./row-scales.js";

/**
 * ‖W J⁻¹r‖ in the unit of the certificate's state row, from rᵀM⁻¹r ≈ rᵀS⁻¹r alone: the geometric mean of its bounds
 *
 *     rᵀS⁻¹r ≤ ‖W^½J⁻¹r‖² ≤ (1 + κ) rᵀS⁻¹r,    κ = (s²/ω) ‖J⁻¹W‖² ≈ (s²/ω)/(µ₁² + (π/2T)²)   (KKT.5)
 *
 * since J W⁻¹Jᵀ ⪯ S = J W⁻¹Jᵀ + (s²/ω) W ⪯ (1 + κ) J W⁻¹Jᵀ, with one factor √τ, T/N, taken out of the norm. Where nothing is known of the slowest decay µ₁, it is 0.
 */
export function stateRowExpectation({ integrator, regularization, partition: { grid } }: SpaceTimeDiscretization): (energy: number) => number {
  const slowest = (integrator.slowestDecay ?? 0) ** 2 + (Math.PI / (2 * grid.duration)) ** 2;
  const excess = integrator.controlScale ** 2 / (regularization * slowest);
  const factor = rowScales(grid, integrator).state * Math.sqrt((grid.duration / grid.steps) * Math.sqrt(1 + excess));
  return (energy) => factor * Math.sqrt(energy);
}
