import { InvalidArgumentError } from "@parakkt/core";
import { decoderLayer, encoderDecoder, encoderLayer, selectedPart, tokenEmbedding, type Layer } from "@parakkt/layers";
import { randomState } from "./network-cases.js";

const [batch, features] = [2, 4];
const shape = { batch, features, heads: 2, hidden: 6 };
const next = (layer: Layer, state: Float64Array): Float64Array => {
  const parameters = randomState(layer.parameterSize, 2);
  const out = new Float64Array(layer.stateSize);
  layer.forward({ size: 0.5, parameters, input: new Float64Array(0) }, state, out);
  return out;
};
/** Tokens of the first member that differ when token `moved` of it is another. */
function touched(layer: Layer, moved: number): number[] {
  const state = randomState(layer.stateSize, 1);
  const other = state.map((u, j) => (Math.floor(j / features) === moved ? u + Math.sin(j) : u));
  const [one, two] = [next(layer, state), next(layer, other)];
  const tokens = Array.from({ length: layer.features / features }, (_, t) => t);
  return tokens.filter((t) => one.subarray(t * features, (t + 1) * features).some((value, k) => value !== two[t * features + k]));
}

test("in an encoder every token sees every other one, in a decoder only those up to itself", () => {
  expect(touched(encoderLayer({ ...shape, tokens: 4 }), 2)).toEqual([0, 1, 2, 3]);
  expect(touched(decoderLayer({ ...shape, tokens: 4 }), 2)).toEqual([2, 3]);
});

test("on the stacked state encoder layers leave Y alone and do not see it; decoder layers leave X alone, see all of it, and Y only up to themselves", () => {
  const [encoder, decoder] = encoderDecoder({ ...shape, sourceTokens: 2, targetTokens: 3, encoderLayers: 1, decoderLayers: 1 }).map(({ layer }) => layer);
  expect(touched(encoder, 0)).toEqual([0, 1]);
  expect(touched(encoder, 3)).toEqual([3]);
  expect(touched(decoder, 0)).toEqual([0, 2, 3, 4]);
  expect(touched(decoder, 3)).toEqual([3, 4]);
});

test("an encoder without positions does not know the order of its tokens", () => {
  const layer = encoderLayer({ ...shape, tokens: 3 });
  const state = randomState(layer.stateSize, 1);
  const swapped = state.slice();
  swapped.set(state.subarray(0, features), features);
  swapped.set(state.subarray(features, 2 * features), 0);
  const [one, two] = [next(layer, state), next(layer, swapped)];
  for (let k = 0; k < features; k++) {
    expect(Math.abs(one[k] - two[features + k])).toBeLessThan(1e-14);
    expect(Math.abs(one[k] - two[k])).toBeGreaterThan(1e-6);
  }
});

test("an embedding is the vector of the token and that of its position", () => {
  const opening = tokenEmbedding({ batch: 1, tokens: 2, vocabulary: 3, features: 1 });
  const out = new Float64Array(2);
  opening.forward(Float64Array.of(1, 2, 3, 10, 20), Float64Array.of(2, 0), out);
  expect([...out]).toEqual([13, 21]);
  const gradient = new Float64Array(5);
  opening.addParameterProduct(new Float64Array(5), Float64Array.of(2, 0), Float64Array.of(5, 7), gradient);
  expect([...gradient]).toEqual([7, 0, 5, 5, 7]);
});

test.each<[string, () => unknown]>([
  ["heads that do not share the features evenly", () => encoderLayer({ ...shape, tokens: 2, heads: 3 })],
  ["a number that is no token", () => tokenEmbedding({ batch: 1, tokens: 1, vocabulary: 3, features: 1 }).forward(new Float64Array(4), Float64Array.of(3), new Float64Array(1))],
  ["a part outside of the state", () => selectedPart({ batch, features, first: 3, length: 2 })],
])("%s are refused", (_name, make) => {
  expect(make).toThrow(InvalidArgumentError);
});
