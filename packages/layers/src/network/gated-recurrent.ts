import type { Kernels } from "@parakkt/kernels";
import { layerKernels } from "./dense-products.js";
import type { GatedUpdate } from "./gated-update.js";
import type { Layer, LayerCall } from "./layer.js";
import { recurrentGates, type GateArguments } from "./recurrent-gates.js";

export interface GatedRecurrentOptions {
  readonly batch: number;
  /** Entries of the state h. */
  readonly features: number;
  /** Entries of the input x. */
  readonly inputs: number;
  /** `implicitUpdate` where steps of coarse levels are to be stable, `classicUpdate` for the unit as it is known. */
  readonly update: GatedUpdate;
  readonly kernels?: Kernels;
}

/**
 * Gated recurrent unit (MGR.9): a step of h' = (1 − z)(n − h), with gates z and n that depend on the state before it and on the input.
 *
 * Forward costs two matrix products, the transpose for the state three, that for the parameters four. Parameters: see `recurrentGates`.
 */
export function gatedRecurrent({ batch, features, inputs, update, kernels = layerKernels() }: GatedRecurrentOptions): Layer {
  const gates = recurrentGates({ batch, features, inputs, kernels });
  const stateSize = batch * features;
  const gateAdjoints = { w: new Float64Array(stateSize), n: new Float64Array(stateSize) };
  const argumentsOf = ({ parameters, input }: LayerCall, state: Float64Array): GateArguments => ({ parameters, input, state });

  /** Evaluates the gates and writes the adjoints of w and n; returns w. */
  const transposeUpdate = ({ size }: LayerCall, at: GateArguments, adjoint: Float64Array): Float64Array => {
    const { w, n } = gates.evaluate(at);
    for (let j = 0; j < stateSize; j++) {
      gateAdjoints.w[j] = update.slopeW(size, at.state[j], w[j], n[j]) * adjoint[j];
      gateAdjoints.n[j] = update.slopeN(size, w[j]) * adjoint[j];
    }
    return w;
  };
  return {
    name: `${update.name}-gated-recurrent`,
    batch,
    features,
    stateSize,
    inputSize: batch * inputs,
    parameterSize: gates.parameterSize,
    blocks: gates.blocks,
    forward(call, h, next) {
      const { w, n } = gates.evaluate(argumentsOf(call, h));
      for (let j = 0; j < stateSize; j++) next[j] = update.next(call.size, h[j], w[j], n[j]);
    },
    stateProduct(call, h, adjoint, out) {
      const at = argumentsOf(call, h);
      const w = transposeUpdate(call, at, adjoint);
      gates.stateProduct(at, gateAdjoints, out);
      for (let j = 0; j < stateSize; j++) out[j] += update.slopeH(call.size, w[j]) * adjoint[j];
    },
    addParameterProduct(call, h, adjoint, gradient) {
      const at = argumentsOf(call, h);
      transposeUpdate(call, at, adjoint);
      gates.addParameterProduct(at, gateAdjoints, gradient);
    },
  };
}
