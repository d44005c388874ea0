/** Parameters that belong together, in the order in which they are stored, and how they are drawn at the beginning. */
export interface ParameterBlock {
  readonly name: string;
  readonly size: number;
  /** Initial entries are mean + deviation × standard normal. */
  readonly mean: number;
  readonly deviation: number;
}

/** The opening layer of a network: a batch of data x into the state u₀ = F(x; θ). Batches are row-major, [batch][entries]. */
export interface OpeningMap {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameterSize: number;
  /** Sizes add up to `parameterSize`. */
  readonly blocks: readonly ParameterBlock[];
  /** y ← F(x; θ) */
  forward(parameters: Float64Array, x: Float64Array, y: Float64Array): void;
  /** gradient ← gradient + (∂F/∂θ)ᵀ adjoint */
  addParameterProduct(parameters: Float64Array, x: Float64Array, adjoint: Float64Array, gradient: Float64Array): void;
}

/** A differentiable map from one space to another: what opens and closes a network, and what a residual layer adds. */
export interface ParametrisedMap extends OpeningMap {
  /** out ← (∂F/∂x)ᵀ adjoint */
  inputProduct(parameters: Float64Array, x: Float64Array, adjoint: Float64Array, out: Float64Array): void;
  /** `forward` of independent calls at once, with the same bits. */
  forwardMany?(parameters: readonly Float64Array[], x: readonly Float64Array[], y: readonly Float64Array[]): void;
  /** `inputProduct` of independent calls at once, with the same bits. */
  inputProductMany?(parameters: readonly Float64Array[], x: readonly Float64Array[], adjoint: readonly Float64Array[], out: readonly Float64Array[]): void;
}

/** Weights that read `inputs` entries each: deviation 1/√inputs, so that sums of independent unit entries have unit variance. */
export function weightBlock(name: string, size: number, inputs: number): ParameterBlock {
  return { name, size, mean: 0, deviation: inputs > 0 ? 1 / Math.sqrt(inputs) : 0 };
}

/** Entries that all start at the same value: zero biases, unit gains. */
export function constantBlock(name: string, size: number, mean = 0): ParameterBlock {
  return { name, size, mean, deviation: 0 };
}

export function totalSize(blocks: readonly ParameterBlock[]): number {
  return blocks.reduce((sum, { size }) => sum + size, 0);
}
