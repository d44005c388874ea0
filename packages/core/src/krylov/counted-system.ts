import type { LinearOperator } from "../linalg/linear-operator.js";
import { createVector, type VectorSpace } from "../linalg/vector-space.js";
import { heapArena } from "../linalg/arena.js";
import { subtract } from "../linalg/vector-kernels.js";
import { NonFiniteError } from "../errors.js";
import type { KrylovCounts, KrylovSystem, StopReason } from "./krylov-method.js";
import type { PreconditionerHalves } from "./preconditioner.js";

/** Why a method cannot go on; the loop adds the iteration. */
export type IterationFailure = Pick<Extract<StopReason, { kind: "failed" }>, "by" | "evidence">;

/**
 * The system A x = b as a method sees it: everything counted, work vectors on record.
 *
 * A `NonFiniteError` of one rank must end the solve on all of them: its output is filled with NaN, so that the next
 * inner product is NaN everywhere, and its message is kept as evidence. Methods test scalars only, never entries.
 */
export interface CountedSystem {
  readonly name: string;
  readonly size: number;
  readonly preconditioned: boolean;
  readonly counts: KrylovCounts;
  /** out ← A x */
  apply(x: Float64Array, out: Float64Array): void;
  /** out ← rhs − A x: an application of A, where the system knows no other way. */
  residual(rhs: Float64Array, x: Float64Array, out: Float64Array): void;
  /** out ← A x; returns ⟨x, A x⟩ */
  applyInnerProduct(x: Float64Array, out: Float64Array): number;
  /** M⁻¹ residual, written to `buffer` and returned; without a preconditioner, `residual` itself. */
  precondition(residual: Float64Array, buffer: Float64Array): Float64Array;
  /** buffer ← M⁻¹ residual; returns ⟨residual, M⁻¹ residual⟩. For preconditioned systems. */
  preconditionInnerProduct(residual: Float64Array, buffer: Float64Array): number;
  /** The two halves of the preconditioner, where it has them. */
  readonly halves: PreconditionerHalves | undefined;
  innerProduct(x: Float64Array, y: Float64Array): number;
  norm(x: Float64Array): number;
  /** y ← y + a x */
  axpy(a: number, x: Float64Array, y: Float64Array): void;
  /** y ← x + a y */
  xpay(x: Float64Array, a: number, y: Float64Array): void;
  advance: VectorSpace["advance"];
  /** y ← y + a x; returns ⟨y, y⟩ */
  axpyInnerProduct(a: number, x: Float64Array, y: Float64Array): number;
  /** out[k] ← ⟨basis[k], y⟩ for k < count, in one reduction. */
  innerProducts(basis: readonly Float64Array[], count: number, y: Float64Array, out: Float64Array): void;
  /** A new work vector. */
  vector(): Float64Array;
  /** One that holds nothing while the residual is recomputed: the system's `scratch` where there is one. */
  passingVector(): Float64Array;
  /** Scalars to work with, alike on every rank. */
  scalars(length: number): Float64Array;
  /** Counts an iteration of fused conjugate gradients: one application each, three inner products in two reductions. */
  countFused(): void;
  /** The failure that a non-finite scalar stands for, with the place where `output` is not finite: without it, what `source` gave last. */
  nonFinite(source: string, quantity: string, output?: Float64Array): IterationFailure;
  /** Counts from zero. */
  reset(): void;
  /** Zeroes the work vectors, padding included, after a failure that may have left non-finite entries. */
  clear(): void;
  dispose(): void;
}

type MeasuredMap = Pick<LinearOperator, "apply" | "applyInnerProduct">;
type Source = "operator" | "preconditioner";

/** Wraps operator, preconditioner, space and arena of a system for one method. */
export function countedSystem(name: string, system: KrylovSystem): CountedSystem {
  const { operator, preconditioner } = system;
  const counts = zeroCounts();
  const faults = faultRecord(system);
  const products = countedProducts(system, counts);
  const measured = measuredProduct(faults, products);
  return {
    name,
    size: system.space.size,
    preconditioned: preconditioner !== undefined,
    counts,
    ...countedOperator(system, counts, faults),
    applyInnerProduct(x, out) {
      counts.operatorApplications++;
      return measured("operator", operator, [x, out]);
    },
    precondition(residual, buffer) {
      if (preconditioner === undefined) return residual;
      counts.preconditionerApplications++;
      faults.guard("preconditioner", buffer, () => preconditioner.apply(residual, buffer));
      return buffer;
    },
    preconditionInnerProduct(residual, buffer) {
      counts.preconditionerApplications++;
      return measured("preconditioner", preconditioner!, [residual, buffer]);
    },
    halves: preconditioner?.halves && countedHalves(preconditioner.halves, faults, () => {
      counts.preconditionerApplications++;
      products.count(1);
    }),
    countFused() {
      counts.operatorApplications++;
      counts.preconditionerApplications++;
      counts.innerProducts += 3;
      counts.reductions += 2;
    },
    nonFinite: faults.nonFinite,
    reset() {
      Object.assign(counts, zeroCounts());
      faults.forget();
    },
    ...products,
    ...workVectors(system),
  };
}

