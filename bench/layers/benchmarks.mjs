import { seededRandom } from "@parakkt/core";
import { plainKernels, simdKernels } from "@parakkt/kernels";
import { denseMap, denseResidual, gatedRecurrent, implicitUpdate, initialiseParameters, kernelArena, meanSquare, network, propagation, zeroOpening } from "@parakkt/layers";

/** Each: setting → { sides: { name: { call, items } }, details? }; `items` counts what has been done so far, in units that the times are for. */
export const layerBenchmarks = { product: productBenchmark, dense: denseBenchmark, sweep: sweepBenchmark };

const counting = (call) => {
  let done = 0;
  return {
    call() {
      call();
      done++;
    },
    items: () => done,
  };
};

function filled(kernels, length, seed) {
  const x = kernels.allocate(length);
  x.set(seededRandom(seed).normalVector(length));
  return x;
}

/** One product C ← A op(B) by each of the kernels. */
function productBenchmark({ rows, columns, inner, transposed }) {
  const side = (kernels) => {
    const [a, b, c] = [filled(kernels, rows * inner, 1), filled(kernels, columns * inner, 2), kernels.allocate(rows * columns)];
    const kernel = kernels.dense.matrixProduct({ rows, columns, inner, b: { transposed } });
    return counting(() => kernel.apply(a, b, c));
  };
  return { sides: { simd: side(simdKernels()), plain: side(plainKernels()) }, details: () => ({ flops: 2 * rows * columns * inner }) };
}

/** Forward, product for the state and product for the parameters of one dense residual layer, by each of the kernels. */
function denseBenchmark({ width, batch }) {
  const side = (kernels) => {
    const layer = denseResidual({ batch, features: width, kernels });
    const [parameters, gradient] = [filled(kernels, layer.parameterSize, 1), kernels.allocate(layer.parameterSize)];
    parameters.forEach((value, j) => (parameters[j] = value / Math.sqrt(width)));
    const [state, adjoint, next, previous] = [filled(kernels, layer.stateSize, 2), filled(kernels, layer.stateSize, 3), kernels.allocate(layer.stateSize), kernels.allocate(layer.stateSize)];
    const call = { size: 0.1, parameters, input: new Float64Array(0) };
    return counting(() => {
      layer.forward(call, state, next);
      layer.stateProduct(call, state, adjoint, previous);
      layer.addParameterProduct(call, state, adjoint, gradient);
    });
  };
  return { sides: { simd: side(simdKernels()), plain: side(plainKernels()) } };
}

const LAYERS = 256;
const SEQUENCE_INPUTS = 4;

/** Two forward cycles of a network of 256 layers, and its serial march; microseconds a layer evaluated. */
function sweepBenchmark({ kind, width, batch }) {
  const kernels = simdKernels();
  const arena = kernelArena(kernels);
  const layer = kind === "dense" ? denseResidual({ batch, features: width, kernels }) : gatedRecurrent({ batch, features: width, inputs: SEQUENCE_INPUTS, update: implicitUpdate, kernels });
  const oneByOne = { ...layer, forwardMany: undefined, stateProductMany: undefined };
  const side = (chosen, options, maxIterations) => {
    const made = networkOf(chosen, { kind, kernels, arena });
    const march = propagation(made.network, { ...options, arena });
    const evaluated = () => march.forward.counts.evaluations.reduce((sum, count) => sum + count, 0);
    return { call: () => march.propagate(made.inputs, { relativeTolerance: 0, maxIterations }), items: evaluated };
  };
  return {
    sides: {
      batched: side(layer, { levels: 2, coarsening: 4 }, 2),
      single: side(oneByOne, { levels: 2, coarsening: 4 }, 2),
      serial: side(layer, { levels: 1 }, 0),
    },
  };
}

function networkOf(layer, { kind, kernels, arena }) {
  const { batch, features: width } = layer;
  const dense = kind === "dense";
  const made = network({
    opening: dense ? denseMap({ batch, inputs: 2, outputs: width, kernels }) : zeroOpening(batch * width),
    phases: [{ layer, steps: LAYERS, shared: !dense }],
    closing: denseMap({ batch, inputs: width, outputs: 2, kernels }),
    loss: meanSquare(batch),
    duration: dense ? 1 : LAYERS,
    arena,
  });
  initialiseParameters(made, seededRandom(1));
  const data = filled(kernels, dense ? 2 * batch : 0, 2);
  return { network: made, inputs: dense ? { data } : { data, sequence: Array.from({ length: LAYERS }, (_, n) => filled(kernels, SEQUENCE_INPUTS * batch, n)) } };
}
