import type { ParameterBlock } from "./parametrised-map.js";

/** What a layer needs to know of the step that it is on its level. */
export interface LayerCall {
  /** h, on coarse levels the larger step. */
  readonly size: number;
  /** θ */
  readonly parameters: Float64Array;
  /** The element of an input sequence that belongs to this step, [batch][inputs]; empty for layers without. */
  readonly input: Float64Array;
  /** Factors of what the layer adds to the state, [batch][features]: dropout. None: 1. */
  readonly mask?: Float64Array;
}

/**
 * One residual layer u ↦ Φ(u; θ) of a network on a batch of states, [batch][features], and the transposes of its derivatives.
 *
 * Outputs come last, never alias inputs and are overwritten, but for the gradient, which is added to. Nothing is kept from
 * one call for the next: products are linearised at the given state.
 */
export interface Layer {
  readonly name: string;
  readonly batch: number;
  readonly features: number;
  /** batch × features */
  readonly stateSize: number;
  /** Entries of the input that it reads in a step; 0 for layers without. */
  readonly inputSize: number;
  readonly parameterSize: number;
  /** Sizes add up to `parameterSize`. */
  readonly blocks: readonly ParameterBlock[];
  /** next ← Φ(state; θ) */
  forward(call: LayerCall, state: Float64Array, next: Float64Array): void;
  /** out ← (∂Φ/∂u)ᵀ adjoint */
  stateProduct(call: LayerCall, state: Float64Array, adjoint: Float64Array, out: Float64Array): void;
  /** gradient ← gradient + (∂Φ/∂θ)ᵀ adjoint */
  addParameterProduct(call: LayerCall, state: Float64Array, adjoint: Float64Array, gradient: Float64Array): void;
  /** `forward` of independent calls at once, with the same bits. */
  forwardMany?(calls: readonly LayerCall[], states: readonly Float64Array[], next: readonly Float64Array[]): void;
  /** `stateProduct` of independent calls at once, with the same bits. */
  stateProductMany?(calls: readonly LayerCall[], states: readonly Float64Array[], adjoints: readonly Float64Array[], out: readonly Float64Array[]): void;
}