/** `begin` is where an application counts. */
function countedHalves({ begin, finish }: PreconditionerHalves, faults: FaultRecord, count: () => void): PreconditionerHalves {
  return {
    begin(residual, half) {
      let product = Number.NaN;
      faults.guard("preconditioner", half, () => (product = begin(residual, half)));
      count();
      return product;
    },
    finish: (half, p, move) => faults.guard("preconditioner", p, () => finish(half, p, move)),
  };
}

function countedOperator({ operator, residual }: KrylovSystem, counts: KrylovCounts, faults: FaultRecord): Pick<CountedSystem, "apply" | "residual"> {
  const apply = (x: Float64Array, out: Float64Array): void => {
    counts.operatorApplications++;
    faults.guard("operator", out, () => operator.apply(x, out));
  };
  return {
    apply,
    residual(rhs, x, out) {
      let known = false;
      faults.guard("operator", out, () => {
        known = residual?.(x, out) ?? false;
      });
      if (known) return;
      apply(x, out);
      subtract(rhs, out, out);
    },
  };
}

/** out ← A x by an operator or a preconditioner; returns ⟨x, A x⟩ */
function measuredProduct(faults: FaultRecord, { innerProduct, count }: Pick<ReturnType<typeof countedProducts>, "innerProduct" | "count">) {
  return (source: Source, map: MeasuredMap, [x, out]: readonly [Float64Array, Float64Array]): number => {
    let product: number | undefined;
    faults.guard(source, out, () => {
      product = map.applyInnerProduct?.(x, out);
      if (product === undefined) map.apply(x, out);
    });
    if (product === undefined) return innerProduct(x, out);
    count(1);
    return product;
  };
}

function zeroCounts(): KrylovCounts {
  return { operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0 };
}

function countedProducts({ space }: KrylovSystem, counts: KrylovCounts): Pick<CountedSystem, "innerProduct" | "norm" | "innerProducts" | "axpy" | "xpay" | "advance" | "axpyInnerProduct"> & { count(innerProducts: number): void } {
  const count = (innerProducts: number): void => {
    counts.innerProducts += innerProducts;
    counts.reductions++;
  };
  const innerProduct = (x: Float64Array, y: Float64Array): number => {
    count(1);
    return space.innerProduct(x, y);
  };
  return {
    count,
    innerProduct,
    norm: (x) => Math.sqrt(innerProduct(x, x)),
    innerProducts(basis, columns, y, out) {
      count(columns);
      space.innerProducts(basis, columns, y, out);
    },
    axpy: space.axpy,
    xpay: space.xpay,
    advance: space.advance,
    axpyInnerProduct(a, x, y) {
      count(1);
      return space.axpyInnerProduct(a, x, y);
    },
  };
}

function workVectors(system: KrylovSystem): Pick<CountedSystem, "vector" | "passingVector" | "scalars" | "clear" | "dispose"> {
  const arena = system.arena ?? heapArena();
  const vectors: Float64Array[] = [];
  const held = (vector: Float64Array): Float64Array => {
    vectors.push(vector);
    return vector;
  };
  const vector = (): Float64Array => held(createVector(system.space, arena));
  return {
    vector,
    passingVector: () => (system.scratch ? held(system.scratch) : vector()),
    scalars: (length) => arena.allocate(length),
    clear() {
      for (const vector of vectors) vector.fill(0);
    },
    dispose() {
      if (system.arena === undefined) arena.dispose();
    },
  };
}

interface FaultRecord {
  guard(source: Source, out: Float64Array, application: () => void): void;
  nonFinite(source: string, quantity: string, output?: Float64Array): IterationFailure;
  forget(): void;
}

/** Keeps what operator and preconditioner gave last, so that a non-finite scalar can be traced to an entry. */
function faultRecord({ space }: KrylovSystem): FaultRecord {
  let message: string | undefined;
  const last = new Map<string, Float64Array>();
  return {
    guard(source, out, application) {
      last.set(source, out);
      try {
        application();
      } catch (error) {
        if (!(error instanceof NonFiniteError)) throw error;
        message ??= error.message;
        out.fill(Number.NaN);
      }
    },
    nonFinite(source, quantity, output = last.get(source)) {
      const detail = message ?? (output && space.locateNonFinite?.(output));
      return { by: "non-finite", evidence: `${source}: ${quantity} is not finite or overflows${detail === undefined ? "" : ` (${detail})`}` };
    },
    forget() {
      message = undefined;
      last.clear();
    },
  };
}
