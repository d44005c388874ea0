import { kernels, type Kernels } from "@parakkt/kernels";

/** Sizes of a dense layer's products: a batch of rows with `inputs` entries, and weights of `outputs` rows with `inputs` entries. */
export interface ProductShape {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * The three matrix products of a dense layer y = x Wᵀ and of its transposes. All matrices are row-major: x is [batch][inputs],
 * y is [batch][outputs], W is [outputs][inputs].
 *
 * A row of y or x̄ has the same bits whatever the other rows are, so that those of a sweep do not depend on how it is batched.
 */
export interface DenseProducts {
  /** y ← x Wᵀ */
  forward(x: Float64Array, weights: Float64Array, y: Float64Array): void;
  /** `forward` of independent products at once, with the same bits. */
  forwardMany(x: readonly Float64Array[], weights: readonly Float64Array[], y: readonly Float64Array[]): void;
  /** x̄ ← ȳ W */
  backward(yAdjoint: Float64Array, weights: Float64Array, xAdjoint: Float64Array): void;
  /** `backward` of independent products at once, with the same bits. */
  backwardMany(yAdjoint: readonly Float64Array[], weights: readonly Float64Array[], xAdjoint: readonly Float64Array[]): void;
  /** W̄ ← W̄ + ȳᵀ x */
  addOuter(yAdjoint: Float64Array, x: Float64Array, gradient: Float64Array): void;
}

export function denseProducts({ dense }: Kernels, { batch, inputs, outputs }: ProductShape): DenseProducts {
  const forward = dense.matrixProduct({ rows: batch, columns: outputs, inner: inputs, b: { transposed: true } });
  const backward = dense.matrixProduct({ rows: batch, columns: inputs, inner: outputs });
  const outer = dense.matrixProduct({ rows: outputs, columns: inputs, inner: batch, a: { transposed: true }, beta: 1 });
  return { forward: forward.apply, forwardMany: forward.applyMany, backward: backward.apply, backwardMany: backward.applyMany, addOuter: outer.apply };
}

let shared: Kernels | undefined;

/** The kernels of layers that are not given any: the fastest there are, one memory for all of them, which only grows. */
export function layerKernels(): Kernels {
  return (shared ??= kernels(0));
}
