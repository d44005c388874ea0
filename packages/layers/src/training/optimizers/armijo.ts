import { axpy } from "@parakkt/core";
import type { UpdateOutcome, UpdateTask } from "./optimizer.js";

/** c₁ of the condition of sufficient decrease. */
const SUFFICIENT_DECREASE = 1e-4;
const MAX_HALVINGS = 20;

/**
 * θ ← θ + α d with the first α of rate, rate/2, rate/4, … that gives J(θ + α d) ≤ J(θ) + c₁ α dᵀ∇J [Armijo1966].
 *
 * Where none does, or the direction does not lead down, θ stays and the step is 0. `start` is a work vector.
 */
export function armijoSearch({ parameters, value, rate, objective }: UpdateTask, direction: Float64Array, { slope, start }: { slope: number; start: Float64Array }): UpdateOutcome {
  if (!(slope < 0)) return { step: 0, evaluations: 0 };
  start.set(parameters);
  let step = rate;
  for (let evaluations = 1; evaluations <= MAX_HALVINGS; evaluations++, step /= 2) {
    parameters.set(start);
    axpy(step, direction, parameters);
    if (objective(parameters) <= value + SUFFICIENT_DECREASE * step * slope) return { step, evaluations };
  }
  parameters.set(start);
  return { step: 0, evaluations: MAX_HALVINGS };
}
