import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { Arena } from "../linalg/arena.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { gather, scatter } from "../linalg/strided.js";
import type { Communicator } from "../parallel/communicator.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";
import { spaceTimeHalo } from "./space-time-halo.js";

/**
 * J, the block lower-bidiagonal matrix of the discrete state equation (STEP.1): (J u)ₙ = Lₙ uₙ − Rₙ uₙ₋₁, u₀ = 0,
 * and (Jᵀλ)ₙ = Lₙᵀ λₙ − Rₙ₊₁ᵀ λₙ₊₁, λ beyond N = 0.
 *
 * One residual a step (one more a rank for the transpose); exchanges one state with a neighbour. Storage: 5 states and the halos.
 */
export function stateJacobian(integrator: TimeIntegrator, layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): LinearOperator {
  const { grid } = layout.partition;
  const { first, last } = layout.steps;
  const past = spaceTimeHalo(layout, communicator, { before: 1, after: 0 }, arena);
  const future = spaceTimeHalo(layout, communicator, { before: 0, after: 1 }, arena);
  let previous = arena.allocate(layout.dofs);
  let current = arena.allocate(layout.dofs);
  const fromNext = arena.allocate(layout.dofs);
  const toPrevious = arena.allocate(layout.dofs);
  const row = arena.allocate(layout.dofs);

  const beginTranspose = (multiplier: Float64Array): void => {
    fromNext.fill(0);
    if (last === grid.steps) return;
    future.read(multiplier, last + 1, current);
    integrator.residualAdjoint(grid.step(last + 1), current, fromNext, row);
  };
  return {
    rows: layout.length,
    cols: layout.length,
    symmetric: false,
    apply(u, out) {
      past.start(u);
      past.finish();
      past.read(u, first - 1, previous);
      for (let n = first; n <= last; n++) {
        gather(u, layout.offsetOf(n), layout.strideOf(n), current);
        integrator.residual(grid.step(n), previous, current, row);
        scatter(row, out, layout.offsetOf(n), layout.strideOf(n));
        [previous, current] = [current, previous];
      }
    },
    applyTranspose(multiplier, out) {
      future.start(multiplier);
      future.finish();
      beginTranspose(multiplier);
      for (let n = last; n >= first; n--) {
        gather(multiplier, layout.offsetOf(n), layout.strideOf(n), current);
        integrator.residualAdjoint(grid.step(n), current, toPrevious, row);
        for (let j = 0; j < row.length; j++) row[j] += fromNext[j];
        scatter(row, out, layout.offsetOf(n), layout.strideOf(n));
        fromNext.set(toPrevious);
      }
    },
  };
}
