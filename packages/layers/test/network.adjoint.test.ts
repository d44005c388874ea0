import { InvalidArgumentError, seededRandom, type Communicator } from "@parakkt/core";
import {
  composedMap,
  convolution,
  convolutionalResidual,
  crossEntropy,
  decoderLayer,
  denseMap,
  denseResidual,
  dropoutMasks,
  encoderDecoder,
  encoderLayer,
  gatedRecurrent,
  identity,
  implicitUpdate,
  initialiseParameters,
  meanPooling,
  meanSquare,
  network,
  normalizedTokens,
  propagation,
  selectedPart,
  serialLayers,
  tanh,
  tokenEmbedding,
  zeroOpening,
  type InitialGuess,
  type Network,
  type NetworkInputs,
  type NetworkOptions,
  type ParametrisedMap,
  type PropagationOptions,
} from "@parakkt/layers";
import { differingBits, dot, observedOrders, relativeDistance, simulateRanks, taylorRemainders } from "@parakkt/testing";
import { randomState } from "./network-cases.js";

const [batch, inputs, features, classes, N] = [3, 2, 4, 3, 24];
const targets = Float64Array.from({ length: batch * classes }, (_, j) => (j % classes === Math.floor(j / classes) ? 1 : 0));
const residual = denseResidual({ batch, features });
const opening = denseMap({ batch, inputs, outputs: features, activation: tanh });
const closing = denseMap({ batch, inputs: features, outputs: classes });
const base = { opening, closing, loss: crossEntropy(batch), duration: 2 };
const gated = gatedRecurrent({ batch, features, inputs, update: implicitUpdate });
const image = { batch, height: 3, width: 4 };
const text = { batch, features, heads: 2, hidden: 6 };
const tokens = (count: number): Float64Array => Float64Array.from({ length: batch * count }, (_, j) => (7 * j + j * j) % 5);
const classifier = (count: number): ParametrisedMap =>
  composedMap(normalizedTokens(batch * count, features), composedMap(meanPooling({ batch, points: count, channels: features }), denseMap({ batch, inputs: features, outputs: classes })));
const data = { data: randomState(batch * inputs, 1) };

interface Case {
  readonly options: NetworkOptions;
  readonly inputs: NetworkInputs;
}

const cases: Record<string, Case> = {
  "dense residual": { options: { ...base, phases: [{ layer: residual, steps: N }] }, inputs: data },
  "two phases of different layers, with a coarse step across": {
    options: { ...base, phases: [{ layer: residual, steps: 10 }, { layer: denseResidual({ batch, features, activation: identity }), steps: N - 10 }] },
    inputs: data,
  },
  "serial layers at both ends": {
    options: {
      ...base,
      opening: composedMap(opening, serialLayers({ layer: residual, count: 2, stepSize: 0.1 })),
      closing: composedMap(serialLayers({ layer: residual, count: 1, stepSize: 0.1 }), closing),
      phases: [{ layer: residual, steps: N }],
    },
    inputs: data,
  },
  "convolutional residual": {
    options: {
      ...base,
      opening: convolution({ ...image, inputChannels: 1, outputChannels: 2, activation: tanh }),
      phases: [{ layer: convolutionalResidual({ ...image, channels: 2 }), steps: N }],
      closing: composedMap(meanPooling({ batch, points: 12, channels: 2 }), denseMap({ batch, inputs: 2, outputs: classes })),
    },
    inputs: { data: randomState(batch * 12, 1) },
  },
  encoder: {
    options: { ...base, opening: tokenEmbedding({ ...text, tokens: 4, vocabulary: 5 }), phases: [{ layer: encoderLayer({ ...text, tokens: 4 }), steps: N }], closing: classifier(4) },
    inputs: { data: tokens(4) },
  },
  decoder: {
    options: { ...base, opening: tokenEmbedding({ ...text, tokens: 4, vocabulary: 5 }), phases: [{ layer: decoderLayer({ ...text, tokens: 4 }), steps: N }], closing: classifier(4) },
    inputs: { data: tokens(4) },
  },
  "encoder–decoder, with a coarse step across": {
    options: {
      ...base,
      opening: tokenEmbedding({ ...text, tokens: 5, vocabulary: 5 }),
      phases: encoderDecoder({ ...text, sourceTokens: 3, targetTokens: 2, encoderLayers: 10, decoderLayers: N - 10 }),
      closing: composedMap(selectedPart({ batch, features: 5 * text.features, first: 3 * text.features, length: 2 * text.features }), classifier(2)),
    },
    inputs: { data: tokens(5) },
  },
  "recurrent, with shared parameters": {
    options: { ...base, duration: N, opening: zeroOpening(batch * features), phases: [{ layer: gated, steps: N, shared: true }] },
    inputs: { data: new Float64Array(0), sequence: Array.from({ length: N }, (_, n) => randomState(batch * inputs, n)) },
  },
};

