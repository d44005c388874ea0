import type { Kernels } from "@parakkt/kernels";
import type { Activation } from "../network/activation.js";
import { entrywise } from "../network/entrywise.js";
import { parameterSplit, type Block } from "./block.js";
import { linear } from "./linear.js";

export interface FeedForwardOptions {
  readonly rows: number;
  readonly features: number;
  readonly hidden: number;
  readonly activation: Activation;
  readonly kernels: Kernels;
}

/** y = W₂ σ(W₁ x + b₁) + b₂, row by row. */
export function feedForward({ rows, features, hidden, activation, kernels }: FeedForwardOptions): Block {
  const [up, down] = [linear({ rows, inputs: features, outputs: hidden, kernels }), linear({ rows, inputs: hidden, outputs: features, kernels })];
  const sigma = entrywise(activation, kernels);
  const split = parameterSplit([up, down]);
  const [a, value, adjointOfValue] = Array.from({ length: 3 }, () => kernels.allocate(rows * hidden));
  return {
    blocks: [...up.blocks, ...down.blocks],
    forward(parameters, x, y) {
      const [theta1, theta2] = split(parameters);
      up.forward(theta1, x, a);
      value.set(a);
      sigma.values(value);
      down.forward(theta2, value, y);
    },
    pullBack(parameters, x, adjoint, { input, gradient }) {
      const [theta1, theta2] = split(parameters);
      const [gradient1, gradient2] = split(gradient);
      down.pullBack(theta2, value, adjoint, { input: adjointOfValue, gradient: gradient2 });
      sigma.slopes(a, adjointOfValue);
      up.pullBack(theta1, x, a, { input, gradient: gradient1 });
    },
  };
}
