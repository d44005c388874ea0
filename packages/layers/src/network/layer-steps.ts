import type { ParametrisedStepFunction } from "../adjoint/differentiable-step-function.js";
import type { LevelStep } from "../hierarchy/time-hierarchy.js";
import type { Layer, LayerCall } from "./layer.js";
import type { StepValues } from "./step-values.js";

export interface LayerStepsOptions {
  readonly layer: Layer;
  readonly parameters: StepValues;
  /** Elements of an input sequence, for layers that read one. */
  readonly inputs?: StepValues;
  /** Dropout masks, the same on every sweep of a solve. */
  readonly masks?: StepValues;
}

const noInput = new Float64Array(0);

/** The layers of a network as steps: step n is the layer with the values of step n; a coarse step is the same layer with a larger h. */
export function layerSteps({ layer, parameters, inputs, masks }: LayerStepsOptions): ParametrisedStepFunction {
  const call = (at: LevelStep): LayerCall => ({
    size: at.size,
    parameters: parameters.at(at),
    input: inputs?.at(at) ?? noInput,
    ...(masks && { mask: masks.at(at) }),
  });
  const { forwardMany, stateProductMany } = layer;
  return {
    stateSize: layer.stateSize,
    parameterSize: layer.parameterSize,
    step: (at, state, next) => layer.forward(call(at), state, next),
    stateProduct: (at, state, adjoint, previous) => layer.stateProduct(call(at), state, adjoint, previous),
    addParameterProduct: (at, state, adjoint, gradient) => layer.addParameterProduct(call(at), state, adjoint, gradient),
    ...(forwardMany && { stepMany: (at, states, next) => forwardMany(at.map(call), states, next) }),
    ...(stateProductMany && { stateProductMany: (at, states, adjoints, previous) => stateProductMany(at.map(call), states, adjoints, previous) }),
  };
}
