import type { Kernels } from "@parakkt/kernels";
import { addColumnSums, addRow } from "../network/dense-map.js";
import { denseProducts } from "../network/dense-products.js";
import { constantBlock, weightBlock } from "../network/parametrised-map.js";
import type { Block } from "./block.js";

export interface LinearOptions {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernels: Kernels;
}

/** y = x Wᵀ + b, row by row. */
export function linear({ rows, inputs, outputs, kernels }: LinearOptions): Block {
  const products = denseProducts(kernels, { batch: rows, inputs, outputs });
  const weightCount = inputs * outputs;
  return {
    blocks: [weightBlock("weights", weightCount, inputs), constantBlock("bias", outputs)],
    forward(parameters, x, y) {
      products.forward(x, parameters, y);
      addRow(parameters, weightCount, y, outputs);
    },
    pullBack(parameters, x, adjoint, { input, gradient }) {
      products.backward(adjoint, parameters, input);
      if (!gradient) return;
      products.addOuter(adjoint, x, gradient);
      addColumnSums(adjoint, outputs, gradient, weightCount);
    },
  };
}
