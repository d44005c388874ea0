import { countedSystem, type CountedSystem, type IterationFailure } from "./counted-system.js";
import { fusedIteration } from "./fused-iteration.js";
import { krylovMethod } from "./krylov-loop.js";
import type { KrylovMethod, KrylovSystem } from "./krylov-method.js";
import type { KrylovIteration } from "./krylov-run.js";
import { lanczosRecord, type LanczosRecord } from "./lanczos-record.js";
import type { DirectionMove } from "./preconditioner.js";
import { roundingLevel, scientific } from "./rounding.js";
import { requireFittingSizes, requireSymmetry } from "./set-up.js";

/**
 * Preconditioned conjugate gradients for a symmetric positive definite operator.
 *
 * Minimises ‖x − A⁻¹b‖_A over x₀ + span{z₀, (M⁻¹A)z₀, …}, z₀ = M⁻¹r₀:
 *   ‖eₖ‖_A ≤ 2 ((√κ − 1)/(√κ + 1))ᵏ ‖e₀‖_A,   κ = condition of M⁻¹A.
 * Own residual norm: ‖rₖ‖₂ of the recursion, which need not decrease in every iteration.
 *
 * Storage: 3n, 2n where the system has a vector to work in. Per iteration: 1 operator application, 1 preconditioner application, 3 inner products (2 without preconditioner)
 * in as many reductions, 3 vector updates. Each cycle (the first, and each residual replacement) and the end add 1 operator
 * application and 1 inner product.
 *
 * Where the system comes `fused`, that is what is run. Where the preconditioner comes in halves, the updates of x and p are done by its second half.
 *
 * Failures: "indefinite-operator" for pᵀAp < 0 beyond rounding, "indefinite-preconditioner" for rᵀM⁻¹r ≤ 0, "breakdown" for a
 * pᵀAp that is zero to rounding (a singular operator).
 * Throws `InvalidArgumentError` if operator or preconditioner are not symmetric.
 *
 * References: [Hestenes1952], [Saad2003] section 9.2.
 */
export function cg(system: KrylovSystem): KrylovMethod {
  requireFittingSizes("cg", system);
  requireSymmetry("cg", system);
  const counted = countedSystem("cg", system);
  const { fused } = system;
  return krylovMethod(counted, (system.scratch && !fused ? 2 : 3) * counted.size, fused ? fusedIteration(counted, fused) : conjugateGradients(counted));
}

/** The numbers that an iteration hands to the next one. */
interface Recursion {
  /** ‖r‖² */
  residualSquared: number;
  /** rᵀM⁻¹r */
  rho: number;
  /** rᵀM⁻¹r/‖r‖², of the last r that M⁻¹ was applied to. */
  proportion: number;
  first: boolean;
  /** α of the last iteration while α p is still to be added to x: that is done in the pass that makes the next p. */
  pending: number;
}

function conjugateGradients(system: CountedSystem): KrylovIteration {
  const [own, p, w] = [system.vector(), system.vector(), system.passingVector()];
  let r = own;
  const at: Recursion = { residualSquared: 0, rho: 0, proportion: 0, first: true, pending: 0 };
  const record = lanczosRecord();
  const direction = searchDirection(system, w);
  return {
    cycleLength: Infinity,
    residual: () => r,
    keepResidualIn: (vector = own) => void (r = vector),
    present: () => ({ residual: r, work: w }),
    energy: () => (system.preconditioned ? at.proportion * at.residualSquared : Number.NaN),
    spare(x) {
      if (r === own) return undefined;
      addPending(system, at, { p, x });
      return own;
    },
    begin(residualNorm) {
      Object.assign(at, { residualSquared: residualNorm * residualNorm, first: true, pending: 0 });
      record.begin();
      return residualNorm;
    },
    advance(x) {
      const previousRho = at.rho;
      at.rho = direction.product(r, at.residualSquared);
      if (!(at.rho > 0 && at.rho < Infinity)) return judgePreconditioner(system, at.rho, direction.preconditioned(r), Math.sqrt(at.residualSquared));
      at.proportion = at.rho / at.residualSquared;
      const ratio = at.first ? 0 : at.rho / previousRho;
      direction.turn(r, p, at.first ? undefined : { a: at.pending, b: ratio, x });
      at.first = false;
      at.pending = 0;

      const curvature = system.applyInnerProduct(p, w);
      const step = at.rho / curvature;
      if (!(curvature > 0 && curvature < Infinity && step < Infinity)) return judgeCurvature(system, curvature, { p, w, scratch: r });

      at.residualSquared = system.axpyInnerProduct(-step, w, r);
      if (!Number.isFinite(at.residualSquared)) return system.nonFinite("operator", "the residual");
      at.pending = step;
      record.append(step, ratio);
      return Math.sqrt(at.residualSquared);
    },
    conclude: (x) => addPending(system, at, { p, x }),
    record,
    state: savedState(at, record, () => [r, p]),
  };
}

