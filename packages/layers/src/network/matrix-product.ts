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
 * A row of y or x̄ must not depend on the other rows, so that the states of a sweep have the same bits in whatever batches they come.
 */
export interface MatrixProduct {
  /** y ← x Wᵀ */
  forward(shape: ProductShape, x: Float64Array, weights: Float64Array, y: Float64Array): void;
  /** x̄ ← ȳ W */
  backward(shape: ProductShape, yAdjoint: Float64Array, weights: Float64Array, xAdjoint: Float64Array): void;
  /** W̄ ← W̄ + ȳᵀ x */
  addOuter(shape: ProductShape, yAdjoint: Float64Array, x: Float64Array, gradient: Float64Array): void;
}

/** Plain loops over typed arrays. */
export const plainMatrixProduct: MatrixProduct = {
  forward({ batch, inputs, outputs }, x, weights, y) {
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outputs; o++) {
        let sum = 0;
        for (let i = 0; i < inputs; i++) sum += x[b * inputs + i] * weights[o * inputs + i];
        y[b * outputs + o] = sum;
      }
    }
  },
  backward({ batch, inputs, outputs }, yAdjoint, weights, xAdjoint) {
    for (let b = 0; b < batch; b++) {
      const row = b * inputs;
      for (let i = 0; i < inputs; i++) xAdjoint[row + i] = 0;
      for (let o = 0; o < outputs; o++) {
        const value = yAdjoint[b * outputs + o];
        for (let i = 0; i < inputs; i++) xAdjoint[row + i] += value * weights[o * inputs + i];
      }
    }
  },
  addOuter({ batch, inputs, outputs }, yAdjoint, x, gradient) {
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outputs; o++) {
        const value = yAdjoint[b * outputs + o];
        for (let i = 0; i < inputs; i++) gradient[o * inputs + i] += value * x[b * inputs + i];
      }
    }
  },
};
