import type { StepRange } from "@parakkt/core";
import type { ParametrisedStepFunction } from "../adjoint/differentiable-step-function.js";
import type { LevelStep } from "../hierarchy/time-hierarchy.js";

/** Steps of one kind of layer: `range` of the finest steps of the network. */
export interface PhaseSteps {
  readonly range: StepRange;
  readonly steps: ParametrisedStepFunction;
}

/** The part of a step that belongs to one phase. */
interface StepPart {
  readonly at: LevelStep;
  readonly steps: ParametrisedStepFunction;
}

/**
 * Phases of different layers on the same state, one after the other: an encoder and then a decoder. A coarse step that crosses
 * from one phase to the next takes a step of each, of the size of its part.
 */
export function phaseSteps(phases: readonly PhaseSteps[]): ParametrisedStepFunction {
  if (phases.length === 1) return phases[0].steps;
  const { stateSize } = phases[0].steps;
  const between = phases.map(() => new Float64Array(stateSize));
  const adjoints = [new Float64Array(stateSize), new Float64Array(stateSize)];

  const partsOf = (at: LevelStep): StepPart[] =>
    phases.flatMap(({ range, steps }) => {
      const part = clipped(at, range);
      return part ? [{ at: part, steps }] : [];
    });
  /** The states that the parts start from. */
  const statesBefore = (parts: readonly StepPart[], state: Float64Array): Float64Array[] => {
    const states = [state, ...between.slice(1, parts.length)];
    for (let k = 0; k + 1 < parts.length; k++) parts[k].steps.step(parts[k].at, states[k], states[k + 1]);
    return states;
  };
  return {
    stateSize,
    parameterSize: Math.max(...phases.map(({ steps }) => steps.parameterSize)),
    step(at, state, next) {
      const parts = partsOf(at);
      const last = parts.length - 1;
      parts[last].steps.step(parts[last].at, statesBefore(parts, state)[last], next);
    },
    stateProduct(at, state, adjoint, previous) {
      const parts = partsOf(at);
      const states = statesBefore(parts, state);
      let from = adjoint;
      for (let k = parts.length - 1; k >= 0; k--) {
        const to = k === 0 ? previous : adjoints[k % 2];
        parts[k].steps.stateProduct(parts[k].at, states[k], from, to);
        from = to;
      }
    },
    /** Finest steps belong to one phase. */
    addParameterProduct(at, state, adjoint, gradient) {
      const [part] = partsOf(at);
      part.steps.addParameterProduct(part.at, state, adjoint, gradient);
    },
  };
}

/** The steps of `at` that are in the range, as a step of their size; undefined if there are none. */
function clipped(at: LevelStep, range: StepRange): LevelStep | undefined {
  const fine = { first: Math.max(at.fine.first, range.first), last: Math.min(at.fine.last, range.last) };
  if (fine.first > fine.last) return undefined;
  if (fine.first === at.fine.first && fine.last === at.fine.last) return at;
  const part = (fine.last - fine.first + 1) / (at.fine.last - at.fine.first + 1);
  return { ...at, fine, size: part * at.size };
}
