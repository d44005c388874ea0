import { composedMap } from "../../network/composed-map.js";
import { denseMap } from "../../network/dense-map.js";
import { network } from "../../network/network.js";
import type { CoarseValues } from "../../network/step-values.js";
import { encoderDecoder } from "../../transformer/encoder-decoder.js";
import { normalizedTokens } from "../../transformer/layer-norm.js";
import { selectedPart } from "../../transformer/stacked-state.js";
import { tokenEmbedding } from "../../transformer/token-embedding.js";
import type { NetworkFamily } from "../network-family.js";
import { lossFor } from "./loss-for.js";

export interface EncoderDecoderFamilyOptions {
  /** Symbols of the source, and of the output. */
  readonly length: number;
  readonly vocabulary: number;
  readonly features: number;
  readonly heads: number;
  /** T; layers are steps of T/N. */
  readonly duration: number;
  readonly coarse?: CoarseValues;
}

/**
 * A transformer from strings to strings: N/2 encoder and N/2 decoder layers on the stacked state, between an embedding of source and shifted
 * output, and logits of every place of the output (cross-entropy over all of them).
 */
export function encoderDecoderFamily({ length, vocabulary, features, heads, duration, coarse }: EncoderDecoderFamilyOptions): NetworkFamily {
  return {
    build({ batch, depth }, parameters) {
      const output = selectedPart({ batch, features: 2 * length * features, first: length * features, length: length * features });
      const logits = denseMap({ batch: batch * length, inputs: features, outputs: vocabulary });
      return network({
        opening: tokenEmbedding({ batch, tokens: 2 * length, vocabulary, features }),
        phases: encoderDecoder({ batch, sourceTokens: length, targetTokens: length, features, heads, encoderLayers: depth / 2, decoderLayers: depth / 2 }),
        closing: composedMap(output, composedMap(normalizedTokens(batch * length, features), logits)),
        loss: lossFor("cross-entropy", batch * length),
        duration,
        ...(coarse && { coarse }),
        ...(parameters && { parameters }),
      });
    },
    inputs: ({ inputs: data }) => ({ data }),
  };
}
