import { requireArgument } from "@parakkt/core";
import type { Layer, LayerCall } from "./layer.js";
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
  /** next ← u + h m ∘ next */
  const advance = ({ size, mask }: LayerCall, u: Float64Array, next: Float64Array): void => {
    if (mask) for (let j = 0; j < stateSize; j++) next[j] = u[j] + size * mask[j] * next[j];
    else for (let j = 0; j < stateSize; j++) next[j] = u[j] + size * next[j];
  };
  /** out ← h m ∘ adjoint */
  const scale = ({ size, mask }: LayerCall, adjoint: Float64Array, out: Float64Array): Float64Array => {
    if (mask) for (let j = 0; j < stateSize; j++) out[j] = size * mask[j] * adjoint[j];
    else for (let j = 0; j < stateSize; j++) out[j] = size * adjoint[j];
    return out;
  };
  const add = (x: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < stateSize; j++) out[j] += x[j];
  };
  return {
    ...{ name, batch, features: stateSize / batch, stateSize, inputSize: 0 },
    ...{ parameterSize: map.parameterSize, blocks: map.blocks },
    forward(call, u, next) {
      map.forward(call.parameters, u, next);
      advance(call, u, next);
    },
    stateProduct(call, u, adjoint, out) {
      map.inputProduct(call.parameters, u, scale(call, adjoint, scaled), out);
      add(adjoint, out);
    },
    addParameterProduct(call, u, adjoint, gradient) {
      map.addParameterProduct(call.parameters, u, scale(call, adjoint, scaled), gradient);
    },
    ...manyAtOnce(map, { advance, scale, add }),
  };
}

/** What one layer does around its map. */
interface ResidualUpdates {
  advance(call: LayerCall, u: Float64Array, next: Float64Array): void;
  scale(call: LayerCall, adjoint: Float64Array, out: Float64Array): Float64Array;
  add(x: Float64Array, out: Float64Array): void;
}

/** Independent calls at once, where the map can. */
function manyAtOnce({ outputSize, forwardMany, inputProductMany }: ParametrisedMap, { advance, scale, add }: ResidualUpdates): Pick<Layer, "forwardMany" | "stateProductMany"> {
  const scaled: Float64Array[] = [];
  return {
    ...(forwardMany && {
      forwardMany(calls, states, next) {
        forwardMany(calls.map(parametersOf), states, next);
        calls.forEach((call, k) => advance(call, states[k], next[k]));
      },
    }),
    ...(inputProductMany && {
      stateProductMany(calls, states, adjoints, out) {
        while (scaled.length < calls.length) scaled.push(new Float64Array(outputSize));
        const scaledAdjoints = calls.map((call, k) => scale(call, adjoints[k], scaled[k]));
        inputProductMany(calls.map(parametersOf), states, scaledAdjoints, out);
        adjoints.forEach((adjoint, k) => add(adjoint, out[k]));
      },
    }),
  };
}

const parametersOf = ({ parameters }: LayerCall): Float64Array => parameters;
