import type { Layer } from "../network/layer.js";
import { residualLayer } from "../network/residual-layer.js";
import type { Phase } from "../network/network.js";
import { blockMap } from "./block.js";
import { crossAttentionBlock } from "./cross-attention.js";
import { selfAttentionBlock } from "./encoder.js";
import { onPart } from "./stacked-state.js";
import { completeOptions, type TransformerOptions } from "./transformer-options.js";

export interface EncoderDecoderOptions extends Omit<TransformerOptions, "tokens"> {
  /** Tokens of X, which the encoder reads, and of Y, which the decoder writes. */
  readonly sourceTokens: number;
  readonly targetTokens: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
}

/**
 * An encoder–decoder as one march of the stacked state [X, Y], [batch][sourceTokens + targetTokens][features] (LAY.8): first encoder layers
 * X + hF(X), which leave Y alone, then decoder layers Y + hG(Y, X), which leave X alone.
 */
export function encoderDecoder(options: EncoderDecoderOptions): Phase[] {
  const { encoderLayers, decoderLayers } = options;
  return [
    { layer: stackedEncoder(options), steps: encoderLayers },
    { layer: stackedDecoder(options), steps: decoderLayers },
  ];
}

function stackedEncoder({ sourceTokens, targetTokens, ...options }: EncoderDecoderOptions): Layer {
  const { batch, features } = options;
  const size = batch * sourceTokens * features;
  const map = blockMap(selfAttentionBlock({ ...options, tokens: sourceTokens }, false), { inputSize: size, outputSize: size });
  return residualLayer({ name: "stacked-encoder", batch, map: onPart(map, { batch, total: (sourceTokens + targetTokens) * features, first: 0 }) });
}

function stackedDecoder({ sourceTokens, targetTokens, ...options }: EncoderDecoderOptions): Layer {
  const { batch, features } = options;
  const size = batch * (sourceTokens + targetTokens) * features;
  const block = crossAttentionBlock({ ...completeOptions({ ...options, tokens: targetTokens }), sourceTokens });
  return residualLayer({ name: "stacked-decoder", batch, map: blockMap(block, { inputSize: size, outputSize: size }) });
}
