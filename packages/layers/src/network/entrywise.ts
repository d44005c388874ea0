import type { Kernels } from "@parakkt/kernels";
import { identity, tanh, type Activation } from "./activation.js";

/** An activation on all entries of a vector, in place. */
export interface EntrywiseActivation {
  /** x ← σ(x) */
  values(x: Float64Array): void;
  /** x ← σ'(x) ∘ adjoint */
  slopes(x: Float64Array, adjoint: Float64Array): void;
}

/** By the kernels where they have the function, and by its definition otherwise. */
export function entrywise(activation: Activation, { dense }: Kernels): EntrywiseActivation {
  if (activation === identity) return { values: () => {}, slopes: (x, adjoint) => x.set(adjoint) };
  if (activation === tanh) {
    return {
      values: dense.tanh,
      slopes(x, adjoint) {
        dense.tanh(x);
        for (let j = 0; j < x.length; j++) x[j] = (1 - x[j] * x[j]) * adjoint[j];
      },
    };
  }
  const { value, slope } = activation;
  return {
    values(x) {
      for (let j = 0; j < x.length; j++) x[j] = value(x[j]);
    },
    slopes(x, adjoint) {
      for (let j = 0; j < x.length; j++) x[j] = slope(x[j]) * adjoint[j];
    },
  };
}
