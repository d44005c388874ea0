import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { Arena } from "../linalg/arena.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { gather, scatter } from "../linalg/strided.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/** B = diag(Bₙ), from controls to rows of the state equation. No communication. Storage: one state and one control. */
export function controlOperator(integrator: TimeIntegrator, layouts: { state: SpaceTimeLayout; control: SpaceTimeLayout }, arena: Arena): LinearOperator {
  const { state, control } = layouts;
  const { grid } = state.partition;
  const stateStep = arena.allocate(state.dofs);
  const controlStep = arena.allocate(control.dofs);
  return {
    rows: state.length,
    cols: control.length,
    symmetric: false,
    apply(z, out) {
      for (let n = state.steps.first; n <= state.steps.last; n++) {
        gather(z, control.offsetOf(n), control.strideOf(n), controlStep);
        integrator.applyControl(grid.step(n), controlStep, stateStep);
        scatter(stateStep, out, state.offsetOf(n), state.strideOf(n));
      }
    },
    applyTranspose(multiplier, out) {
      for (let n = state.steps.first; n <= state.steps.last; n++) {
        gather(multiplier, state.offsetOf(n), state.strideOf(n), stateStep);
        integrator.applyControlAdjoint(grid.step(n), stateStep, controlStep);
        scatter(controlStep, out, control.offsetOf(n), control.strideOf(n));
      }
    },
  };
}
