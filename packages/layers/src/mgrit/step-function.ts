import type { LevelStep } from "../hierarchy/time-hierarchy.js";

/**
 * Φ of uₙ = Φₙ(uₙ₋₁) + gₙ on every level of a hierarchy: a layer of a network, a step of an ODE, a step of the heat equation.
 *
 * `at` tells the level, the step and its size: a function that uses `at.size` re-discretizes itself on coarse levels. It must give
 * the same bits whenever it is called with the same arguments; `next` never aliases `state`.
 */
export interface StepFunction {
  readonly stateSize: number;
  /** next ← Φₙ(state) */
  step(at: LevelStep, state: Float64Array, next: Float64Array): void;
  /** The same for independent steps of one level at once, with the bits of single calls: room for one product over all of them. */
  stepMany?(at: readonly LevelStep[], states: readonly Float64Array[], next: readonly Float64Array[]): void;
}

/** next ← Φ(states) for independent steps of one level: at once where the function can, otherwise one by one. */
export function stepAll(stepFunction: StepFunction, at: readonly LevelStep[], states: readonly Float64Array[], next: readonly Float64Array[]): void {
  if (stepFunction.stepMany) return stepFunction.stepMany(at, states, next);
  for (let k = 0; k < at.length; k++) stepFunction.step(at[k], states[k], next[k]);
}

/** One function a level, for users who bring coarse steps of their own; the last one serves all coarser levels. */
export function stepFunctionPerLevel(functions: readonly StepFunction[]): StepFunction {
  const of = ({ level }: LevelStep): StepFunction => functions[Math.min(level, functions.length - 1)];
  return {
    stateSize: functions[0].stateSize,
    step: (at, state, next) => of(at).step(at, state, next),
    stepMany: (at, states, next) => stepAll(of(at[0]), at, states, next),
  };
}
