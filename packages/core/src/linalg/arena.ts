import { requireArgument } from "../errors.js";

/**
 * Owner of the work vectors of a solver object: a factory allocates, `solve` and `apply` do not.
 *
 * Vectors may live on the JavaScript heap or in a WebAssembly memory; nobody but the arena knows which.
 */
export interface Arena {
  /** A zeroed vector of `length` doubles, valid until `dispose`. */
  allocate(length: number): Float64Array;
  /** Doubles handed out so far: what the storage formulas are tested against. */
  readonly allocatedDoubles: number;
  dispose(): void;
}

/** An arena whose vectors are ordinary typed arrays. */
export function heapArena(): Arena {
  let allocatedDoubles = 0;
  let disposed = false;
  return {
    get allocatedDoubles() {
      return allocatedDoubles;
    },
    allocate(length) {
      requireArgument(!disposed, () => ({
        what: "allocation after dispose",
        where: "arena",
        expected: "a live arena",
        got: "a disposed one",
        hint: "Create a new solver instead of using a disposed one.",
      }));
      allocatedDoubles += length;
      return new Float64Array(length);
    },
    dispose() {
      disposed = true;
      allocatedDoubles = 0;
    },
  };
}
