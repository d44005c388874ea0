import { totalSize, type ParameterBlock, type ParametrisedMap } from "../network/parametrised-map.js";

/** A differentiable part of a layer. Unlike a `ParametrisedMap` it keeps what it computed: products belong to the last `forward`. */
export interface Block {
  readonly blocks: readonly ParameterBlock[];
  forward(parameters: Float64Array, x: Float64Array, y: Float64Array): void;
  /** sensitivity.input ← (∂F/∂x)ᵀ adjoint; sensitivity.gradient ← itself + (∂F/∂θ)ᵀ adjoint, where there is one. */
  pullBack(parameters: Float64Array, x: Float64Array, adjoint: Float64Array, sensitivity: Sensitivity): void;
}

/** Where the transposed derivatives of a block go. */
export interface Sensitivity {
  readonly input: Float64Array;
  readonly gradient?: Float64Array | undefined;
}

/** A block as a map that keeps nothing: every product evaluates it again. */
export function blockMap(block: Block, { inputSize, outputSize }: { inputSize: number; outputSize: number }): ParametrisedMap {
  const [value, input] = [new Float64Array(outputSize), new Float64Array(inputSize)];
  return {
    ...{ inputSize, outputSize },
    parameterSize: totalSize(block.blocks),
    blocks: block.blocks,
    forward: block.forward,
    inputProduct(parameters, x, adjoint, out) {
      block.forward(parameters, x, value);
      block.pullBack(parameters, x, adjoint, { input: out });
    },
    addParameterProduct(parameters, x, adjoint, gradient) {
      block.forward(parameters, x, value);
      block.pullBack(parameters, x, adjoint, { input, gradient });
    },
  };
}

/** Splits a vector of parameters, or of their gradient, into those of consecutive parts. */
export function parameterSplit(parts: readonly Pick<Block, "blocks">[]): <V extends Float64Array | undefined>(vector: V) => V[] {
  const ends: number[] = [];
  for (const { blocks } of parts) ends.push((ends[ends.length - 1] ?? 0) + totalSize(blocks));
  return <V extends Float64Array | undefined>(vector: V) => ends.map((end, k) => vector?.subarray(k === 0 ? 0 : ends[k - 1], end) as V);
}

/** out ← x + y */
export function addInto(x: Float64Array, y: Float64Array, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = x[j] + y[j];
}
