import {
  classicUpdate,
  convolutionalResidual,
  decoderLayer,
  denseResidual,
  encoderDecoder,
  encoderLayer,
  gatedRecurrent,
  implicitUpdate,
  tanh,
  type Layer,
} from "@parakkt/layers";
import { dot, euclideanNorm } from "@parakkt/testing";
import { dual, minus, over, plus, rowTimes, sigmoidOf, tanhOf, times, type Dual } from "./dual-numbers.js";
import { convolved, crossAttentionTerm, selfAttentionTerm, stepBy } from "./layer-formulas.js";
import { randomState } from "./network-cases.js";

/** Products of a few dozen roundings each. */
const ROUNDING = 1e-12;
const batch = 2;
const features = 3;
const inputs = 2;
const h = dual(0.7);

/** One member of the batch: its state, the parameters and its input give its next state. */
type Formula = (u: readonly Dual[], theta: readonly Dual[], x: readonly Dual[]) => Dual[];

const residual: Formula = (u, theta) => u.map((value, o) => plus(value, times(h, tanhOf(plus(rowTimes(theta, o, u), theta[features * features + o])))));

/** The unit as the literature writes it, with `step` from h, z and n to the next h. */
const recurrent =
  (step: (state: Dual, z: Dual, n: Dual) => Dual): Formula =>
  (u, theta, x) => {
    const [U, b, bh] = [3 * features * inputs, 3 * features * (inputs + features), 3 * features * (inputs + features + 1)];
    const fromInput = (row: number): Dual => plus(rowTimes(theta, row, x), theta[b + row]);
    const fromState = (row: number): Dual => rowTimes(theta.slice(U), row, u);
    return u.map((state, k) => {
      const r = sigmoidOf(plus(fromInput(k), fromState(k)));
      const z = sigmoidOf(plus(fromInput(features + k), fromState(features + k)));
      const n = tanhOf(plus(fromInput(2 * features + k), times(r, plus(fromState(2 * features + k), theta[bh + k]))));
      return step(state, z, n);
    });
  };

const explicitStep = (state: Dual, z: Dual, n: Dual): Dual => plus(state, times(times(h, minus(dual(1), z)), minus(n, state)));
const implicitStep = (state: Dual, z: Dual, n: Dual): Dual => {
  const damping = times(h, minus(dual(1), z));
  return over(plus(state, times(damping, n)), plus(dual(1), damping));
};

type Case = [string, Layer, Formula];

const sequence = { batch, tokens: 3, features: 4, heads: 2, hidden: 5, activation: tanh };
const [stackedEncoder, stackedDecoder] = encoderDecoder({ ...sequence, sourceTokens: 3, targetTokens: 2, encoderLayers: 1, decoderLayers: 1 });

describe.each<Case>([
  ["dense residual", denseResidual({ batch, features }), residual],
  ["classic gated recurrent", gatedRecurrent({ batch, features, inputs, update: classicUpdate }), recurrent(explicitStep)],
  ["implicit gated recurrent", gatedRecurrent({ batch, features, inputs, update: implicitUpdate }), recurrent(implicitStep)],
  ["convolutional residual", convolutionalResidual({ batch, height: 3, width: 2, channels: 2 }), (u, theta) => stepBy(h, u, convolved(u, theta, { height: 3, width: 2, channels: 2 }))],
  ["encoder", encoderLayer(sequence), (u, theta) => stepBy(h, u, selfAttentionTerm(u, theta, { ...sequence, causal: false }))],
  ["decoder", decoderLayer(sequence), (u, theta) => stepBy(h, u, selfAttentionTerm(u, theta, { ...sequence, causal: true }))],
  ["stacked encoder", stackedEncoder.layer, (u, theta) => [...stepBy(h, u.slice(0, 12), selfAttentionTerm(u.slice(0, 12), theta, { ...sequence, causal: false })), ...u.slice(12)]],
  ["stacked decoder", stackedDecoder.layer, (u, theta) => [...u.slice(0, 12), ...stepBy(h, u.slice(12), crossAttentionTerm(u.slice(0, 12), u.slice(12), theta, sequence))]],
])("the %s layer", (_name, layer, formula) => {
  const width = layer.features;
  const [state, parameters, input] = [randomState(layer.stateSize, 1), randomState(layer.parameterSize, 2), randomState(batch * inputs, 3)];
  const [stateTangent, parameterTangent, adjoint] = [randomState(layer.stateSize, 4), randomState(layer.parameterSize, 5), randomState(layer.stateSize, 6)];
  const call = { size: h.value, parameters, input };
  const rows = (data: Float64Array, tangent: Float64Array, b: number): Dual[] => Array.from(data.subarray(b * width, (b + 1) * width), (value, k) => dual(value, tangent[b * width + k]));
  const tangent = (du: Float64Array, dtheta: Float64Array): Dual[] =>
    Array.from({ length: batch }, (_, b) =>
      formula(
        rows(state, du, b),
        Array.from(parameters, (value, j) => dual(value, dtheta[j])),
        Array.from(input.subarray(b * inputs, (b + 1) * inputs), (value) => dual(value)),
      ),
    ).flat();
  const defect = (image: readonly Dual[], direction: Float64Array, product: Float64Array): number => {
    const slopes = Float64Array.from(image, ({ slope }) => slope);
    return Math.abs(dot(slopes, adjoint) - dot(direction, product)) / (euclideanNorm(slopes) * euclideanNorm(adjoint) + euclideanNorm(direction) * euclideanNorm(product));
  };

  test("has the values of the formula", () => {
    const next = new Float64Array(layer.stateSize).fill(NaN);
    layer.forward(call, state, next);
    tangent(stateTangent, parameterTangent).forEach(({ value }, j) => expect(Math.abs(next[j] - value)).toBeLessThan(ROUNDING));
  });

  test("satisfies ⟨Φ'd, y⟩ = ⟨d, Φ'ᵀy⟩ to 1e-12 for states and parameters, and a product that leaves out one entry does not", () => {
    const ofState = new Float64Array(layer.stateSize).fill(NaN);
    layer.stateProduct(call, state, adjoint, ofState);
    expect(defect(tangent(stateTangent, new Float64Array(layer.parameterSize)), stateTangent, ofState)).toBeLessThan(ROUNDING);
    const ofParameters = new Float64Array(layer.parameterSize);
    layer.addParameterProduct(call, state, adjoint, ofParameters);
    const image = tangent(new Float64Array(layer.stateSize), parameterTangent);
    expect(defect(image, parameterTangent, ofParameters)).toBeLessThan(ROUNDING);
    ofParameters[layer.parameterSize - 1] = 0;
    expect(defect(image, parameterTangent, ofParameters)).toBeGreaterThan(1e-5);
  });
});
