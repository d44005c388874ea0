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
  scale(): number;
  /** β₁ = ‖q₁‖ in the norm of M⁻¹; `startNorm` = ‖q₁‖₂ > 0. */
  begin(startNorm: number): number | IterationFailure;
  /** αₖ */
  diagonal(): number | IterationFailure;
  /** βₖ₊₁, 0 if the Krylov space is exhausted to rounding. */
  offDiagonal(): number | IterationFailure;
  /** (βₖ, αₖ, βₖ₊₁) after `offDiagonal`; of the first column (α₁, β₂). */
  column(): number[];
  /** The process after `offDiagonal` as values, and back. */
  scalars(): readonly number[];
  restore(scalars: readonly number[]): void;
  /** vₖ₊₁, qₖ₊₁ and qₖ, in the places where they are after `restore`. */
  vectors(): readonly Float64Array[];
}

export function lanczosProcess(system: CountedSystem): LanczosProcess {
  const [queue, vector] = [threeVectors(system), system.vector()];
  let [previousBeta, beta, alpha, scale] = [0, 0, 0, 0];
  let [first, exhausted] = [true, false];

  /** Makes q = `queue.next` to qₖ₊₁, with z = M⁻¹q and square = ⟨q, z⟩; returns βₖ₊₁. */
  const takeUp = (z: Float64Array, square: number): number | IterationFailure => {
    if (!(square > 0 && square < Infinity)) return judgePreconditioner(system, square, { q: queue.next, z });
    [previousBeta, beta] = [beta, Math.sqrt(square)];
    scaled(1 / beta, z, vector);
    queue.advance();
    return beta;
  };

  return {
    start: queue.start,
    vector,
    scale: () => scale,
    begin(startNorm) {
      queue.reset();
      [beta, alpha, scale] = [0, 0, 0];
      [first, exhausted] = [true, false];
      const z = system.precondition(queue.start, vector);
      return takeUp(z, z === queue.start ? startNorm * startNorm : system.innerProduct(queue.start, z));
    },
    diagonal() {
      system.apply(vector, queue.next);
      first = previousBeta === 0;
      if (!first) axpy(-beta / previousBeta, queue.previous, queue.next);
      alpha = system.innerProduct(vector, queue.next);
      if (!Number.isFinite(alpha)) return system.nonFinite("operator", "A v");
      axpy(-alpha / beta, queue.current, queue.next);
      return alpha;
    },
    offDiagonal() {
      const z = system.precondition(queue.next, vector);
      const square = system.innerProduct(queue.next, z);
      scale = Math.max(scale, Math.hypot(alpha, beta));
      exhausted = Math.abs(square) <= (roundingLevel * scale) ** 2;
      return exhausted ? 0 : takeUp(z, square);
    },
    column() {
      const entries = exhausted ? [beta, alpha, 0] : [previousBeta, alpha, beta];
      return first ? entries.slice(1) : entries;
    },
    scalars: () => [previousBeta, beta, alpha, scale],
    restore(scalars) {
      [previousBeta, beta, alpha, scale] = scalars;
      queue.reset();
    },
    vectors: () => [vector, queue.current, queue.previous],
  };
}

/** qₖ₋₁, qₖ and the place of qₖ₊₁, which take each other's places. */
function threeVectors(system: CountedSystem) {
  const [start, second, third] = [system.vector(), system.vector(), system.vector()];
  const queue = {
    start,
    previous: third,
    current: second,
    next: start,
    /** The next vector is the one in `start`. */
    reset() {
      [queue.previous, queue.current, queue.next] = [third, second, start];
    },
    advance() {
      [queue.previous, queue.current, queue.next] = [queue.current, queue.next, queue.previous];
    },
  };
  return queue;
}

function judgePreconditioner(system: CountedSystem, square: number, { q, z }: { q: Float64Array; z: Float64Array }): IterationFailure {
  if (!Number.isFinite(square)) return system.nonFinite(system.preconditioned ? "preconditioner" : "operator", "qᵀM⁻¹q");
  const sizes = `‖q‖ = ${scientific(system.norm(q))}, ‖M⁻¹q‖ = ${scientific(system.norm(z))}`;
  return { by: "indefinite-preconditioner", evidence: `qᵀM⁻¹q = ${scientific(square)} with ${sizes}: M is not positive definite` };
}
