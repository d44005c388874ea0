import { requireArgument } from "@parakkt/core";
import type { Kernels } from "@parakkt/kernels";
import { identity, tanh, type Activation } from "./activation.js";
import { denseMap } from "./dense-map.js";
import { layerKernels } from "./dense-products.js";
import type { Layer } from "./layer.js";
import type { ParametrisedMap } from "./parametrised-map.js";
import { residualLayer } from "./residual-layer.js";

/** Images are [batch][height][width][channels]. */
export interface ImageShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

export interface ConvolutionOptions extends ImageShape {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Default: the identity. */
  readonly activation?: Activation;
  readonly kernels?: Kernels;
}

/** Points of a 3 × 3 stencil. */
const POINTS = 9;

/**
 * y = σ(K ∗ x + b), a 3 × 3 convolution with zeros around the image, so that it keeps its size (LAY.3). Parameters: K, [outputChannels][3][3][inputChannels], and b.
 *
 * As a dense map of the 9 · inputChannels values around each point, which are copied side by side. Storage: 18 images of input.
 */
export function convolution({ inputChannels, outputChannels, activation = identity, kernels = layerKernels(), ...shape }: ConvolutionOptions): ParametrisedMap {
  const points = shape.batch * shape.height * shape.width;
  const dense = denseMap({ batch: points, inputs: POINTS * inputChannels, outputs: outputChannels, activation, kernels });
  const [neighbours, adjoints] = [kernels.allocate(dense.inputSize), kernels.allocate(dense.inputSize)];
  const around = neighbourhoods(shape, inputChannels);
  return {
    inputSize: points * inputChannels,
    outputSize: dense.outputSize,
    parameterSize: dense.parameterSize,
    blocks: dense.blocks,
    forward(parameters, x, y) {
      around.gather(x, neighbours);
      dense.forward(parameters, neighbours, y);
    },
    inputProduct(parameters, x, adjoint, out) {
      around.gather(x, neighbours);
      dense.inputProduct(parameters, neighbours, adjoint, adjoints);
      around.scatter(adjoints, out);
    },
    addParameterProduct(parameters, x, adjoint, gradient) {
      around.gather(x, neighbours);
      dense.addParameterProduct(parameters, neighbours, adjoint, gradient);
    },
  };
}

export interface ConvolutionalResidualOptions extends ImageShape {
  readonly channels: number;
  /** Default tanh. */
  readonly activation?: Activation;
  readonly kernels?: Kernels;
}

/** Φ(u) = u + hσ(K ∗ u + b): the layer of a convolutional residual network on images of as many channels. */
export function convolutionalResidual({ channels, activation = tanh, ...options }: ConvolutionalResidualOptions): Layer {
  requireArgument(channels >= 1, () => ({ what: "channels", where: "convolutionalResidual", expected: "at least 1", got: String(channels) }));
  return residualLayer({ name: "convolutional-residual", batch: options.batch, map: convolution({ inputChannels: channels, outputChannels: channels, activation, ...options }) });
}

/** The values around every point, [point][3][3][channels], zero outside of the image. */
interface Neighbourhoods {
  gather(x: Float64Array, neighbours: Float64Array): void;
  /** The transpose: out ← the sum at every point of what belongs to it. */
  scatter(neighbours: Float64Array, out: Float64Array): void;
}

function neighbourhoods({ batch, height, width }: ImageShape, channels: number): Neighbourhoods {
  /** Where in the image each of the points around each point begins, −1 outside. */
  const places = new Int32Array(batch * height * width * POINTS);
  let at = 0;
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let point = 0; point < POINTS; point++) {
      const [row, column] = [y + Math.floor(point / 3) - 1, x + (point % 3) - 1];
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      places[at++] = inside ? ((b * height + row) * width + column) * channels : -1;
    }
  }
  return {
    gather(x, neighbours) {
      for (let p = 0, j = 0; p < places.length; p++) {
        const from = places[p];
        if (from < 0) for (let k = 0; k < channels; k++) neighbours[j++] = 0;
        else for (let k = 0; k < channels; k++) neighbours[j++] = x[from + k];
      }
    },
    scatter(neighbours, out) {
      out.fill(0);
      for (let p = 0, j = 0; p < places.length; p++, j += channels) {
        if (places[p] >= 0) for (let k = 0; k < channels; k++) out[places[p] + k] += neighbours[j + k];
      }
    },
  };
}
