import type { Kernels } from "@parakkt/kernels";
import { tanh, type Activation } from "./activation.js";
import { denseMap } from "./dense-map.js";
import type { Layer } from "./layer.js";
import { residualLayer } from "./residual-layer.js";

export interface DenseResidualOptions {
  readonly batch: number;
  readonly features: number;
  /** Default tanh. */
  readonly activation?: Activation;
  readonly kernels?: Kernels;
}

/**
 * Φ(u) = u + hσ(Wu + b): the layer of a residual network [He2016] as forward Euler for u' = σ(W(t)u + b(t)) (MGR.2).
 *
 * Parameters: W, [features][features], and b. Forward costs one matrix product, each transpose two.
 */
export function denseResidual({ batch, features, activation = tanh, ...options }: DenseResidualOptions): Layer {
  return residualLayer({ name: "dense-residual", batch, map: denseMap({ batch, inputs: features, outputs: features, activation, ...options }) });
}
