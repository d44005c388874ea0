import { addCombination, axpy, scale } from "../linalg/vector-kernels.js";
import { arnoldiProcess } from "./arnoldi.js";
import type { CountedSystem, IterationFailure } from "./counted-system.js";
import { hessenbergLeastSquares, hessenbergStorage } from "./hessenberg-least-squares.js";
import type { KrylovIteration } from "./krylov-run.js";
import { projectionRecord } from "./projected-operator.js";
import { roundingLevel, scientific } from "./rounding.js";

/** Where GMRES and FGMRES differ: the vectors zₖ that A is applied to, and the correction they combine to. */
export interface SearchSpace {
  /** zₖ = M⁻¹ vₖ */
  direction(k: number, v: Float64Array): Float64Array;
  /** Σ yₖ zₖ over k < count; `basis` holds the vₖ, `scratch` is free to use. */
  correction(y: Float64Array, count: number, work: { basis: readonly Float64Array[]; scratch: Float64Array }): Float64Array;
}

/** Doubles that a cycle of at most `restart` iterations takes, basis columns apart: m(m + 1)/2 + 6m + 3. */
export function gmresCycleStorage(restart: number): number {
  return hessenbergStorage(restart) + 2 * (restart + 1);
}

/**
 * One restart cycle: A [z₀ … zₖ] = [v₀ … vₖ₊₁] H by Arnoldi, x ← x + Σ yₖ zₖ with y = argmin ‖β e₁ − H y‖ at its end.
 *
 * An exhausted Krylov space (hₖ₊₁ₖ = 0) gives the solution, residual 0, if the square part of H is nonsingular, and is a breakdown otherwise.
 */
export function gmresCycle(system: CountedSystem, restart: number, space: SearchSpace): KrylovIteration {
  const basis = arnoldiProcess(system, restart + 1);
  const problem = hessenbergLeastSquares(restart, (length) => system.scalars(length));
  const record = projectionRecord(false);
  return {
    cycleLength: restart,
    residual: () => basis.column(0),
    begin(residualNorm) {
      scale(1 / residualNorm, basis.column(0));
      record.begin();
      problem.reset(residualNorm);
      return residualNorm;
    },
    advance() {
      const k = problem.columns;
      const z = space.direction(k, basis.column(k));
      system.apply(z, basis.column(k + 1));
      const imageNorm = basis.orthonormalize(k + 1);
      if (!Number.isFinite(imageNorm)) return judgeImage(system, z);
      const pivot = problem.append(basis.coefficients);
      if (pivot > roundingLevel * imageNorm) {
        record.append(basis.coefficients.subarray(0, k + 2));
        return problem.residualNorm;
      }
      problem.discard();
      return singular(k + 1, pivot, imageNorm);
    },
    conclude(x) {
      const count = problem.columns;
      if (count === 0) return undefined;
      const correction = space.correction(problem.solve(), count, { basis: basis.columns, scratch: basis.column(count) });
      if (!Number.isFinite(system.norm(correction))) return system.nonFinite("preconditioner", "the correction of x");
      axpy(1, correction, x);
      return undefined;
    },
    record,
    state: {
      scalars: () => [problem.residualNorm, ...record.values()],
      restore([startNorm, ...recorded]) {
        problem.reset(startNorm);
        record.restore(recorded);
      },
      vectors: () => [basis.column(0)],
    },
  };
}

/** out ← Σ y[k] vectors[k] over k < count */
export function combine(vectors: readonly Float64Array[], y: Float64Array, count: number, out: Float64Array): Float64Array {
  out.fill(0);
  addCombination(vectors, y, count, out);
  return out;
}

function judgeImage(system: CountedSystem, z: Float64Array): IterationFailure {
  return Number.isFinite(system.norm(z)) ? system.nonFinite("operator", "A z") : system.nonFinite("preconditioner", "z = M⁻¹v");
}

function singular(dimension: number, pivot: number, imageNorm: number): IterationFailure {
  const sizes = `pivot ${scientific(pivot)} of an image of size ${scientific(imageNorm)}`;
  return { by: "breakdown", evidence: `A is singular on its Krylov space of dimension ${dimension}: ${sizes}` };
}
