import { plainKernels, simdKernels } from "@parakkt/kernels";
import { classicUpdate, denseResidual, gatedRecurrent, implicitUpdate, kernelArena, relu, smoothRelu, tanh, type Layer, type LayerCall } from "@parakkt/layers";
import { differingBits } from "@parakkt/testing";
import { randomState } from "./network-cases.js";

const [batch, features, inputs, count] = [2, 5, 3, 6];

const layersOn = (kernels: ReturnType<typeof simdKernels>): [string, Layer][] => [
  ...[tanh, relu, smoothRelu].map((activation): [string, Layer] => [`dense residual, ${activation.name}`, denseResidual({ batch, features, activation, kernels })]),
  ...[classicUpdate, implicitUpdate].map((update): [string, Layer] => [`gated recurrent, ${update.name}`, gatedRecurrent({ batch, features, inputs, update, kernels })]),
];
const memories = { simd: simdKernels(), plain: plainKernels() };

describe.each(Object.entries(memories).flatMap(([name, kernels]) => layersOn(kernels).map(([kind, layer]): [string, Layer, typeof kernels] => [`${kind}, ${name} kernels`, layer, kernels])))("a %s layer", (_name, layer, kernels) => {
  const filled = (length: number, seed: number, allocate: (length: number) => Float64Array): Float64Array => {
    const x = allocate(length);
    x.set(randomState(length, seed));
    return x;
  };
  const heap = (length: number): Float64Array => new Float64Array(length);

  test.each([
    ["of their own on the heap", false, false, heap],
    ["of their own in the kernels' memory, with dropout", false, true, kernelArena(kernels).allocate],
    ["that they share", true, false, heap],
  ])("takes independent steps at once with the bits of single ones, parameters %s", (_where, shared, dropout, allocate) => {
    const common = filled(layer.parameterSize, 50, allocate);
    const calls = Array.from({ length: count }, (_, k): LayerCall => ({
      size: 0.5 + 0.1 * k,
      parameters: shared ? common : filled(layer.parameterSize, 60 + k, allocate),
      input: filled(layer.inputSize, 70 + k, allocate),
      ...(dropout && { mask: filled(layer.stateSize, 80 + k, allocate) }),
    }));
    const vectors = (seed: number): Float64Array[] => Array.from({ length: count }, (_, k) => filled(layer.stateSize, seed + k, allocate));
    const [states, adjoints, next, out] = [vectors(1), vectors(20), vectors(30), vectors(40)];
    const single = allocate(layer.stateSize);
    for (let round = 0; round < 2; round++) {
      layer.forwardMany!(calls, states, next);
      layer.stateProductMany!(calls, states, adjoints, out);
    }
    calls.forEach((call, k) => {
      layer.forward(call, states[k], single);
      expect(differingBits(next[k], single)).toBe(0);
      layer.stateProduct(call, states[k], adjoints[k], single);
      expect(differingBits(out[k], single)).toBe(0);
      layer.stateProduct({ ...call, size: call.size * (1 + 1e-12) }, states[k], adjoints[k], single);
      expect(differingBits(out[k], single)).toBeGreaterThan(0);
    });
  });
});
