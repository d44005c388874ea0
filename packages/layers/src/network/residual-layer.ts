import { requireArgument } from "@parakkt/core";
import type { Layer } from "./layer.js";
import type { ParametrisedMap } from "./parametrised-map.js";

export interface ResidualLayerOptions {
  readonly name: string;
  readonly batch: number;
  /** F: from a batch of states to a batch of states. */
  readonly map: ParametrisedMap;
}

/**
 * Φ(u) = u + h m ∘ F(u; θ), forward Euler for u' = F (MGR.2): the layer of any residual network, with the mask m of dropout if there is one.
 *
 * Any map of one's own becomes a layer this way. Cost: that of F and of its transposes.
 */
export function residualLayer({ name, batch, map }: ResidualLayerOptions): Layer {
  const stateSize = map.outputSize;
  requireArgument(map.inputSize === stateSize && stateSize % batch === 0, () => ({
    what: `map of the layer "${name}"`,
    where: "residualLayer",
    expected: `as many outputs as inputs, a multiple of the batch ${batch}`,
    got: `${map.inputSize} inputs and ${stateSize} outputs`,
  }));
  const scaled = new Float64Array(stateSize);
  /** scaled ← h m ∘ adjoint */
  const scale = (size: number, mask: Float64Array | undefined, adjoint: Float64Array): Float64Array => {
    if (mask) for (let j = 0; j < stateSize; j++) scaled[j] = size * mask[j] * adjoint[j];
    else for (let j = 0; j < stateSize; j++) scaled[j] = size * adjoint[j];
    return scaled;
  };
  return {
    ...{ name, batch, features: stateSize / batch, stateSize, inputSize: 0 },
    ...{ parameterSize: map.parameterSize, blocks: map.blocks },
    forward({ size, parameters, mask }, u, next) {
      map.forward(parameters, u, next);
      if (mask) for (let j = 0; j < stateSize; j++) next[j] = u[j] + size * mask[j] * next[j];
      else for (let j = 0; j < stateSize; j++) next[j] = u[j] + size * next[j];
    },
    stateProduct({ size, parameters, mask }, u, adjoint, out) {
      map.inputProduct(parameters, u, scale(size, mask, adjoint), out);
      for (let j = 0; j < stateSize; j++) out[j] += adjoint[j];
    },
    addParameterProduct({ size, parameters, mask }, u, adjoint, gradient) {
      map.addParameterProduct(parameters, u, scale(size, mask, adjoint), gradient);
    },
  };
}
