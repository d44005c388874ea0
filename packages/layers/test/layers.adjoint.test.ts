import {
  classicUpdate,
  convolutionalResidual,
  crossEntropy,
  decoderLayer,
  denseMap,
  denseResidual,
  encoderDecoder,
  encoderLayer,
  gatedRecurrent,
  implicitUpdate,
  meanSquare,
  relu,
  smoothRelu,
  tanh,
  type Activation,
  type Layer,
  type LayerCall,
  type Loss,
} from "@parakkt/layers";
import { dot, euclideanNorm, seededRandom } from "@parakkt/testing";
import { randomState } from "./network-cases.js";

const batch = 3;
const features = 4;
const inputs = 2;

const cases: [string, Layer][] = [
  ...[tanh, smoothRelu, relu].map((activation): [string, Layer] => [`dense residual, ${activation.name}`, denseResidual({ batch, features, activation })]),
  ...[classicUpdate, implicitUpdate].map((update): [string, Layer] => [`gated recurrent, ${update.name}`, gatedRecurrent({ batch, features, inputs, update })]),
  ["convolutional residual", convolutionalResidual({ batch, height: 3, width: 4, channels: 2 })],
  ["encoder", encoderLayer({ batch, tokens: 3, features, heads: 2, hidden: 5 })],
  ["decoder", decoderLayer({ batch, tokens: 3, features, heads: 2, hidden: 5 })],
  ...encoderDecoder({ batch, sourceTokens: 3, targetTokens: 2, features, heads: 2, hidden: 5, encoderLayers: 1, decoderLayers: 1 }).map(({ layer }): [string, Layer] => [layer.name, layer]),
];

const callOf = (layer: Layer, size: number): LayerCall => ({ size, parameters: randomState(layer.parameterSize, 1).map((x) => 0.7 * x), input: randomState(batch * inputs, 2) });

/** A function of one vector and the transpose of its derivative at x. */
interface Differentiable {
  readonly size: number;
  value(x: Float64Array): Float64Array;
  transpose(x: Float64Array, adjoint: Float64Array): Float64Array;
}

function ofState(layer: Layer, call: LayerCall): Differentiable {
  const filled = (): Float64Array => new Float64Array(layer.stateSize).fill(NaN);
  return {
    size: layer.stateSize,
    value(u) {
      const next = filled();
      layer.forward(call, u, next);
      return next;
    },
    transpose(u, adjoint) {
      const out = filled();
      layer.stateProduct(call, u, adjoint, out);
      return out;
    },
  };
}

function ofParameters(layer: Layer, call: LayerCall, state: Float64Array): Differentiable {
  return {
    size: layer.parameterSize,
    value: (parameters) => ofState(layer, { ...call, parameters }).value(state),
    transpose(parameters, adjoint) {
      const gradient = new Float64Array(layer.parameterSize);
      layer.addParameterProduct({ ...call, parameters }, state, adjoint, gradient);
      return gradient;
    },
  };
}

/** (f(x + εd) − f(x − εd))/2ε, improved once by extrapolation: error O(ε⁴). */
function derivative(f: Differentiable, x: Float64Array, d: Float64Array): Float64Array {
  const central = (epsilon: number): Float64Array => {
    const [up, down] = [1, -1].map((sign) => f.value(x.map((value, j) => value + sign * epsilon * d[j])));
    return up.map((value, j) => (value - down[j]) / (2 * epsilon));
  };
  const [coarse, fine] = [central(1e-3), central(5e-4)];
  return fine.map((value, j) => (4 * value - coarse[j]) / 3);
}

/** |⟨f'(x) d, y⟩ − ⟨d, f'(x)ᵀ y⟩| relative to the sizes of the vectors. */
function defect(f: Differentiable, x: Float64Array): number {
  const [d, y] = [randomState(x.length, 11), randomState(f.value(x).length, 12)];
  const [image, transposed] = [derivative(f, x, d), f.transpose(x, y)];
  return Math.abs(dot(image, y) - dot(d, transposed)) / (euclideanNorm(image) * euclideanNorm(y) + euclideanNorm(d) * euclideanNorm(transposed));
}

/** ε⁴ of the extrapolated difference, and rounding over ε. */
const DIFFERENCE_ERROR = 1e-10;

describe.each(cases)("%s", (_name, layer) => {
  const state = randomState(layer.stateSize, 3);
  test.each([1, 0.1, 4])("the products are the transposes of what differences of forward calls show, h = %d", (size) => {
    const call = callOf(layer, size);
    expect(defect(ofState(layer, call), state)).toBeLessThan(DIFFERENCE_ERROR);
    expect(defect(ofParameters(layer, call, state), call.parameters)).toBeLessThan(DIFFERENCE_ERROR);
  });

  test("a product at another state is found out", () => {
    const call = callOf(layer, 1);
    const right = ofState(layer, call);
    const wrong = { ...right, transpose: (u: Float64Array, y: Float64Array) => right.transpose(u.map((x, j) => x + 2 * Math.sin(j)), y) };
    expect(defect(wrong, state)).toBeGreaterThan(1e-4);
  });

  test("the products are linear in the adjoint, to rounding", () => {
    const call = callOf(layer, 1);
    for (const f of [ofState(layer, call), ofParameters(layer, call, state)]) {
      const at = f.size === layer.stateSize ? state : call.parameters;
      const [y, z] = [randomState(layer.stateSize, 5), randomState(layer.stateSize, 6)];
      const [ofY, ofZ] = [f.transpose(at, y), f.transpose(at, z)];
      const together = f.transpose(at, y.map((value, j) => 2 * value - 3 * z[j]));
      together.forEach((value, j) => expect(Math.abs(value - (2 * ofY[j] - 3 * ofZ[j]))).toBeLessThan(1e-12));
    }
  });

  test("gradients add up, and members of a batch do not see one another", () => {
    const call = callOf(layer, 1);
    const f = ofState(layer, call);
    const changed = state.map((u, j) => (j < layer.features ? u + 1 : u));
    expect([...f.value(changed).subarray(layer.features)]).toEqual([...f.value(state).subarray(layer.features)]);
    const y = randomState(layer.stateSize, 5);
    const once = ofParameters(layer, call, state).transpose(call.parameters, y);
    const gradient = Float64Array.from(once);
    layer.addParameterProduct(call, state, y, gradient);
    gradient.forEach((value, j) => expect(Math.abs(value - 2 * once[j])).toBeLessThan(1e-14));
  });
});

