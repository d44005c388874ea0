import type { Block, CombinationFactors } from "@parakkt/kernels";
import { cosineFrequency, firstCosineRow } from "../linalg/cosine-transform.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { gather, scatter } from "../linalg/strided.js";
import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import { laneFactors } from "../space-time/lane-neighbours.js";
import { laneProductSum, measuredOperator } from "../space-time/lane-product-sum.js";
import { rankInvariantStateSum } from "../space-time/rank-invariant-state-sum.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { requireDiagonalizableTime } from "./diagonalizable-time.js";

/** The scalars of one frequency of τS. */
interface FrequencySymbol {
  /** 2 − 2 cos θₖ, factor of X */
  readonly linear: number;
  /** 2 − 2 cos θₖ + c², factor of I */
  readonly constant: number;
  /** vₖ of v = Vᵀe₁ */
  readonly coupling: number;
}

/**
 * (V⊗I) S (V⊗I), the Schur complement in the cosine basis of time: block diagonal but for a coupling of rank one in time (DIA.3). X = τL:
 *
 *     τŜ = blkdiag( X² + (2 − 2cos θₖ) X + (2 − 2cos θₖ + c²) I ) + v vᵀ ⊗ X
 *
 * Two applications of L a frequency and one more. The only communication is the sum Σ vₖ x̂ₖ over all frequencies, one state.
 * Vectors lie as in time, frequency k in the place of step k. Errors: those of `requireDiagonalizableTime`.
 */
export function frequencySchurComplement(discretization: SpaceTimeDiscretization): LinearOperator {
  requireDiagonalizableTime(discretization, "frequencySchurComplement");
  return discretization.lanes ? onLanes(discretization, discretization.lanes) : onStates(discretization);
}

function symbols({ partition, integrator, regularization }: SpaceTimeDiscretization): (k: number) => FrequencySymbol {
  const { steps } = partition.grid;
  const tau = partition.grid.step(1).size;
  const coupling = firstCosineRow(steps);
  const reaction = (tau * integrator.controlScale) ** 2 / regularization;
  return (k) => {
    const linear = 4 * Math.sin(cosineFrequency(steps, k) / 2) ** 2;
    return { linear, constant: linear + reaction, coupling: coupling[k - 1] };
  };
}

function coupledSum({ stateLayout, communicator, arena, partition }: SpaceTimeDiscretization) {
  return rankInvariantStateSum(stateLayout, communicator, { arena, weights: firstCosineRow(partition.grid.steps) });
}

/** One state at a time, by X = A − I. Storage: four states and those of the sum. */
function onStates(discretization: SpaceTimeDiscretization): LinearOperator {
  const { stateLayout: layout, integrator, arena, partition } = discretization;
  const symbolOf = symbols(discretization);
  const sum = coupledSum(discretization);
  const step = partition.grid.step(1);
  const [x, w, coupled, zero] = Array.from({ length: 4 }, () => arena.allocate(layout.dofs));
  /** out ← X y */
  const multiply = (y: Float64Array, out: Float64Array): void => {
    integrator.residual(step, zero, y, out);
    for (let j = 0; j < out.length; j++) out[j] -= y[j];
  };
  const image = arena.allocate(layout.dofs);
  const apply = (adjoint: Float64Array, out: Float64Array): void => {
    sum(adjoint, w);
    multiply(w, coupled);
    for (let k = layout.steps.first; k <= layout.steps.last; k++) {
      const { linear, constant, coupling } = symbolOf(k);
      gather(adjoint, layout.offsetOf(k), layout.strideOf(k), x);
      multiply(x, w);
      for (let j = 0; j < w.length; j++) w[j] += linear * x[j];
      multiply(w, image);
      for (let j = 0; j < w.length; j++) image[j] = (image[j] + constant * x[j] + coupling * coupled[j]) / step.size;
      scatter(image, out, layout.offsetOf(k), layout.strideOf(k));
    }
  };
  return { rows: layout.length, cols: layout.length, symmetric: true, apply, applyTranspose: apply };
}

/** Two combinations a row of lanes. Storage: two rows of the widest lane group, two states, and those of the sum. */
function onLanes(discretization: SpaceTimeDiscretization, { operator }: LaneIntegrator): LinearOperator {
  const { stateLayout: layout, communicator, arena, partition } = discretization;
  const factors = frequencyFactors(layout, symbols(discretization), partition.grid.step(1).size);
  const sum = coupledSum(discretization);
  const widest = Math.max(...layout.groups.map(({ lanes }) => lanes));
  const block = (length: number): Block => ({ data: arena.allocate(length), offset: 0 });
  const [inner, coupled] = [block(layout.dofs * widest), block(layout.dofs * widest)];
  const [summed, image] = [block(layout.dofs), block(layout.dofs)];
  const products = new Float64Array(16);
  const innerProduct = laneProductSum(layout, communicator);
  const once = { a: Float64Array.of(0), b: Float64Array.of(1), c: Float64Array.of(0), d: Float64Array.of(0) };

  const applyTo = (adjoint: Float64Array, out: Float64Array, measured: boolean): void => {
    sum(adjoint, summed.data);
    operator.combine(1, once, { x: summed, out: image });
    layout.groups.forEach((group, g) => {
      for (let lane = 0; lane < group.lanes; lane++) scatter(image.data, coupled.data, lane, group.lanes);
      for (let row = 0; row < group.rows; row++) {
        const at = group.offset + row * layout.dofs * group.lanes;
        const here = { data: adjoint, offset: at };
        operator.combine(group.lanes, factors[g][row].inner, { x: here, out: inner });
        const blocks = { x: inner, y: coupled, z: here, out: { data: out, offset: at } };
        operator.combine(group.lanes, factors[g][row].outer, blocks, measured ? products : undefined);
        if (measured) innerProduct.set(group, row, products);
      }
    });
  };
  return measuredOperator(layout.length, innerProduct, applyTo);
}

/** w ← τL x + (2 − 2cos θ) x, then L w + vₖ L(Σ v x) + (2 − 2cos θ + c²)/τ x; zero in idle lanes. */
function frequencyFactors(layout: SpaceTimeLayout, symbolOf: (k: number) => FrequencySymbol, tau: number): { inner: CombinationFactors; outer: CombinationFactors }[][] {
  return layout.groups.map((group) =>
    Array.from({ length: group.rows }, (_, row) => {
      const each = (value: (symbol: FrequencySymbol) => number): Float64Array => laneFactors(group, row, (k) => value(symbolOf(k)));
      const none = each(() => 0);
      return {
        inner: { a: each(({ linear }) => linear), b: each(() => tau), c: none, d: none },
        outer: { a: none, b: each(() => 1), c: each(({ coupling }) => coupling), d: each(({ constant }) => constant / tau) },
      };
    }),
  );
}
