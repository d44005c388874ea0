import type { Kernels } from "@parakkt/kernels";
import { denseProducts } from "./dense-products.js";
import { constantBlock, weightBlock, type ParameterBlock } from "./parametrised-map.js";

export interface RecurrentGatesOptions {
  readonly batch: number;
  /** Entries of the state h. */
  readonly features: number;
  /** Entries of the input x. */
  readonly inputs: number;
  readonly kernels: Kernels;
}

/** The values, or the adjoints, of w = 1 − z and n, [batch][features]. */
export interface GateValues {
  readonly w: Float64Array;
  readonly n: Float64Array;
}

/** What the gates are evaluated at. */
export interface GateArguments {
  readonly parameters: Float64Array;
  readonly input: Float64Array;
  readonly state: Float64Array;
}

/** The gates of a recurrent unit as a function of state, input and parameters; the transposes belong to the arguments of the last `evaluate`. */
export interface RecurrentGates {
  readonly parameterSize: number;
  readonly blocks: readonly ParameterBlock[];
  /** The result is overwritten by the next call. */
  evaluate(at: GateArguments): GateValues;
  /** out ← (∂(w, n)/∂h)ᵀ adjoint */
  stateProduct(at: GateArguments, adjoint: GateValues, out: Float64Array): void;
  /** gradient ← gradient + (∂(w, n)/∂θ)ᵀ adjoint */
  addParameterProduct(at: GateArguments, adjoint: GateValues, gradient: Float64Array): void;
}

/**
 * r = σ(a_r + s_r), w = σ(−a_z − s_z), n = tanh(a_n + r ∘ s_n), with a = W x + b from the input and s = U h + (0, 0, b_h) from the state (MGR.9).
 *
 * Parameters: W, [3 features][inputs], rows in the order r, z, n; U, [3 features][features]; b, [3 features]; b_h, [features].
 */
export function recurrentGates({ batch, features, inputs, kernels }: RecurrentGatesOptions): RecurrentGates {
  const rows = 3 * features;
  const size = batch * features;
  const ofInput = denseProducts(kernels, { batch, inputs, outputs: rows });
  const ofState = denseProducts(kernels, { batch, inputs: features, outputs: rows });
  const startOf = { U: rows * inputs, b: rows * (inputs + features), bh: rows * (inputs + features + 1) };
  const [a, s, aAdjoint, sAdjoint] = Array.from({ length: 4 }, () => kernels.allocate(batch * rows));
  const [r, w, n] = Array.from({ length: 3 }, () => kernels.allocate(size));
  /** Where the entry for r of state entry j is in a and s; those for z and n come `features` and twice `features` later. */
  const rowOf = Int32Array.from({ length: size }, (_, j) => Math.floor(j / features) * rows + (j % features));

  /** ā and s̄ from the adjoints of w and n. */
  const preactivationAdjoints = (adjoint: GateValues): void => {
    for (let j = 0; j < size; j++) {
      const [ofR, ofZ, ofN] = [rowOf[j], rowOf[j] + features, rowOf[j] + 2 * features];
      aAdjoint[ofN] = adjoint.n[j] * (1 - n[j] * n[j]);
      sAdjoint[ofN] = aAdjoint[ofN] * r[j];
      aAdjoint[ofR] = sAdjoint[ofR] = aAdjoint[ofN] * s[ofN] * r[j] * (1 - r[j]);
      aAdjoint[ofZ] = sAdjoint[ofZ] = -adjoint.w[j] * w[j] * (1 - w[j]);
    }
  };
  return {
    parameterSize: startOf.bh + features,
    blocks: gateBlocks({ features, inputs }),
    evaluate({ parameters, input, state }) {
      ofInput.forward(input, parameters, a);
      ofState.forward(state, parameters.subarray(startOf.U), s);
      for (let j = 0; j < a.length; j++) a[j] += parameters[startOf.b + (j % rows)];
      for (let j = 0; j < size; j++) {
        const [ofR, ofZ, ofN] = [rowOf[j], rowOf[j] + features, rowOf[j] + 2 * features];
        s[ofN] += parameters[startOf.bh + (j % features)];
        r[j] = sigmoid(a[ofR] + s[ofR]);
        w[j] = sigmoid(-a[ofZ] - s[ofZ]);
        n[j] = a[ofN] + r[j] * s[ofN];
      }
      kernels.dense.tanh(n);
      return { w, n };
    },
    stateProduct({ parameters }, adjoint, out) {
      preactivationAdjoints(adjoint);
      ofState.backward(sAdjoint, parameters.subarray(startOf.U), out);
    },
    addParameterProduct({ input, state }, adjoint, gradient) {
      preactivationAdjoints(adjoint);
      ofInput.addOuter(aAdjoint, input, gradient);
      ofState.addOuter(sAdjoint, state, gradient.subarray(startOf.U));
      for (let j = 0; j < a.length; j++) gradient[startOf.b + (j % rows)] += aAdjoint[j];
      for (let j = 0; j < size; j++) gradient[startOf.bh + (j % features)] += sAdjoint[rowOf[j] + 2 * features];
    },
  };
}

function gateBlocks({ features, inputs }: Pick<RecurrentGatesOptions, "features" | "inputs">): ParameterBlock[] {
  const rows = 3 * features;
  return [
    weightBlock("input weights", rows * inputs, inputs),
    weightBlock("state weights", rows * features, features),
    constantBlock("bias", rows),
    constantBlock("state bias of n", features),
  ];
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
