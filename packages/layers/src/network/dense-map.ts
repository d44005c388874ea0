import type { Kernels } from "@parakkt/kernels";
import { identity, type Activation } from "./activation.js";
import { denseProducts, layerKernels } from "./dense-products.js";
import { entrywise } from "./entrywise.js";
import { constantBlock, weightBlock, type ParametrisedMap } from "./parametrised-map.js";

export interface DenseMapOptions {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Default: the identity. */
  readonly activation?: Activation;
  readonly kernels?: Kernels;
}

/**
 * y = σ(Wx + b): opening layer (data into the state) and closing layer (state into logits). Parameters: W, [outputs][inputs], and b.
 *
 * Forward costs one matrix product, each transpose two.
 */
export function denseMap({ batch, inputs, outputs, activation = identity, kernels = layerKernels() }: DenseMapOptions): ParametrisedMap {
  const outputSize = batch * outputs;
  const weightCount = inputs * outputs;
  const products = denseProducts(kernels, { batch, inputs, outputs });
  const sigma = entrywise(activation, kernels);
  const a = kernels.allocate(outputSize);
  const weights = (parameters: Float64Array): Float64Array => parameters.subarray(0, weightCount);

  /** a ← Wx + b */
  const preactivate = (parameters: Float64Array, x: Float64Array): void => {
    products.forward(x, weights(parameters), a);
    addRow(parameters, weightCount, a, outputs);
  };
  /** a ← σ'(a) ∘ adjoint */
  const preactivationAdjoint = (parameters: Float64Array, x: Float64Array, adjoint: Float64Array): void => {
    preactivate(parameters, x);
    sigma.slopes(a, adjoint);
  };
  return {
    inputSize: batch * inputs,
    outputSize,
    parameterSize: weightCount + outputs,
    blocks: [weightBlock("weights", weightCount, inputs), constantBlock("bias", outputs)],
    forward(parameters, x, y) {
      preactivate(parameters, x);
      sigma.values(a);
      y.set(a);
    },
    inputProduct(parameters, x, adjoint, out) {
      preactivationAdjoint(parameters, x, adjoint);
      products.backward(a, weights(parameters), out);
    },
    addParameterProduct(parameters, x, adjoint, gradient) {
      preactivationAdjoint(parameters, x, adjoint);
      products.addOuter(a, x, weights(gradient));
      addColumnSums(a, outputs, gradient, weightCount);
    },
  };
}

/** Adds entries start … start + width − 1 of `bias` to every row of x. */
export function addRow(bias: Float64Array, start: number, x: Float64Array, width: number): void {
  for (let row = 0; row < x.length; row += width) for (let o = 0; o < width; o++) x[row + o] += bias[start + o];
}

/** Its transpose: adds the sums of the columns of x to entries start … of `out`. */
export function addColumnSums(x: Float64Array, width: number, out: Float64Array, start: number): void {
  for (let row = 0; row < x.length; row += width) for (let o = 0; o < width; o++) out[start + o] += x[row + o];
}
