import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { SpaceTimeVector } from "../space-time/space-time-vector.js";
import { verdictOn, type VerificationCheck } from "./verification-check.js";

/** Rounding of inner products and of an application, relative to the product of the norms. */
export const IDENTITY_TOLERANCE = 1e-10;

/** A map and its transpose between two spaces, and what makes test vectors. */
export interface AdjointPair {
  readonly name: string;
  readonly operator: Pick<LinearOperator, "apply" | "applyTranspose">;
  readonly domain: TestSpace;
  readonly range: TestSpace;
  readonly tolerance?: number;
}

/** A space with random vectors. */
export interface TestSpace {
  readonly space: VectorSpace;
  /** The time series of a vector, as views of it. */
  series(x: Float64Array): readonly SpaceTimeVector[];
  /** A new vector with independent entries. */
  random(): Float64Array;
  /** A new vector of zeros. */
  zero(): Float64Array;
  /** All vectors made so far may be handed out again. */
  recycle(): void;
}

/** |⟨A x, y⟩ − ⟨x, Aᵀ y⟩| / (‖A x‖‖y‖ + ‖x‖‖Aᵀ y‖), the worst of three random pairs. One application each way a pair. */
export function adjointIdentity({ name, operator, domain, range, tolerance = IDENTITY_TOLERANCE }: AdjointPair): VerificationCheck {
  let worst = 0;
  for (let pair = 0; pair < 3; pair++) {
    domain.recycle();
    range.recycle();
    const [x, y] = [domain.random(), range.random()];
    const [image, transposed] = [range.zero(), domain.zero()];
    operator.apply(x, image);
    operator.applyTranspose(y, transposed);
    const [left, right] = [range.space.innerProduct(image, y), domain.space.innerProduct(x, transposed)];
    const scale = length(range, image) * length(range, y) + length(domain, x) * length(domain, transposed);
    const defect = Math.abs(left - right) / scale;
    worst = Number.isNaN(defect) ? Number.NaN : Math.max(worst, defect);
  }
  return verdictOn(
    {
      name: `adjoint of ${name}`,
      law: `⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for A = ${name}`,
      tolerance,
      holds: "the transpose is the transpose, to rounding",
      points: "apply and its transpose do not belong together: a wrong sign, a factor that is missing on one side, or a wrong neighbour in time",
    },
    worst,
  );
}

export function length({ space }: TestSpace, x: Float64Array): number {
  return Math.sqrt(space.innerProduct(x, x));
}

/** ‖A (A⁻¹ x) − x‖ / ‖x‖ of a map and what is said to invert it, `solve` in place. */
export function inverseIdentity(name: string, { apply, solve, test, tolerance }: { apply: LinearOperator["apply"]; solve(x: Float64Array): void; test: TestSpace; tolerance: number }): VerificationCheck {
  test.recycle();
  const [x, solution, back] = [test.random(), test.zero(), test.zero()];
  solution.set(x);
  solve(solution);
  apply(solution, back);
  for (let i = 0; i < back.length; i++) back[i] -= x[i];
  return verdictOn(
    {
      name: `inverse of ${name}`,
      law: `${name} (${name}⁻¹ x) = x`,
      tolerance,
      holds: "steps solve the rows that residuals multiply with",
      points: "step and residual of the integrator belong to different schemes, or the spatial solver is not accurate enough",
    },
    length(test, back) / length(test, x),
  );
}