describe("known values", () => {
  test("the classic unit at dt = 1 is z h + (1 − z) n, the implicit one agrees to first order in dt", () => {
    const random = seededRandom(1);
    for (let k = 0; k < 20; k++) {
      const [h, n, z] = [random.normal(), random.normal(), random.uniform()];
      expect(Math.abs(classicUpdate.next(1, h, 1 - z, n) - (z * h + (1 - z) * n))).toBeLessThan(1e-14);
      const [far, near] = [1e-2, 5e-3].map((dt) => Math.abs(classicUpdate.next(dt, h, 1 - z, n) - implicitUpdate.next(dt, h, 1 - z, n)));
      expect(far / near).toBeGreaterThan(3.9);
      expect(far / near).toBeLessThan(4.1);
    }
  });

  test("the implicit update stays between h and n for every dt, the classic one does not", () => {
    expect(implicitUpdate.next(1e6, -1, 0.5, 1)).toBeLessThanOrEqual(1);
    expect(classicUpdate.next(8, -1, 0.5, 1)).toBeGreaterThan(1);
  });

  test("activations and their slopes", () => {
    const values = (f: Activation, xs: number[]): number[] => xs.map(f.value);
    expect(values(relu, [-2, 0, 3])).toEqual([0, 0, 3]);
    expect(values(smoothRelu, [-0.2, 0.2])).toEqual([0, 0.2]);
    expect(Math.abs(smoothRelu.value(0) - 0.025)).toBeLessThan(1e-16);
    for (const x of [-0.1, 0.1]) {
      expect(Math.abs(smoothRelu.value(x) - relu.value(x))).toBeLessThan(1e-16);
      expect(Math.abs(smoothRelu.slope(x) - relu.slope(x))).toBeLessThan(1e-15);
    }
  });
});

describe("opening and closing maps", () => {
  const map = denseMap({ batch, inputs: 5, outputs: features, activation: tanh });
  const parameters = randomState(map.parameterSize, 1);
  const x = randomState(map.inputSize, 2);
  const forward = (theta: Float64Array, at: Float64Array): Float64Array => {
    const y = new Float64Array(map.outputSize);
    map.forward(theta, at, y);
    return y;
  };

  test("have the transposes that differences show, for input and parameters", () => {
    const ofInput: Differentiable = {
      size: map.inputSize,
      value: (at) => forward(parameters, at),
      transpose(at, adjoint) {
        const out = new Float64Array(map.inputSize).fill(NaN);
        map.inputProduct(parameters, at, adjoint, out);
        return out;
      },
    };
    const ofTheta: Differentiable = {
      size: map.parameterSize,
      value: (theta) => forward(theta, x),
      transpose(theta, adjoint) {
        const gradient = new Float64Array(map.parameterSize);
        map.addParameterProduct(theta, x, adjoint, gradient);
        return gradient;
      },
    };
    expect(defect(ofInput, x)).toBeLessThan(DIFFERENCE_ERROR);
    expect(defect(ofTheta, parameters)).toBeLessThan(DIFFERENCE_ERROR);
    expect(defect({ ...ofInput, transpose: (at, y) => ofInput.transpose(at, y).map((value) => 1.01 * value) }, x)).toBeGreaterThan(1e-5);
  });
});

describe.each<[string, Loss]>([
  ["mean square", meanSquare(batch)],
  ["cross-entropy", crossEntropy(batch)],
])("the %s loss", (_name, loss) => {
  const outputs = randomState(batch * features, 1);
  const oneHot = Float64Array.from({ length: batch * features }, (_, j) => (j % features === Math.floor(j / features) ? 1 : 0));

  test("has the gradient that differences show", () => {
    const value: Differentiable = {
      size: outputs.length,
      value: (y) => Float64Array.of(loss.value(y, oneHot)),
      transpose(y, [factor]) {
        const out = new Float64Array(y.length).fill(NaN);
        loss.gradient(y, oneHot, out);
        return out.map((slope) => slope * factor);
      },
    };
    expect(defect(value, outputs)).toBeLessThan(DIFFERENCE_ERROR);
  });
});

test("the cross-entropy of equal logits is the logarithm of their number, and that of huge logits is finite", () => {
  const loss = crossEntropy(2);
  const targets = Float64Array.of(1, 0, 0, 0, 0, 1);
  expect(Math.abs(loss.value(new Float64Array(6), targets) - Math.log(3))).toBeLessThan(1e-15);
  expect(loss.value(Float64Array.of(1e4, 0, 0, 0, 0, 1e4), targets)).toBe(0);
  expect(loss.value(Float64Array.of(0, 1e4, 0, 0, 0, 1e4), targets)).toBe(5e3);
});
