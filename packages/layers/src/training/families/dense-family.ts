import type { Kernels } from "@parakkt/kernels";
import { composedMap, serialLayers } from "../../network/composed-map.js";
import { denseMap } from "../../network/dense-map.js";
import { denseResidual } from "../../network/dense-residual.js";
import type { Activation } from "../../network/activation.js";
import { network } from "../../network/network.js";
import type { CoarseValues } from "../../network/step-values.js";
import { lossFor, type LossName } from "./loss-for.js";
import type { NetworkFamily } from "../network-family.js";

export interface DenseFamilyOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Features of a layer. */
  readonly width: number;
  /** T; layers are steps of T/N. */
  readonly duration: number;
  readonly activation: Activation;
  readonly loss: LossName;
  /** Serial buffer layers at each end, of the step size T/N too; default 0. */
  readonly bufferLayers?: number;
  readonly coarse?: CoarseValues;
  readonly kernels?: Kernels;
}

/** A neural ODE: a dense layer with activation opens, N dense residual layers follow, a dense layer closes. */
export function denseFamily({ inputs, outputs, width, duration, activation, loss, bufferLayers = 0, coarse, kernels }: DenseFamilyOptions): NetworkFamily {
  const given = kernels && { kernels };
  return {
    build({ batch, depth }, parameters) {
      const layer = denseResidual({ batch, features: width, activation, ...given });
      const opening = denseMap({ batch, inputs, outputs: width, activation, ...given });
      const closing = denseMap({ batch, inputs: width, outputs, ...given });
      const buffer = bufferLayers > 0 ? serialLayers({ layer, count: bufferLayers, stepSize: duration / depth }) : undefined;
      return network({
        opening: buffer ? composedMap(opening, buffer) : opening,
        phases: [{ layer, steps: depth }],
        closing: buffer ? composedMap(buffer, closing) : closing,
        loss: lossFor(loss, batch),
        duration,
        ...(coarse && { coarse }),
        ...(parameters && { parameters }),
      });
    },
    inputs: ({ inputs: data }) => ({ data }),
  };
}
