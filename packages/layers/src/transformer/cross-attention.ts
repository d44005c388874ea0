import type { Kernels } from "@parakkt/kernels";
import { addInto, parameterSplit, type Block } from "./block.js";
import { feedForward } from "./feed-forward.js";
import { layerNorm } from "./layer-norm.js";
import { multiHeadAttention } from "./multi-head-attention.js";
import { putPart, takePart } from "./stacked-state.js";
import type { TransformerOptions } from "./transformer-options.js";

export interface CrossAttentionOptions extends Required<TransformerOptions> {
  readonly sourceTokens: number;
}

/**
 * (0, G) of a decoder layer on the stacked state [X, Y]: G(Y, X) = φ + χ + MLP(LN₃(Y + φ + χ)) with φ = causal attention(LN₁(Y)) and
 * χ = attention of LN₂(Y + φ) to LN₄(X) (LAY.8). `tokens` are those of Y.
 */
export function crossAttentionBlock(options: CrossAttentionOptions): Block {
  const { batch, sourceTokens, tokens, features, kernels } = options;
  const [rows, sourceRows] = [batch * tokens, batch * sourceTokens];
  const { norm1, self, norm2, normX, cross, norm3, mlp } = partsOf(options);
  const parts = [norm1, self, norm2, normX, cross, norm3, mlp];
  const split = parameterSplit(parts);
  const total = (sourceTokens + tokens) * features;
  const [placeX, placeY] = [{ batch, total, first: 0 }, { batch, total, first: sourceTokens * features }];
  const { Y, normed1, phi, middle1, normed2, chi, middle2, normed3, psi, ofY, ofMiddle, ofNormed, ofAsked } = vectors(targetVectors, rows * features, kernels);
  const { X, normedX, ofX, ofNormedX } = vectors(sourceVectors, sourceRows * features, kernels);

  return {
    blocks: parts.flatMap(({ blocks }) => blocks),
    forward(parameters, state, out) {
      const [n1, s, n2, nX, c, n3, m] = split(parameters);
      takePart(state, placeX, X);
      takePart(state, placeY, Y);
      norm1.forward(n1, Y, normed1);
      self.forward(s, { asking: normed1, asked: normed1 }, phi);
      addInto(Y, phi, middle1);
      norm2.forward(n2, middle1, normed2);
      normX.forward(nX, X, normedX);
      cross.forward(c, { asking: normed2, asked: normedX }, chi);
      addInto(middle1, chi, middle2);
      norm3.forward(n3, middle2, normed3);
      mlp.forward(m, normed3, psi);
      for (let j = 0; j < psi.length; j++) psi[j] += phi[j] + chi[j];
      out.fill(0);
      putPart(psi, placeY, out);
    },
    /** G, and from the last of its terms to the first: what hangs on middle2, on χ, on middle1, on φ, on Y. */
    pullBack(parameters, _state, adjoint, { input, gradient }) {
      const [n1, s, n2, nX, c, n3, m] = split(parameters);
      const [ofN1, ofS, ofN2, ofNX, ofC, ofN3, ofM] = split(gradient);
      takePart(adjoint, placeY, ofY);
      mlp.pullBack(m, normed3, ofY, { input: ofNormed, gradient: ofM });
      norm3.pullBack(n3, middle2, ofNormed, { input: ofMiddle, gradient: ofN3 });
      addInto(ofY, ofMiddle, ofNormed); // that of χ
      cross.pullBack(c, { asking: normed2, asked: normedX }, ofNormed, { asking: chi, asked: ofNormedX, gradient: ofC });
      normX.pullBack(nX, X, ofNormedX, { input: ofX, gradient: ofNX });
      norm2.pullBack(n2, middle1, chi, { input: ofNormed, gradient: ofN2 });
      addInto(ofMiddle, ofNormed, ofMiddle); // that of middle1
      addInto(ofY, ofMiddle, ofY); // that of φ
      self.pullBack(s, { asking: normed1, asked: normed1 }, ofY, { asking: phi, asked: ofAsked, gradient: ofS });
      addInto(phi, ofAsked, phi);
      norm1.pullBack(n1, Y, phi, { input: ofNormed, gradient: ofN1 });
      addInto(ofMiddle, ofNormed, ofMiddle); // that of Y
      putPart(ofX, placeX, input);
      putPart(ofMiddle, placeY, input);
    },
  };
}

function partsOf({ batch, sourceTokens, tokens, features, heads, hidden, activation, kernels }: CrossAttentionOptions) {
  const rows = batch * tokens;
  const shape = { batch, queries: tokens, features, heads };
  return {
    norm1: layerNorm(rows, features),
    self: multiHeadAttention({ ...shape, keys: tokens, causal: true }, kernels),
    norm2: layerNorm(rows, features),
    normX: layerNorm(batch * sourceTokens, features),
    cross: multiHeadAttention({ ...shape, keys: sourceTokens, causal: false }, kernels),
    norm3: layerNorm(rows, features),
    mlp: feedForward({ rows, features, hidden, activation, kernels }),
  };
}

const targetVectors = ["Y", "normed1", "phi", "middle1", "normed2", "chi", "middle2", "normed3", "psi", "ofY", "ofMiddle", "ofNormed", "ofAsked"] as const;
const sourceVectors = ["X", "normedX", "ofX", "ofNormedX"] as const;

/** A work vector for each of the names. */
function vectors<Name extends string>(names: readonly Name[], size: number, kernels: Kernels): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, kernels.allocate(size)])) as Record<Name, Float64Array>;
}
