import type { ParametrisedMap } from "./parametrised-map.js";

export interface MeanPoolingOptions {
  readonly batch: number;
  /** Points of an image, or tokens of a sequence. */
  readonly points: number;
  readonly channels: number;
}

/** The mean over the points of every channel, [batch][points][channels] to [batch][channels]: what a classifier of images or sequences reads. No parameters. */
export function meanPooling({ batch, points, channels }: MeanPoolingOptions): ParametrisedMap {
  const pooled = (j: number): number => Math.floor(j / (points * channels)) * channels + (j % channels);
  return {
    ...{ inputSize: batch * points * channels, outputSize: batch * channels, parameterSize: 0, blocks: [] },
    forward(_parameters, x, y) {
      y.fill(0);
      for (let j = 0; j < x.length; j++) y[pooled(j)] += x[j] / points;
    },
    inputProduct(_parameters, _x, adjoint, out) {
      for (let j = 0; j < out.length; j++) out[j] = adjoint[pooled(j)] / points;
    },
    addParameterProduct() {},
  };
}
