import type { Kernels } from "@parakkt/kernels";
import { layerKernels } from "./dense-products.js";
import type { GatedUpdate } from "./gated-update.js";
import type { Layer, LayerCall } from "./layer.js";
import { recurrentGates } from "./recurrent-gates.js";
import { stackedUnit, type StackedUnit } from "./stacked-unit.js";

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
 * Steps that share them are stacked: one product for all of a sweep.
 */
export function gatedRecurrent({ batch, features, inputs, update, kernels = layerKernels() }: GatedRecurrentOptions): Layer {
  const stateSize = batch * features;
  const inputSize = batch * inputs;
  const unitFor = (count: number): StackedUnit => stackedUnit(recurrentGates({ batch: count * batch, features, inputs, kernels }), { count, stateSize, inputSize, update });
  const unit = unitFor(1);
  const stacked = new Map<number, StackedUnit>();
  const many = (calls: readonly LayerCall[]): StackedUnit | undefined => {
    if (calls.some(({ parameters }) => parameters !== calls[0].parameters)) return undefined;
    const found = stacked.get(calls.length) ?? unitFor(calls.length);
    stacked.set(calls.length, found);
    return found;
  };
  const forward: Layer["forward"] = (call, h, next) => unit.forward([call], [h], [next]);
  const stateProduct: Layer["stateProduct"] = (call, h, adjoint, out) => unit.stateProduct([call], [h], [adjoint], [out]);
  return {
    ...{ name: `${update.name}-gated-recurrent`, batch, features, stateSize, inputSize },
    ...{ parameterSize: unit.gates.parameterSize, blocks: unit.gates.blocks },
    ...{ forward, stateProduct },
    addParameterProduct: (call, h, adjoint, gradient) => unit.addParameterProduct(call, h, adjoint, gradient),
    forwardMany(calls, states, next) {
      const all = many(calls);
      if (all) all.forward(calls, states, next);
      else calls.forEach((call, k) => forward(call, states[k], next[k]));
    },
    stateProductMany(calls, states, adjoints, out) {
      const all = many(calls);
      if (all) all.stateProduct(calls, states, adjoints, out);
      else calls.forEach((call, k) => stateProduct(call, states[k], adjoints[k], out[k]));
    },
  };
}