function initialised(options: NetworkOptions): Network {
  const made = network(options);
  initialiseParameters(made, seededRandom(5));
  return made;
}

function gradientOf(net: Network, of: NetworkInputs, { cycles = 25, ...options }: PropagationOptions & { cycles?: number } = {}): { loss: number; gradient: Float64Array } {
  const both = propagation(net, options);
  const limits = { relativeTolerance: 0, maxIterations: cycles };
  both.propagate(of, limits);
  both.backpropagate(targets, limits);
  return { loss: both.loss(targets), gradient: both.gradient };
}

describe.each(Object.entries(cases))("a network: %s", (_name, { options, inputs: given }) => {
  const net = initialised(options);
  const serial = gradientOf(net, given, { levels: 1 });

  test("has the gradient that leaves a Taylor remainder of order 2 for all parameters at once, and a gradient of twice the size does not", () => {
    const direction = randomState(net.parameters.length, 9);
    const shifted = (epsilon: number): number => gradientOf(initialisedAt(options, net.parameters.map((value, j) => value + epsilon * direction[j])), given, { levels: 1 }).loss;
    const orders = (gradient: Float64Array): number[] => {
      const slope = dot(gradient, direction);
      return observedOrders(taylorRemainders((epsilon) => shifted(epsilon) - serial.loss - epsilon * slope, { start: 2 ** -6, count: 6 }));
    };
    for (const order of orders(serial.gradient).slice(2)) expect(Math.abs(order - 2)).toBeLessThan(0.1);
    expect(Math.abs(orders(serial.gradient.map((value) => 2 * value))[4] - 1)).toBeLessThan(0.2);
  });

  test("has the same gradient layer-parallel to 1e-12 when converged, and another one after one cycle", () => {
    expect(relativeDistance(gradientOf(net, given, { levels: 2, coarsening: 4 }).gradient, serial.gradient)).toBeLessThan(1e-12);
    expect(relativeDistance(gradientOf(net, given, { levels: 2, coarsening: 4, cycles: 1 }).gradient, serial.gradient)).toBeGreaterThan(1e-9);
  });

  test.each([
    [2, 4],
    [3, 4],
    [4, 12],
  ])("has loss and gradient of the same bits on %i ranks, c = %i", (size, coarsening) => {
    const setting = { levels: 2, coarsening, cycles: 2 };
    const alone = gradientOf(net, given, setting);
    const run = (communicator: Communicator) => gradientOf(net, given, { ...setting, communicator });
    for (const { loss, gradient } of simulateRanks(size, run)) {
      expect(loss).toBe(alone.loss);
      expect(differingBits(gradient, alone.gradient)).toBe(0);
    }
  });
});

function initialisedAt(options: NetworkOptions, parameters: Float64Array): Network {
  return network({ ...options, parameters });
}

describe("the flat vector of parameters", () => {
  test("holds opening, layers and closing one behind the other, and shared layers once", () => {
    const own = network(cases["dense residual"].options);
    expect(own.parts.map(({ name }) => name)).toEqual(["opening", ...Array.from({ length: N }, (_, k) => `layer ${k + 1}`), "closing"]);
    const shared = network(cases["recurrent, with shared parameters"].options);
    expect(shared.parts.map(({ name }) => name)).toEqual(["opening", "layers 1–24", "closing"]);
    for (const { parts, parameters } of [own, shared]) {
      let end = 0;
      for (const { start, size, blocks } of parts) {
        expect(start).toBe(end);
        expect(blocks.reduce((sum, block) => sum + block.size, 0)).toBe(size);
        end = start + size;
      }
      expect(parameters).toHaveLength(end);
    }
  });

  test("is initialised with the deviations of the blocks: 1/√inputs for weights, 0 for biases", () => {
    const wide = denseMap({ batch: 1, inputs: 100, outputs: 100 });
    const net = initialised({ ...base, loss: crossEntropy(1), opening: wide, closing: wide, phases: [{ layer: denseResidual({ batch: 1, features: 100 }), steps: 1 }] });
    const layer = net.parameters.subarray(net.layerPart(1).start, net.layerPart(1).start + net.layerPart(1).size);
    const meanSquare = layer.subarray(0, 1e4).reduce((sum, w) => sum + w * w, 0) / 1e4;
    expect(Math.abs(100 * meanSquare - 1)).toBeLessThan(0.1);
    expect(layer.subarray(1e4).every((b) => b === 0)).toBe(true);
  });
});

test("coarse steps follow the parameters only after parametersChanged", () => {
  const net = initialised(cases["dense residual"].options);
  const after = (): number => {
    const both = propagation(net, { levels: 2 });
    both.propagate(data, { relativeTolerance: 0, maxIterations: 1 });
    return both.loss(targets);
  };
  const before = after();
  const grown = net.parameters.map((value) => 1.5 * value);
  net.parameters.set(grown);
  const stale = after();
  net.parametersChanged();
  const fresh = gradientOf(initialisedAt(cases["dense residual"].options, grown), data, { levels: 2, cycles: 1 }).loss;
  expect(after()).toBe(fresh);
  expect(stale).not.toBe(fresh);
  expect(before).not.toBe(fresh);
});

