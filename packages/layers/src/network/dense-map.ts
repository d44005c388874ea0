import { identity, type Activation } from "./activation.js";
import { plainMatrixProduct, type MatrixProduct } from "./matrix-product.js";
import { constantBlock, weightBlock, type ParametrisedMap } from "./parametrised-map.js";

export interface DenseMapOptions {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Default: the identity. */
  readonly activation?: Activation;
  readonly product?: MatrixProduct;
}

/** y = σ(Wx + b): opening layer (features into the state) and closing layer (state into logits). Parameters: W, [outputs][inputs], and b. */
export function denseMap({ batch, inputs, outputs, activation = identity, product = plainMatrixProduct }: DenseMapOptions): ParametrisedMap {
  const shape = { batch, inputs, outputs };
  const outputSize = batch * outputs;
  const biasStart = inputs * outputs;
  const a = new Float64Array(outputSize);
  const aAdjoint = new Float64Array(outputSize);

  /** a ← Wx + b */
  const preactivate = (parameters: Float64Array, x: Float64Array): void => {
    product.forward(shape, x, parameters, a);
    for (let b = 0, j = 0; b < batch; b++) for (let o = 0; o < outputs; o++, j++) a[j] += parameters[biasStart + o];
  };
  /** ā ← σ'(a) ∘ adjoint */
  const preactivationAdjoint = (parameters: Float64Array, x: Float64Array, adjoint: Float64Array): void => {
    preactivate(parameters, x);
    for (let j = 0; j < outputSize; j++) aAdjoint[j] = activation.slope(a[j]) * adjoint[j];
  };
  return {
    inputSize: batch * inputs,
    outputSize,
    parameterSize: biasStart + outputs,
    blocks: [weightBlock("weights", biasStart, inputs), constantBlock("bias", outputs)],
    forward(parameters, x, y) {
      preactivate(parameters, x);
      for (let j = 0; j < outputSize; j++) y[j] = activation.value(a[j]);
    },
    inputProduct(parameters, x, adjoint, out) {
      preactivationAdjoint(parameters, x, adjoint);
      product.backward(shape, aAdjoint, parameters, out);
    },
    addParameterProduct(parameters, x, adjoint, gradient) {
      preactivationAdjoint(parameters, x, adjoint);
      product.addOuter(shape, aAdjoint, x, gradient);
      for (let b = 0, j = 0; b < batch; b++) for (let o = 0; o < outputs; o++, j++) gradient[biasStart + o] += aAdjoint[j];
    },
  };
}
