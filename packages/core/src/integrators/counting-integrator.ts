import type { TimeIntegrator } from "./time-integrator.js";

/** Number of spatial solves: implicit steps taken, forward and adjoint. */
export interface SolveCounter {
  spatialSolves: number;
}

/** The same integrator, also under any reaction, with every `step` and `stepAdjoint` counted. */
export function countingIntegrator(integrator: TimeIntegrator, counter: SolveCounter): TimeIntegrator {
  const { name, order, stateSize, controlSize, controlScale } = integrator;
  return {
    name,
    order,
    stateSize,
    controlSize,
    controlScale,
    residual: (...args) => integrator.residual(...args),
    residualAdjoint: (...args) => integrator.residualAdjoint(...args),
    applyControl: (...args) => integrator.applyControl(...args),
    applyControlAdjoint: (...args) => integrator.applyControlAdjoint(...args),
    step(step, previous, forcing, next) {
      counter.spatialSolves++;
      integrator.step(step, previous, forcing, next);
    },
    stepAdjoint(step, sensitivity, multiplier, previousSensitivity) {
      counter.spatialSolves++;
      integrator.stepAdjoint(step, sensitivity, multiplier, previousSensitivity);
    },
    withReaction: (reaction) => countingIntegrator(integrator.withReaction(reaction), counter),
  };
}
