import type { Kernels } from "@parakkt/kernels";
import { identity, type Activation } from "./activation.js";
import { denseProducts, layerKernels } from "./dense-products.js";
import { entrywise } from "./entrywise.js";
import { manyVectors, type ManyVectors } from "./many-vectors.js";
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
  const room = manyVectors(kernels, outputSize);

  /** a ← Wx + b; W is what parameters begin with. */
  const preactivate = (parameters: Float64Array, x: Float64Array): void => {
    products.forward(x, parameters, a);
    addRow(parameters, weightCount, a, outputs);
  };
  const preactivateMany = (parameters: readonly Float64Array[], x: readonly Float64Array[]): ManyVectors => {
    const vectors = room(x.length);
    products.forwardMany(x, parameters, vectors.parts);
    parameters.forEach((theta, k) => addRow(theta, weightCount, vectors.parts[k], outputs));
    return vectors;
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
      preactivate(parameters, x);
      sigma.slopes(a, adjoint);
      products.backward(a, parameters, out);
    },
    addParameterProduct(parameters, x, adjoint, gradient) {
      preactivate(parameters, x);
      sigma.slopes(a, adjoint);
      products.addOuter(a, x, gradient);
      addColumnSums(a, outputs, gradient, weightCount);
    },
    forwardMany(parameters, x, y) {
      const { whole, parts } = preactivateMany(parameters, x);
      sigma.values(whole);
      parts.forEach((part, k) => y[k].set(part));
    },
    inputProductMany(parameters, x, adjoint, out) {
      const { parts } = preactivateMany(parameters, x);
      parts.forEach((part, k) => sigma.slopes(part, adjoint[k]));
      products.backwardMany(parts, parameters, out);
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
