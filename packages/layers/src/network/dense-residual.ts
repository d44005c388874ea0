import { tanh, type Activation } from "./activation.js";
import { denseMap } from "./dense-map.js";
import type { Layer } from "./layer.js";
import type { MatrixProduct } from "./matrix-product.js";

export interface DenseResidualOptions {
  readonly batch: number;
  readonly features: number;
  /** Default tanh. */
  readonly activation?: Activation;
  readonly product?: MatrixProduct;
}

/**
 * Φ(u) = u + hσ(Wu + b): the layer of a residual network [He2016] as forward Euler for u' = σ(W(t)u + b(t)) (MGR.2).
 *
 * Parameters: W, [features][features], and b. Forward costs one matrix product, each transpose two.
 */
export function denseResidual({ batch, features, activation = tanh, ...options }: DenseResidualOptions): Layer {
  const map = denseMap({ batch, inputs: features, outputs: features, activation, ...options });
  const stateSize = batch * features;
  const scaled = new Float64Array(stateSize);

  return {
    name: "dense-residual",
    batch,
    features,
    stateSize,
    parameterSize: map.parameterSize,
    forward({ size, parameters }, u, next) {
      map.forward(parameters, u, next);
      for (let j = 0; j < stateSize; j++) next[j] = u[j] + size * next[j];
    },
    stateProduct({ size, parameters }, u, adjoint, out) {
      map.inputProduct(parameters, u, adjoint, out);
      for (let j = 0; j < stateSize; j++) out[j] = adjoint[j] + size * out[j];
    },
    addParameterProduct({ size, parameters }, u, adjoint, gradient) {
      for (let j = 0; j < stateSize; j++) scaled[j] = size * adjoint[j];
      map.addParameterProduct(parameters, u, scaled, gradient);
    },
  };
}
