import type { GatedUpdate } from "./gated-update.js";
import type { LayerCall } from "./layer.js";
import type { GateArguments, RecurrentGates } from "./recurrent-gates.js";

export interface StackedUnitOptions {
  /** Steps that are taken at once, all with the parameters of the first. */
  readonly count: number;
  /** Of one step. */
  readonly stateSize: number;
  readonly inputSize: number;
  readonly update: GatedUpdate;
}

/** A gated recurrent unit on the states of several steps, one behind the other: their batches are one. */
export interface StackedUnit {
  readonly gates: RecurrentGates;
  forward(calls: readonly LayerCall[], states: readonly Float64Array[], next: readonly Float64Array[]): void;
  stateProduct(calls: readonly LayerCall[], states: readonly Float64Array[], adjoints: readonly Float64Array[], out: readonly Float64Array[]): void;
  /** Of the first step. */
  addParameterProduct(call: LayerCall, state: Float64Array, adjoint: Float64Array, gradient: Float64Array): void;
}

/** `gates`: for as many batches as there are steps. Storage: five states and an input a step. */
export function stackedUnit(gates: RecurrentGates, { count, stateSize, inputSize, update }: StackedUnitOptions): StackedUnit {
  const [stateStack, resultStack, wAdjoint, nAdjoint] = Array.from({ length: 4 }, () => new Float64Array(count * stateSize));
  const inputStack = new Float64Array(count * inputSize);
  const gateAdjoints = { w: wAdjoint, n: nAdjoint };

  const stack = (calls: readonly LayerCall[], states: readonly Float64Array[]): GateArguments => {
    for (let k = 0; k < count; k++) {
      stateStack.set(states[k], k * stateSize);
      inputStack.set(calls[k].input, k * inputSize);
    }
    return { parameters: calls[0].parameters, input: inputStack, state: stateStack };
  };
  /** Evaluates the gates and writes the adjoints of w and n; returns w. */
  const transposeUpdate = (calls: readonly LayerCall[], at: GateArguments, adjoints: readonly Float64Array[]): Float64Array => {
    const { w, n } = gates.evaluate(at);
    calls.forEach(({ size }, k) => {
      for (let j = 0, i = k * stateSize; j < stateSize; j++, i++) {
        wAdjoint[i] = update.slopeW(size, stateStack[i], w[i], n[i]) * adjoints[k][j];
        nAdjoint[i] = update.slopeN(size, w[i]) * adjoints[k][j];
      }
    });
    return w;
  };
  return {
    gates,
    forward(calls, states, next) {
      const { w, n } = gates.evaluate(stack(calls, states));
      calls.forEach(({ size }, k) => {
        for (let j = 0, i = k * stateSize; j < stateSize; j++, i++) next[k][j] = update.next(size, stateStack[i], w[i], n[i]);
      });
    },
    stateProduct(calls, states, adjoints, out) {
      const at = stack(calls, states);
      const w = transposeUpdate(calls, at, adjoints);
      gates.stateProduct(at, gateAdjoints, resultStack);
      calls.forEach(({ size }, k) => {
        for (let j = 0, i = k * stateSize; j < stateSize; j++, i++) out[k][j] = resultStack[i] + update.slopeH(size, w[i]) * adjoints[k][j];
      });
    },
    addParameterProduct(call, state, adjoint, gradient) {
      const at = stack([call], [state]);
      transposeUpdate([call], at, [adjoint]);
      gates.addParameterProduct(at, gateAdjoints, gradient);
    },
  };
}