/** x ← x + α p, where that is still to be done. */
function addPending(system: CountedSystem, at: Recursion, { p, x }: { p: Float64Array; x: Float64Array }): undefined {
  if (at.pending !== 0) system.axpy(at.pending, p, x);
  at.pending = 0;
}

/** How a direction is made of the residual. */
interface SearchDirection {
  /** rᵀM⁻¹r */
  product(r: Float64Array, residualSquared: number): number;
  /** x ← x + a p, p ← M⁻¹r + b p, after `product`; without `move`, p ← M⁻¹r. */
  turn(r: Float64Array, p: Float64Array, move?: DirectionMove): void;
  /** M⁻¹r after `product`, for a verdict on it. */
  preconditioned(r: Float64Array): Float64Array;
}

/** `work`: lost. */
function searchDirection(system: CountedSystem, work: Float64Array): SearchDirection {
  const { halves } = system;
  if (halves) {
    return {
      product: (r) => halves.begin(r, work),
      turn: (_, p, move) => halves.finish(work, p, move),
      preconditioned: (r) => system.precondition(r, work),
    };
  }
  const preconditioned = (r: Float64Array): Float64Array => (system.preconditioned ? work : r);
  return {
    product: (r, residualSquared) => (system.preconditioned ? system.preconditionInnerProduct(r, work) : residualSquared),
    turn(r, p, move) {
      if (move) system.advance(move, preconditioned(r), p, move.x);
      else p.set(preconditioned(r));
    },
    preconditioned,
  };
}

function savedState(at: Recursion, record: LanczosRecord, vectors: () => readonly Float64Array[]): KrylovIteration["state"] {
  return {
    scalars: () => [at.residualSquared, at.rho, at.proportion, at.first ? 1 : 0, at.pending, ...record.values()],
    restore([residualSquared, rho, proportion, first, pending, ...coefficients]) {
      Object.assign(at, { residualSquared, rho, proportion, first: first === 1, pending });
      record.restore(coefficients);
    },
    vectors,
  };
}

function judgePreconditioner(system: CountedSystem, rho: number, z: Float64Array, residualNorm: number): IterationFailure {
  if (!Number.isFinite(rho)) return system.nonFinite("preconditioner", "M⁻¹r");
  const sizes = `‖r‖ = ${scientific(residualNorm)}, ‖M⁻¹r‖ = ${scientific(system.norm(z))}`;
  return { by: "indefinite-preconditioner", evidence: `rᵀM⁻¹r = ${scientific(rho)} with ${sizes}: M is not positive definite` };
}

interface CurvatureWork {
  readonly p: Float64Array;
  readonly w: Float64Array;
  readonly scratch: Float64Array;
}

/** Tells a negative pᵀAp from the rounding error of A p, proportional to ‖A‖; a second application of A, to w = A p, sees how large that is. */
function judgeCurvature(system: CountedSystem, curvature: number, work: CurvatureWork): IterationFailure {
  if (!Number.isFinite(curvature)) return system.nonFinite("operator", "A p");
  const { p, w, scratch } = work;
  const [length, imageNorm] = [system.norm(p), system.norm(w)];
  system.apply(w, scratch);
  const operatorNorm = Math.max(imageNorm / length, imageNorm > 0 ? system.norm(scratch) / imageNorm : 0);
  const quotient = curvature / length ** 2;
  const seen = `pᵀAp/pᵀp = ${scientific(quotient)} while ‖A‖ is at least ${scientific(operatorNorm)}`;
  if (quotient < -roundingLevel * operatorNorm) return { by: "indefinite-operator", evidence: `${seen}: A is not positive definite` };
  return { by: "breakdown", evidence: `${seen}: A is singular to working precision` };
}
