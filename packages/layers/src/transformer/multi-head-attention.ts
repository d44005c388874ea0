import type { Kernels } from "@parakkt/kernels";
import type { ParameterBlock } from "../network/parametrised-map.js";
import { attentionHeads, type AttentionShape } from "./attention-heads.js";
import { parameterSplit } from "./block.js";
import { linear } from "./linear.js";

/** Two inputs: tokens that ask, [batch · queries][features], and tokens that are asked, [batch · keys][features]. */
export interface AttentionInputs {
  readonly asking: Float64Array;
  readonly asked: Float64Array;
}

/** Attention of one sequence to another, or to itself. Products belong to the last `forward`. */
export interface MultiHeadAttention {
  readonly blocks: readonly ParameterBlock[];
  forward(parameters: Float64Array, inputs: AttentionInputs, y: Float64Array): void;
  /** Overwrites the adjoints of both inputs, adds to the gradient where there is one. */
  pullBack(parameters: Float64Array, inputs: AttentionInputs, adjoint: Float64Array, sensitivity: AttentionInputs & { readonly gradient?: Float64Array | undefined }): void;
}

/** Projections to queries, keys and values, the heads, and the projection of what they have mixed; four matrices with biases [Vaswani2017]. */
export function multiHeadAttention(shape: AttentionShape, kernels: Kernels): MultiHeadAttention {
  const { batch, queries, keys, features } = shape;
  const projection = (rows: number) => linear({ rows, inputs: features, outputs: features, kernels });
  const [toQ, toK, toV, toOutput] = [projection(batch * queries), projection(batch * keys), projection(batch * keys), projection(batch * queries)];
  const heads = attentionHeads(shape, kernels);
  const split = parameterSplit([toQ, toK, toV, toOutput]);
  const asked = kernels.allocate(batch * keys * features);
  return {
    blocks: [toQ, toK, toV, toOutput].flatMap(({ blocks }) => blocks),
    forward(parameters, inputs, y) {
      const [q, k, v, o] = split(parameters);
      toQ.forward(q, inputs.asking, heads.values.q);
      toK.forward(k, inputs.asked, heads.values.k);
      toV.forward(v, inputs.asked, heads.values.v);
      heads.forward();
      toOutput.forward(o, heads.mixed, y);
    },
    pullBack(parameters, inputs, adjoint, sensitivity) {
      const [q, k, v, o] = split(parameters);
      const [ofQ, ofK, ofV, ofO] = split(sensitivity.gradient);
      toOutput.pullBack(o, heads.mixed, adjoint, { input: heads.mixedAdjoint, gradient: ofO });
      heads.pullBack();
      toQ.pullBack(q, inputs.asking, heads.adjoints.q, { input: sensitivity.asking, gradient: ofQ });
      toK.pullBack(k, inputs.asked, heads.adjoints.k, { input: asked, gradient: ofK });
      toV.pullBack(v, inputs.asked, heads.adjoints.v, { input: sensitivity.asked, gradient: ofV });
      for (let j = 0; j < asked.length; j++) sensitivity.asked[j] += asked[j];
    },
  };
}
