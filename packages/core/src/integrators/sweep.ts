import type { Arena } from "../linalg/arena.js";
import { gather, scatter } from "../linalg/strided.js";
import type { TimeStep } from "../time/time-step.js";
import type { TimeIntegrator } from "./time-integrator.js";

/** One row of a sweep: a step of the integrator with a reaction, coupled to its neighbours with factors (TAP.2), (TAP.4). */
export interface SweepRow {
  readonly step: TimeStep;
  /** ρₖ in 1/time; row k uses Lₖ of `withReaction(ρₖ)`. */
  readonly reaction: number;
  /** Factor on the right-hand side of both sweeps. */
  readonly scale: number;
  /** Factor on the previous row in the forward sweep. */
  readonly coupling: number;
  /** Factor on the next row in the adjoint sweep. */
  readonly adjointCoupling: number;
}

/** The rows of one lane and where their states lie: dof j of row k at offsets[k] + j · strides[k]. */
export interface SweepLane {
  readonly rows: readonly SweepRow[];
  readonly offsets: ArrayLike<number>;
  readonly strides: ArrayLike<number>;
}

/**
 * Forward and adjoint time integration over lanes that do not depend on each other, in place:
 *
 *     forward:  yₖ ← Lₖ⁻¹ (κₖ Rₖ yₖ₋₁ + σₖ rₖ),   k ascending, y₀ = 0
 *     adjoint:  xₖ ← Lₖ⁻ᵀ (κ'ₖ Rₖ₊₁ᵀ xₖ₊₁ + σₖ yₖ),   k descending, x beyond the last row = 0
 *
 * With κ'ₖ = κₖ₊₁ σₖ/σₖ₊₁ the adjoint sweep is the exact transpose of the forward one. Cost: one spatial solve a row and sweep.
 */
export interface Sweep {
  forward(x: Float64Array): void;
  adjoint(x: Float64Array): void;
}

/** The sweep for any `TimeIntegrator`: one state at a time. Storage: four states. */
export function genericSweep(integrator: TimeIntegrator, lanes: readonly SweepLane[], arena: Arena): Sweep {
  const prepared = prepareLanes(integrator, lanes);
  const neighbour = arena.allocate(integrator.stateSize);
  const forcing = arena.allocate(integrator.stateSize);
  const solution = arena.allocate(integrator.stateSize);
  const transported = arena.allocate(integrator.stateSize);

  const forwardRow = ({ rows, offsets, strides, integrators }: PreparedLane, k: number, x: Float64Array): void => {
    const { step, scale, coupling } = rows[k];
    gather(x, offsets[k], strides[k], forcing);
    for (let j = 0; j < forcing.length; j++) forcing[j] *= scale;
    for (let j = 0; j < forcing.length; j++) neighbour[j] = coupling * solution[j];
    integrators[k].step(step, neighbour, forcing, solution);
    scatter(solution, x, offsets[k], strides[k]);
  };
  const adjointRow = ({ rows, offsets, strides, integrators }: PreparedLane, k: number, x: Float64Array): void => {
    const { step, scale, adjointCoupling } = rows[k];
    gather(x, offsets[k], strides[k], forcing);
    for (let j = 0; j < forcing.length; j++) forcing[j] = scale * forcing[j] + adjointCoupling * transported[j];
    integrators[k].stepAdjoint(step, forcing, solution, transported);
    scatter(solution, x, offsets[k], strides[k]);
  };
  return {
    forward(x) {
      for (const lane of prepared) {
        solution.fill(0);
        for (let k = 0; k < lane.rows.length; k++) forwardRow(lane, k, x);
      }
    },
    adjoint(x) {
      for (const lane of prepared) {
        transported.fill(0);
        for (let k = lane.rows.length - 1; k >= 0; k--) adjointRow(lane, k, x);
      }
    },
  };
}

interface PreparedLane extends SweepLane {
  /** The integrator of each row, with the row's reaction. */
  readonly integrators: readonly TimeIntegrator[];
}

/** Makes one integrator for each distinct reaction, so that lanes and rows share factorisations. */
function prepareLanes(integrator: TimeIntegrator, lanes: readonly SweepLane[]): PreparedLane[] {
  const reacting = new Map<number, TimeIntegrator>([[0, integrator]]);
  const withReaction = (reaction: number): TimeIntegrator => {
    const known = reacting.get(reaction) ?? integrator.withReaction(reaction);
    reacting.set(reaction, known);
    return known;
  };
  return lanes.map((lane) => ({ ...lane, integrators: lane.rows.map((row) => withReaction(row.reaction)) }));
}