describe("a backward cycle after an update that shrank the gradient to a share σ of what it was", () => {
  const net = initialised({ ...cases["dense residual"].options, loss: meanSquare(batch) });
  const both = propagation(net, { levels: 2, coarsening: 4 });
  both.propagate(data, { relativeTolerance: 0, maxIterations: 25 });
  const direction = randomState(batch * classes, 7);
  const away = (share: number): Float64Array => both.outputs.map((y, j) => y - share * direction[j]);
  const gradient = (share: number, guess: InitialGuess, cycles: number): Float64Array => {
    both.backpropagate(away(share), { guess, relativeTolerance: 0, maxIterations: cycles });
    return both.gradient.slice();
  };
  const errorFrom = (guess: InitialGuess, share: number): number => {
    const exact = gradient(share, "constant", 25);
    gradient(1, "constant", 25);
    return relativeDistance(gradient(share, guess, 1), exact);
  };

  test("has a relative error that does not depend on σ where the adjoint starts afresh, and one in proportion to 1/σ − 1 where it starts from the last one", () => {
    for (const share of [0.5, 0.1, 0.01]) {
      expect(Math.abs(errorFrom("constant", share) / errorFrom("constant", 1) - 1)).toBeLessThan(1e-6);
      expect(Math.abs((errorFrom("previous", share) / (1 / share - 1) / errorFrom("previous", 0.5)) - 1)).toBeLessThan(1e-6);
    }
    expect(errorFrom("previous", 0.01)).toBeGreaterThan(10 * errorFrom("constant", 0.01));
  });

  test("is exact from the last adjoint where nothing changed", () => {
    expect(errorFrom("previous", 1)).toBeLessThan(1e-12);
  });
});

describe("dropout", () => {
  const net = initialised(cases["dense residual"].options);
  const drawn = dropoutMasks({ steps: N, stateSize: net.stateSize, rate: 0.3 });
  drawn.redraw(seededRandom(3));
  const residuals = (between: () => void): number => {
    const both = propagation(net, { levels: 2 });
    let norms: readonly number[] = [];
    for (let k = 0; k < 8; k++) {
      norms = [...norms, ...both.propagate(data, { relativeTolerance: 0, maxIterations: 1, guess: k === 0 ? "constant" : "previous" }).residualNorms];
      between();
    }
    return norms[norms.length - 1] / norms[0];
  };

  test("with masks frozen for a batch converges, and its gradient is that of serial backpropagation", () => {
    net.setMasks(drawn.masks);
    expect(residuals(() => {})).toBeLessThan(1e-9);
    expect(relativeDistance(gradientOf(net, data, { levels: 2 }).gradient, gradientOf(net, data, { levels: 1 }).gradient)).toBeLessThan(1e-12);
  });

  test("with fresh masks every sweep does not converge", () => {
    const random = seededRandom(4);
    const fresh = (): void => {
      drawn.redraw(random);
      net.setMasks(drawn.masks);
    };
    expect(residuals(fresh)).toBeGreaterThan(1e-2);
    net.setMasks(undefined);
  });

  test("leaves out a share of entries and keeps the mean", () => {
    const { masks, redraw } = dropoutMasks({ steps: 10, stateSize: 1000, rate: 0.25 });
    redraw(seededRandom(1));
    const entries = masks.flatMap((mask) => [...mask]);
    expect(new Set(entries)).toEqual(new Set([0, 4 / 3]));
    expect(Math.abs(entries.filter((entry) => entry === 0).length / 1e4 - 0.25)).toBeLessThan(0.02);
  });
});

test.each<[string, () => unknown]>([
  ["states of different sizes", () => network({ ...base, phases: [{ layer: denseResidual({ batch, features: 5 }), steps: 4 }] })],
  ["no layer", () => network({ ...base, phases: [] })],
  ["parameters of another network", () => network({ ...cases["dense residual"].options, parameters: new Float64Array(3) })],
  ["maps that do not fit", () => composedMap(closing, opening)],
  ["a dropout rate of 1", () => dropoutMasks({ steps: 1, stateSize: 1, rate: 1 })],
  ["data of another size", () => propagation(network(cases["dense residual"].options)).propagate({ data: new Float64Array(1) })],
  ["a sequence of another length", () => network(cases["recurrent, with shared parameters"].options).setSequence([])],
  ["backpropagation first", () => propagation(network(cases["dense residual"].options)).backpropagate(targets)],
])("%s are refused", (_name, make) => {
  expect(make).toThrow(InvalidArgumentError);
});
