import { requireArgument, seededRandom } from "@parakkt/core";
import { initialiseParameters, type Network } from "../network/network.js";
import type { NetworkFamily } from "./network-family.js";
import { perLayerWeights, splineWeights, type LayerWeights, type SplineOptions } from "./weights/layer-weights.js";
import { regularization, type LayeredWeights, type RegularizationOptions } from "./weights/regularization.js";

export interface TrainedParametersOptions {
  readonly family: NetworkFamily;
  readonly depth: number;
  /** Weights of the layers as splines; default: every layer has its own. */
  readonly spline?: SplineOptions;
  readonly regularization?: RegularizationOptions;
}

/** What is trained, and the parameters θ of the network that follow from it. */
export interface TrainedParameters {
  /** [opening | coefficients of the layers | closing] */
  readonly values: Float64Array;
  /** θ, for `NetworkFamily.build`. */
  readonly parameters: Float64Array;
  /** θ ← what the values say. */
  expand(): void;
  /** The penalty on θ. */
  penalty(): number;
  /** out ← the derivative by the values of a loss with ∂ℓ/∂θ = gradient, and of the penalty. The gradient is overwritten. */
  collect(gradient: Float64Array, out: Float64Array): void;
  /** The values of the network that is twice as deep and, step size apart, the same (TRN.5). */
  refined(): Float64Array;
}

export function trainedParameters({ family, depth, spline, regularization: weights = {} }: TrainedParametersOptions): TrainedParameters {
  const network = family.build({ batch: 1, depth });
  const { parameters } = network;
  const [from, to] = [network.openingPart.size, network.closingPart.start];
  const shared = network.phases.some((phase) => phase.shared === true);
  requireArgument(!(shared && spline), () => ({ what: "spline weights", where: "trainedParameters", expected: "layers with weights of their own", got: "layers that share theirs" }));
  const layers: LayerWeights = spline ? splineWeights(depth, spline) : perLayerWeights(depth);
  const values = new Float64Array(from + (to - from) * (spline ? layers.rows / depth : 1) + parameters.length - to);
  const last = values.length - (parameters.length - to);
  const penalty = regularization(weights);
  const layered = layeredWeights(network, parameters.subarray(from, to));
  const tail = (vector: Float64Array, start: number): Float64Array => vector.subarray(start);
  return {
    values,
    parameters,
    expand() {
      parameters.set(values.subarray(0, from));
      layers.expand(values.subarray(from, last), parameters.subarray(from, to));
      parameters.set(tail(values, last), to);
    },
    penalty: () => penalty.value(layered),
    collect(gradient, out) {
      penalty.addGradient(layered, gradient.subarray(from, to));
      out.set(gradient.subarray(0, from));
      layers.collect(gradient.subarray(from, to), out.subarray(from, last));
      out.set(tail(gradient, to), last);
    },
    refined() {
      requireArgument(!shared, () => ({ what: "a finer network", where: "trainedParameters", expected: "layers with weights of their own", got: "a recurrent network, whose depth is that of its sequences" }));
      return joined([values.subarray(0, from), layers.refine(values.subarray(from, last)), tail(values, last)]);
    },
  };
}

/** Layers of one kind follow one another h apart; where kinds or shared weights meet, there is no difference quotient: one row. */
function layeredWeights(network: Network, weights: Float64Array): LayeredWeights {
  const uniform = network.phases.length === 1 && network.phases[0].shared !== true;
  return { layers: uniform ? network.grid.steps : 1, stepSize: network.grid.step(1).size, weights };
}

export interface InitialValuesOptions extends TrainedParametersOptions {
  readonly seed: number;
  /** Factor on the deviations of the layers. Default 1. */
  readonly layerScale?: number;
}

/** Random initial values; coefficients of splines are drawn as the weights of a network with one layer for each. */
export function initialValues({ family, depth, spline, seed, layerScale = 1 }: InitialValuesOptions): Float64Array {
  const network = family.build({ batch: 1, depth: spline?.knots ?? depth });
  initialiseParameters(network, seededRandom(seed), layerScale);
  return network.parameters;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
