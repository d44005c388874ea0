import type { Arena } from "./arena.js";
import { axpy, xpay } from "./vector-kernels.js";

/**
 * Where the iterates of a Krylov method live: ℝᵐ with an inner product whose rounding does not depend on the number of ranks.
 *
 * A vector is a plain `Float64Array` of `size` entries local to this rank. The space alone knows the storage order;
 * padding entries are zero and stay zero under linear combinations.
 */
export interface VectorSpace {
  readonly size: number;
  innerProduct(x: Float64Array, y: Float64Array): number;
  /** Where the first entry of x lies that is not finite, in words; `undefined` if all are (on this rank). */
  locateNonFinite?(x: Float64Array): string | undefined;
  /** out[k] ← ⟨basis[k], y⟩ for k < count, in one reduction. */
  innerProducts(basis: readonly Float64Array[], count: number, y: Float64Array, out: Float64Array): void;
  /** y ← y + a x */
  axpy(a: number, x: Float64Array, y: Float64Array): void;
  /** y ← x + a y */
  xpay(x: Float64Array, a: number, y: Float64Array): void;
  /** x ← x + a p, then p ← z + b p, in one pass where the space can. */
  advance(factors: { readonly a: number; readonly b: number }, z: Float64Array, p: Float64Array, x: Float64Array): void;
  /** y ← y + a x; returns ⟨y, y⟩, in one pass where the space can. */
  axpyInnerProduct(a: number, x: Float64Array, y: Float64Array): number;
}

/** ‖x‖₂ in the given space. */
export function norm(space: VectorSpace, x: Float64Array): number {
  return Math.sqrt(space.innerProduct(x, x));
}

/** A zeroed vector of the space, owned by the arena. */
export function createVector(space: VectorSpace, arena: Arena): Float64Array {
  return arena.allocate(space.size);
}

/** ℝᵐ with the plain sum, for small problems, tests and users without a time axis. */
export function euclideanSpace(size: number): VectorSpace {
  const innerProduct = (x: Float64Array, y: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += x[i] * y[i];
    return sum;
  };
  return {
    size,
    innerProduct,
    innerProducts(basis, count, y, out) {
      for (let k = 0; k < count; k++) out[k] = innerProduct(basis[k], y);
    },
    axpy,
    xpay,
    advance({ a, b }, z, ...[p, x]) {
      axpy(a, p, x);
      xpay(z, b, p);
    },
    axpyInnerProduct(a, x, y) {
      axpy(a, x, y);
      return innerProduct(y, y);
    },
  };
}
