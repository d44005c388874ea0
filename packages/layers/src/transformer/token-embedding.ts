import { requireArgument } from "@parakkt/core";
import { weightBlock, type OpeningMap } from "../network/parametrised-map.js";

export interface TokenEmbeddingOptions {
  readonly batch: number;
  readonly tokens: number;
  /** Token numbers are 0 … vocabulary − 1. */
  readonly vocabulary: number;
  readonly features: number;
}

/**
 * u₀ = E[token] + P[position]: opens a transformer. Data: token numbers, [batch][tokens]. Parameters: E, [vocabulary][features], and P, [tokens][features], both
 * learned. For a stacked state the tokens of X come first, then those of Y.
 *
 * Errors: `InvalidArgumentError` for a number that is no token.
 */
export function tokenEmbedding({ batch, tokens, vocabulary, features }: TokenEmbeddingOptions): OpeningMap {
  const positions = vocabulary * features;
  /** Calls with the places of entry k of each token in the state, in E and in P. */
  const visit = (data: Float64Array, take: (state: number, ofToken: number, ofPosition: number) => void): void => {
    for (let i = 0; i < batch * tokens; i++) {
      checkToken(data[i], vocabulary);
      for (let k = 0; k < features; k++) take(i * features + k, data[i] * features + k, positions + (i % tokens) * features + k);
    }
  };
  return {
    inputSize: batch * tokens,
    outputSize: batch * tokens * features,
    parameterSize: (vocabulary + tokens) * features,
    blocks: [weightBlock("tokens", positions, 1), weightBlock("positions", tokens * features, 1)],
    forward: (parameters, data, y) => visit(data, (state, ofToken, ofPosition) => (y[state] = parameters[ofToken] + parameters[ofPosition])),
    addParameterProduct(_parameters, data, adjoint, gradient) {
      visit(data, (state, ofToken, ofPosition) => {
        gradient[ofToken] += adjoint[state];
        gradient[ofPosition] += adjoint[state];
      });
    },
  };
}

function checkToken(token: number, vocabulary: number): void {
  requireArgument(Number.isInteger(token) && token >= 0 && token < vocabulary, () => ({
    what: "token",
    where: "tokenEmbedding",
    expected: `a whole number from 0 to ${vocabulary - 1}`,
    got: String(token),
  }));
}
