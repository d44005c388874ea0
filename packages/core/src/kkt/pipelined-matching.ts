import type { Block, LaneOperator, ModalSchurRow } from "@parakkt/kernels";
import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import { factoredSweep } from "../integrators/lane-sweep.js";
import { pipelinedSweep } from "../integrators/pipelined-sweep.js";
import type { Sweep } from "../integrators/sweep.js";
import type { FusedConjugateGradients } from "../krylov/fused-conjugate-gradients.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { spaceTimeHalo } from "../space-time/space-time-halo.js";
import { rankInvariantSums } from "../space-time/space-time-space.js";
import { laneSchurComplement } from "./lane-schur-complement.js";

/**
 * The conjugate gradients of `fusedMatching` on several ranks, bit for bit: the sweeps with F⁻¹ and F⁻ᵀ are pipelined, S and the vector updates
 * run on all ranks at the same time. `rows`: those of all steps.
 *
 * Per iteration two sweeps, an exchange for S and one of y, three reductions. Storage: one series, five states, and what S needs.
 */
export function pipelinedMatching(discretization: SpaceTimeDiscretization, lanes: LaneIntegrator, rows: readonly ModalSchurRow[]): FusedConjugateGradients {
  const { stateLayout: { length, dofs, steps }, arena } = discretization;
  const { vectors } = lanes;
  const sweep = factorSweep(discretization, lanes, rows);
  const innerProductWithImage = laneSchurComplement(discretization, lanes).applyInnerProduct!;
  const factor = factorOnRank(discretization, lanes.operator, rows);
  const sum = stepSum(discretization);
  const work = arena.allocate(length);
  const whole = (data: Float64Array): Block => ({ data, offset: 0 });
  const squares = (x: Float64Array): number =>
    sum((n, products) => {
      const state = { data: x, offset: (n - steps.first) * dofs };
      vectors.products(1, dofs, state, state, products);
    });
  return {
    begin(residual) {
      sweep.forward(residual);
      return squares(residual);
    },
    turn(beta, y, p) {
      work.set(y);
      sweep.adjoint(work);
      if (beta === 0) p.set(work);
      else vectors.xpay(whole(work), beta, whole(p), length);
      return innerProductWithImage(p, work);
    },
    advance(alpha, { x, y, p }) {
      sweep.forward(work);
      vectors.axpy(alpha, whole(p), whole(x), length);
      vectors.axpy(-alpha, whole(work), whole(y), length);
      factor.read(y);
      return { preconditioned: squares(y), residual: sum((n, products) => factor.squares(y, n, products)) };
    },
    residual(y, out) {
      factor.read(y);
      factor.apply(y, out);
    },
  };
}

/** The sweeps with F⁻¹ and F⁻ᵀ over this rank's rows. */
function factorSweep({ stateLayout, communicator, arena }: SpaceTimeDiscretization, { solver }: LaneIntegrator, rows: readonly ModalSchurRow[]): Sweep {
  const { steps: { first, last }, dofs } = stateLayout;
  const factors = rows.map(({ shift, rhs, neighbour }, k) => {
    const next = rows[k + 1];
    const adjointNeighbour = next ? (next.neighbour * rhs) / next.rhs : 0;
    const both = { shift: Float64Array.of(shift), rhs: Float64Array.of(rhs) };
    return { forward: { ...both, neighbour: Float64Array.of(neighbour) }, adjoint: { ...both, neighbour: Float64Array.of(adjointNeighbour) } };
  });
  const own = factoredSweep(solver, factors.slice(first - 1, last), { lanes: 1, offsetOf: (k) => k * dofs });
  const continuation = { fromPrevious: first > 1, toNext: last < rows.length };
  return pipelinedSweep(own, continuation, { communicator, arena, stateSize: dofs });
}

/** Σₙ over all ranks of products[0] + products[1], set step by step. */
function stepSum({ stateLayout, communicator }: SpaceTimeDiscretization): (measure: (n: number, products: Float64Array) => void) => number {
  const sumOverSteps = rankInvariantSums(stateLayout, communicator);
  const products = new Float64Array(2);
  const total = new Float64Array(1);
  return (measure) => {
    sumOverSteps(total, () => (n) => {
      measure(n, products);
      return products[0] + products[1];
    });
    return total[0];
  };
}

/** F on this rank's rows, its row before the first one read from the previous rank. Storage: three states and a halo. */
function factorOnRank({ stateLayout: layout, communicator, arena }: SpaceTimeDiscretization, operator: LaneOperator, rows: readonly ModalSchurRow[]) {
  const { dofs, steps: { first, last } } = layout;
  const halo = spaceTimeHalo(layout, communicator, { before: 1, after: 0 }, arena);
  const before = { data: arena.allocate(dofs), offset: 0 };
  const eigenvalues = diagonalOf(operator, [arena.allocate(dofs), arena.allocate(dofs)]);
  const own = factorOperator(operator, rows.slice(first - 1, last));
  return {
    read(y: Float64Array): void {
      halo.start(y);
      halo.finish();
      halo.read(y, first - 1, before.data);
    },
    apply: (y: Float64Array, out: Float64Array): void => own(y, out, first > 1 ? before : undefined),
    /** products ← Σ (F y)ₙ² over the even and over the odd modes, each rounded as the fused kernels do. */
    squares(y: Float64Array, n: number, products: Float64Array): void {
      const { shift, rhs, neighbour } = rows[n - 1];
      const inverse = 1 / rhs;
      const at = (n - first) * dofs;
      const [past, from] = n > first ? [y, at - dofs] : [before.data, 0];
      products.fill(0);
      for (let j = 0; j < dofs; j++) {
        const r = inverse * ((eigenvalues[j] + shift) * y[at + j] - neighbour * past[from + j]);
        products[j & 1] += r * r;
      }
    },
  };
}

/** µ of L = diag(µ): L applied to ones. */
function diagonalOf(operator: LaneOperator, [ones, out]: readonly Float64Array[]): Float64Array {
  const factor = (value: number): Float64Array => Float64Array.of(value);
  ones.fill(1);
  operator.combine(1, { a: factor(0), b: factor(1), c: factor(0), d: factor(0) }, { x: { data: ones, offset: 0 }, out: { data: out, offset: 0 } });
  return out;
}

/** The function out ← F y: ((µ + σₖ) yₖ − κₖ yₖ₋₁)/αₖ in row k; `before`: the row before the first one. */
export function factorOperator(operator: LaneOperator, rows: readonly ModalSchurRow[]): (y: Float64Array, out: Float64Array, before?: Block) => void {
  const factors = rows.map(({ shift, rhs, neighbour }) => ({
    a: Float64Array.of(shift / rhs),
    b: Float64Array.of(1 / rhs),
    c: Float64Array.of(-neighbour / rhs),
    d: Float64Array.of(0),
  }));
  return (y, out, before) => {
    for (let k = 0; k < rows.length; k++) {
      const row = (data: Float64Array, at: number): Block => ({ data, offset: at * operator.size });
      operator.combine(1, factors[k], { x: row(y, k), y: k > 0 ? row(y, k - 1) : before, out: row(out, k) });
    }
  };
}
