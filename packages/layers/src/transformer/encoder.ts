import type { Layer } from "../network/layer.js";
import { residualLayer } from "../network/residual-layer.js";
import { addInto, blockMap, parameterSplit, type Block } from "./block.js";
import { feedForward } from "./feed-forward.js";
import { layerNorm } from "./layer-norm.js";
import { multiHeadAttention } from "./multi-head-attention.js";
import { completeOptions, type TransformerOptions } from "./transformer-options.js";

/**
 * Pre-LayerNorm encoder layer as u + hF(u) (LAY.7): F(X) = φ + MLP(LN₂(X + φ)), φ = attention(LN₁(X)). At h = 1 it is the usual one; the state is
 * [batch][tokens][features]. Every token sees all others. Cost: about 2 · batch · tokens · features (4 features + 2 hidden + 2 tokens) flops forward.
 */
export function encoderLayer(options: TransformerOptions): Layer {
  return selfAttentionLayer("encoder", options, false);
}

/** The same with a causal mask, token t seeing tokens up to t: the layer of a decoder-only transformer. */
export function decoderLayer(options: TransformerOptions): Layer {
  return selfAttentionLayer("decoder", options, true);
}

function selfAttentionLayer(name: string, options: TransformerOptions, causal: boolean): Layer {
  const { batch, tokens, features } = options;
  const stateSize = batch * tokens * features;
  return residualLayer({ name, batch, map: blockMap(selfAttentionBlock(options, causal), { inputSize: stateSize, outputSize: stateSize }) });
}

/** F of an encoder or decoder layer. */
export function selfAttentionBlock(options: TransformerOptions, causal: boolean): Block {
  const { batch, tokens, features, heads, hidden, activation, kernels } = completeOptions(options);
  const rows = batch * tokens;
  const [norm1, norm2] = [layerNorm(rows, features), layerNorm(rows, features)];
  const attention = multiHeadAttention({ batch, queries: tokens, keys: tokens, features, heads, causal }, kernels);
  const mlp = feedForward({ rows, features, hidden, activation, kernels });
  const split = parameterSplit([norm1, attention, norm2, mlp]);
  const vector = (): Float64Array => kernels.allocate(rows * features);
  const [normed, phi, middle, normedMiddle, adjoint1, adjoint2, askedAdjoint] = Array.from({ length: 7 }, vector);
  return {
    blocks: [norm1, attention, norm2, mlp].flatMap(({ blocks }) => blocks),
    forward(parameters, X, F) {
      const [n1, a, n2, m] = split(parameters);
      norm1.forward(n1, X, normed);
      attention.forward(a, { asking: normed, asked: normed }, phi);
      addInto(X, phi, middle);
      norm2.forward(n2, middle, normedMiddle);
      mlp.forward(m, normedMiddle, F);
      addInto(phi, F, F);
    },
    pullBack(parameters, X, adjoint, { input, gradient }) {
      const [n1, a, n2, m] = split(parameters);
      const [ofN1, ofA, ofN2, ofM] = split(gradient);
      mlp.pullBack(m, normedMiddle, adjoint, { input: adjoint1, gradient: ofM });
      norm2.pullBack(n2, middle, adjoint1, { input: adjoint2, gradient: ofN2 });
      addInto(adjoint, adjoint2, adjoint1); // that of φ
      attention.pullBack(a, { asking: normed, asked: normed }, adjoint1, { asking: phi, asked: askedAdjoint, gradient: ofA });
      addInto(phi, askedAdjoint, phi);
      norm1.pullBack(n1, X, phi, { input, gradient: ofN1 });
      addInto(input, adjoint2, input);
    },
  };
}
