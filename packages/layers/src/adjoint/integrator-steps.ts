import type { TimeIntegrator } from "@parakkt/core";
import type { LevelStep } from "../hierarchy/time-hierarchy.js";
import type { DifferentiableStepFunction } from "./differentiable-step-function.js";

/**
 * The steps of a time integrator, Lₙ uₙ = Rₙ uₙ₋₁ + fₙ, and their transposes: coarse levels re-discretize with the larger step.
 *
 * `forcing` writes fₙ for a step of any level; none is zero. One solve with Lₙ a step.
 */
export function integratorSteps(integrator: TimeIntegrator, forcing?: (at: LevelStep, out: Float64Array) => void): DifferentiableStepFunction {
  const { stateSize } = integrator;
  const f = new Float64Array(stateSize);
  const multiplier = new Float64Array(stateSize);
  return {
    stateSize,
    step(at, state, next) {
      forcing?.(at, f);
      integrator.step(at, state, f, next);
    },
    stateProduct: (at, _state, adjoint, previous) => integrator.stepAdjoint(at, adjoint, multiplier, previous),
  };
}
