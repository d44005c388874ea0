import { requireArgument } from "@parakkt/core";
import type { Layer, LayerCall } from "./layer.js";
import type { OpeningMap, ParametrisedMap } from "./parametrised-map.js";

/** G ∘ F, parameters of F first. Products evaluate F once more. */
export function composedMap(first: ParametrisedMap, second: ParametrisedMap): ParametrisedMap;
export function composedMap(first: OpeningMap, second: ParametrisedMap): OpeningMap;
export function composedMap(first: OpeningMap | ParametrisedMap, second: ParametrisedMap): OpeningMap | ParametrisedMap {
  requireArgument(first.outputSize === second.inputSize, () => ({
    what: "maps to compose",
    where: "composedMap",
    expected: `a second map of ${first.outputSize} inputs`,
    got: String(second.inputSize),
  }));
  const middle = new Float64Array(first.outputSize);
  const middleAdjoint = new Float64Array(first.outputSize);
  const split = (parameters: Float64Array): [Float64Array, Float64Array] => [parameters.subarray(0, first.parameterSize), parameters.subarray(first.parameterSize)];
  /** The adjoint between the maps. */
  const pullBack = (parameters: Float64Array, x: Float64Array, adjoint: Float64Array): void => {
    const [theta, eta] = split(parameters);
    first.forward(theta, x, middle);
    second.inputProduct(eta, middle, adjoint, middleAdjoint);
  };
  const opening: OpeningMap = {
    inputSize: first.inputSize,
    outputSize: second.outputSize,
    parameterSize: first.parameterSize + second.parameterSize,
    blocks: [...first.blocks, ...second.blocks],
    forward(parameters, x, y) {
      const [theta, eta] = split(parameters);
      first.forward(theta, x, middle);
      second.forward(eta, middle, y);
    },
    addParameterProduct(parameters, x, adjoint, gradient) {
      pullBack(parameters, x, adjoint);
      const [theta, eta] = split(parameters);
      const [ofFirst, ofSecond] = split(gradient);
      second.addParameterProduct(eta, middle, adjoint, ofSecond);
      first.addParameterProduct(theta, x, middleAdjoint, ofFirst);
    },
  };
  if (!("inputProduct" in first)) return opening;
  return {
    ...opening,
    inputProduct(parameters, x, adjoint, out) {
      pullBack(parameters, x, adjoint);
      first.inputProduct(split(parameters)[0], x, middleAdjoint, out);
    },
  };
}

export interface SerialLayersOptions {
  readonly layer: Layer;
  readonly count: number;
  /** h of each of them. */
  readonly stepSize: number;
}

/**
 * Residual layers as one map: *serial buffer layers*, to be composed with the opening or closing layer of a network. What changes fast
 * near its ends is then propagated exactly, and only the layers between are iterated on.
 */
export function serialLayers({ layer, count, stepSize }: SerialLayersOptions): ParametrisedMap {
  const single = layerMap(layer, stepSize);
  return count === 1 ? single : composedMap(serialLayers({ layer, count: count - 1, stepSize }), single);
}

function layerMap(layer: Layer, size: number): ParametrisedMap {
  requireArgument(layer.inputSize === 0, () => ({ what: "serial layer", where: "serialLayers", expected: "a layer that reads no sequence", got: layer.name }));
  const call = (parameters: Float64Array): LayerCall => ({ size, parameters, input: new Float64Array(0) });
  return {
    ...{ inputSize: layer.stateSize, outputSize: layer.stateSize },
    ...{ parameterSize: layer.parameterSize, blocks: layer.blocks },
    forward: (parameters, x, y) => layer.forward(call(parameters), x, y),
    inputProduct: (parameters, x, adjoint, out) => layer.stateProduct(call(parameters), x, adjoint, out),
    addParameterProduct: (parameters, x, adjoint, gradient) => layer.addParameterProduct(call(parameters), x, adjoint, gradient),
  };
}
