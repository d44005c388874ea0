import { requireArgument, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { requireMatchingFactor, stationaryDiagonal, type MatchingFactorKind } from "./matching-factor.js";
import { matching } from "./matching.js";
import type { WindowSweeps } from "./window-rows.js";
import { windowSpill, type WindowSpill } from "./window-spill.js";
import { windowSweeps } from "./window-sweeps.js";

/**
 * Matching whose sweeps remember δ steps, subdomain by subdomain and all of them at once: M⁻¹ = GᵀG with
 *
 *     G = Σᵢ R̃ᵢᵀ Fᵢ⁻¹ Rᵢ                                                                         (WIN.1)
 *
 * where Ŝ = FFᵀ is the matching on the whole interval (TAP.4), Rᵢ restricts to the steps of subdomain i and the δ steps before it, R̃ᵢ to its own
 * steps, and Fᵢ = Rᵢ F Rᵢᵀ. Symmetric positive definite. What a sweep forgets has shrunk by qᵟ⁺¹, q = 1/(ℓ(ℓ + τµ₁)) < 1 (WIN.2), so that the
 * iterations are those of `matching` once δ steps are some multiple of the time 1/(µ₁ + |s|/√ω) in which a disturbance decays: no coarse grid.
 *
 * δ is the overlap of the partition; P = 1 is `matching`. An application costs 2 Σᵢ (mᵢ + δ) spatial solves. One exchange of δ states with
 * a neighbour each sweep. Storage: a row of the widest lane group, two for the chain of solves, two states and the halos; without lanes the states of all windows.
 * Errors: `InvalidArgumentError` on more ranks than subdomains.
 */
export function overlappingMatching(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): Preconditioner {
  requireMatchingFactor(kind, "overlappingMatching");
  const { partition, stateLayout, communicator } = discretization;
  if (partition.subdomains === 1) return matching(discretization, kind);
  requireArgument(communicator.size <= partition.subdomains, () => ({
    what: "number of ranks",
    where: "overlappingMatching",
    expected: `at most the ${partition.subdomains} subdomains, because a window is swept by one rank`,
    got: String(communicator.size),
    hint: "Take more subdomains, or `matching`, whose sweeps are handed from rank to rank.",
  }));
  const spill = windowSpill(discretization);
  const sweeps = windowSweeps(discretization, kind, spill);
  const applyTransposed = (y: Float64Array): void => {
    sweeps.adjoint(y);
    spill.exchange(y);
  };
  return {
    size: stateLayout.length,
    stationary: true,
    symmetric: true,
    apply(residual, correction) {
      sweeps.forward(residual, correction);
      applyTransposed(correction);
    },
    ...measured(sweeps, spill, applyTransposed),
  };
}

/** What needs ‖G r‖² of the sweeps, where they measure it. */
function measured({ forwardProduct, adjoint, finishRows }: WindowSweeps, spill: WindowSpill, applyTransposed: (y: Float64Array) => void): Pick<Preconditioner, "applyInnerProduct" | "halves"> {
  if (!forwardProduct || !finishRows) return {};
  return {
    applyInnerProduct(residual, correction) {
      const product = forwardProduct(residual, correction);
      applyTransposed(correction);
      return product;
    },
    halves: {
      begin: forwardProduct,
      finish(half, p, move) {
        adjoint(half, { p, move });
        spill.exchange(half);
        finishRows(half, { p, move });
      },
    },
  };
}

/** What a window may forget of the steps before it. */
const FORGOTTEN = 0.1;

/** The least δ with qᵟ⁺¹/√(1 − q²) ≤ 0.1 in the slowest mode that there can be, µ = 0: q = 1/ℓ² with c = τ|s|/√ω (WIN.2). */
export function forgettingSteps(c: number): number {
  const limit = stationaryDiagonal(c);
  const q = 1 / (limit * limit);
  return Math.max(0, Math.ceil(Math.log(FORGOTTEN * Math.sqrt(1 - q * q)) / Math.log(q)) - 1);
}
