import { axpy, scaled } from "../linalg/vector-kernels.js";
import type { CountedSystem, IterationFailure } from "./counted-system.js";
import { roundingLevel, scientific } from "./rounding.js";

/**
 * The preconditioned Lanczos process: A V = M V T + …, T = tridiag(βₖ, αₖ, βₖ₊₁), VᵀMV = I, one column a step.
 *
 * qₖ = βₖ M vₖ are kept unscaled: qₖ₊₁ = A vₖ − (αₖ/βₖ) qₖ − (βₖ/βₖ₋₁) qₖ₋₁, βₖ₊₁² = ⟨qₖ₊₁, M⁻¹qₖ₊₁⟩, vₖ₊₁ = M⁻¹qₖ₊₁/βₖ₊₁.
 * Storage: 4n. Reference: [Elman2014] section 2.4.
 */
export interface LanczosProcess {
  /** Where q₁ is written before `begin`. */
  readonly start: Float64Array;
  /** vₖ, until `offDiagonal` makes it vₖ₊₁. */
  readonly vector: Float64Array;
  /** Largest length of a column of T so far: the scale that rounding errors are measured by. */
  readonly scale: number;
  /** β₁ = ‖q₁‖ in the norm of M⁻¹; `startNorm` = ‖q₁‖₂ > 0. */
  begin(startNorm: number): number | IterationFailure;
  /** αₖ */
  diagonal(): number | IterationFailure;
  /** βₖ₊₁, 0 if the Krylov space is exhausted to rounding. */
  offDiagonal(): number | IterationFailure;
}

export function lanczosProcess(system: CountedSystem): LanczosProcess {
  const [start, second, third, vector] = [system.vector(), system.vector(), system.vector(), system.vector()];
  let [previous, current, next] = [third, start, second];
  let [previousBeta, beta, alpha, scale] = [0, 0, 0, 0];
  const takeUp = (q: Float64Array, z: Float64Array, square: number): number => {
    previousBeta = beta;
    beta = Math.sqrt(square);
    scale = Math.max(scale, Math.hypot(alpha, previousBeta, beta));
    if (beta > 0) scaled(1 / beta, z, vector);
    [previous, current, next] = [current, q, previous];
    return beta;
  };
  return {
    start,
    vector,
    get scale() {
      return scale;
    },
    begin(startNorm) {
      [previous, current, next] = [third, second, start];
      [beta, alpha, scale] = [0, 0, 0];
      const z = system.precondition(start, vector);
      const square = z === start ? startNorm * startNorm : system.innerProduct(start, z);
      if (!(square > 0 && square < Infinity)) return judgePreconditioner(system, square, { q: start, z });
      const first = takeUp(start, z, square);
      scale = 0;
      return first;
    },
    diagonal() {
      system.apply(vector, next);
      if (previousBeta > 0) axpy(-beta / previousBeta, previous, next);
      alpha = system.innerProduct(vector, next);
      if (!Number.isFinite(alpha)) return system.nonFinite("operator", "A v");
      axpy(-alpha / beta, current, next);
      return alpha;
    },
    offDiagonal() {
      const z = system.precondition(next, vector);
      const square = system.innerProduct(next, z);
      const noise = (roundingLevel * Math.max(scale, Math.hypot(alpha, beta))) ** 2;
      if (Math.abs(square) <= noise) return takeUp(next, z, 0);
      return square > 0 && square < Infinity ? takeUp(next, z, square) : judgePreconditioner(system, square, { q: next, z });
    },
  };
}

function judgePreconditioner(system: CountedSystem, square: number, { q, z }: { q: Float64Array; z: Float64Array }): IterationFailure {
  if (!Number.isFinite(square)) return system.nonFinite(system.preconditioned ? "preconditioner" : "operator", "qᵀM⁻¹q");
  const evidence = `qᵀM⁻¹q = ${scientific(square)} with ‖q‖ = ${scientific(system.norm(q))}, ‖M⁻¹q‖ = ${scientific(system.norm(z))}: M is not positive definite`;
  return { by: "indefinite-preconditioner", evidence };
}
