import { axpy, xpay } from "@parakkt/core";
import { clearMemory, type Optimizer } from "./optimizer.js";

/** θ ← θ − α ∇J: stochastic gradient descent. Keeps nothing. */
export function gradientDescent(): Optimizer {
  return {
    name: "sgd",
    memory: [],
    reset: () => {},
    update({ parameters, gradient, rate }) {
      axpy(-rate, gradient, parameters);
      return { step: rate, evaluations: 0 };
    },
  };
}

/** v ← μ v + ∇J, θ ← θ − α v: descent with momentum [Polyak1964]. Keeps one vector. */
export function momentum(size: number, { decay = 0.9 }: { readonly decay?: number } = {}): Optimizer {
  const velocity = new Float64Array(size);
  const memory = [velocity];
  return {
    name: "momentum",
    memory,
    reset: () => clearMemory(memory),
    update({ parameters, gradient, rate }) {
      xpay(gradient, decay, velocity);
      axpy(-rate, velocity, parameters);
      return { step: rate, evaluations: 0 };
    },
  };
}
