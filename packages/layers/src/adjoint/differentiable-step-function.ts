import type { LevelStep } from "../hierarchy/time-hierarchy.js";
import type { StepFunction } from "../mgrit/step-function.js";

/** A step function with the transpose of its derivative, on every level. */
export interface DifferentiableStepFunction extends StepFunction {
  /** previous ← (∂Φₙ/∂u)ᵀ adjoint, linearised at the state before the step. */
  stateProduct(at: LevelStep, state: Float64Array, adjoint: Float64Array, previous: Float64Array): void;
  /** The same for independent steps of one level at once, with the bits of single calls. */
  stateProductMany?(at: readonly LevelStep[], states: readonly Float64Array[], adjoints: readonly Float64Array[], previous: readonly Float64Array[]): void;
}

/** A step function with parameters of which the gradient is wanted, on the finest level. */
export interface ParametrisedStepFunction extends DifferentiableStepFunction {
  readonly parameterSize: number;
  /** gradient ← gradient + (∂Φₙ/∂θₙ)ᵀ adjoint */
  addParameterProduct(at: LevelStep, state: Float64Array, adjoint: Float64Array, gradient: Float64Array): void;
}
