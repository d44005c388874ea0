import { requireArgument } from "@parakkt/core";
import type { Kernels } from "@parakkt/kernels";
import { gelu, type Activation } from "../network/activation.js";
import { layerKernels } from "../network/dense-products.js";

export interface TransformerOptions {
  readonly batch: number;
  /** Tokens of the sequence. */
  readonly tokens: number;
  /** Entries of a token. */
  readonly features: number;
  /** They share the features evenly. Default 1. */
  readonly heads?: number;
  /** Width between the two matrices of the feed-forward part. Default 4 · features. */
  readonly hidden?: number;
  /** Default `gelu`. */
  readonly activation?: Activation;
  readonly kernels?: Kernels;
}

/** With the defaults, once checked. */
export function completeOptions(options: TransformerOptions): Required<TransformerOptions> {
  const { features, heads = 1 } = options;
  requireArgument(Number.isInteger(features / heads) && heads >= 1, () => ({
    what: "heads",
    where: "transformer layer",
    expected: `a divisor of the ${features} features`,
    got: String(heads),
  }));
  return { hidden: 4 * features, activation: gelu, kernels: layerKernels(), ...options, heads };
}
