import type { Activation } from "../../network/activation.js";
import { convolution, convolutionalResidual } from "../../network/convolution.js";
import { denseMap } from "../../network/dense-map.js";
import { network } from "../../network/network.js";
import type { CoarseValues } from "../../network/step-values.js";
import type { NetworkFamily } from "../network-family.js";
import { lossFor, type LossName } from "./loss-for.js";

export interface ConvolutionalFamilyOptions {
  /** Pixels of an image of one channel. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outputs: number;
  /** T; layers are steps of T/N. */
  readonly duration: number;
  readonly activation: Activation;
  readonly loss: LossName;
  readonly coarse?: CoarseValues;
}

/** A convolutional residual network: a 3 × 3 convolution opens, N residual ones follow, a dense layer reads all channels of all pixels. */
export function convolutionalFamily({ height, width, channels, outputs, duration, activation, loss, coarse }: ConvolutionalFamilyOptions): NetworkFamily {
  return {
    build: ({ batch, depth }, parameters) =>
      network({
        opening: convolution({ batch, height, width, inputChannels: 1, outputChannels: channels, activation }),
        phases: [{ layer: convolutionalResidual({ batch, height, width, channels, activation }), steps: depth }],
        closing: denseMap({ batch, inputs: height * width * channels, outputs }),
        loss: lossFor(loss, batch),
        duration,
        ...(coarse && { coarse }),
        ...(parameters && { parameters }),
      }),
    inputs: ({ inputs: data }) => ({ data }),
  };
}
