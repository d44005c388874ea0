import type { Kernels } from "@parakkt/kernels";
import { denseMap } from "../../network/dense-map.js";
import { gatedRecurrent } from "../../network/gated-recurrent.js";
import type { GatedUpdate } from "../../network/gated-update.js";
import { network } from "../../network/network.js";
import type { CoarseValues } from "../../network/step-values.js";
import { zeroOpening } from "../../network/zero-opening.js";
import type { DataSet } from "../data/data-set.js";
import type { NetworkFamily } from "../network-family.js";
import { lossFor, type LossName } from "./loss-for.js";

export interface RecurrentFamilyOptions {
  /** Entries of an element of a sequence. */
  readonly inputs: number;
  readonly outputs: number;
  /** Features of the state. */
  readonly width: number;
  readonly update: GatedUpdate;
  readonly loss: LossName;
  /** Step size of an element. Default 1. */
  readonly stepSize?: number;
  readonly coarse?: CoarseValues;
  readonly kernels?: Kernels;
}

/** A gated recurrent unit reads a sequence of N elements from the state 0; a dense layer reads the last state. Its depth is the length of the sequences. */
export function recurrentFamily({ inputs, outputs, width, update, loss, stepSize = 1, coarse, kernels }: RecurrentFamilyOptions): NetworkFamily {
  const given = kernels && { kernels };
  return {
    build: ({ batch, depth }, parameters) =>
      network({
        opening: zeroOpening(batch * width),
        phases: [{ layer: gatedRecurrent({ batch, features: width, inputs, update, ...given }), steps: depth, shared: true }],
        closing: denseMap({ batch, inputs: width, outputs, ...given }),
        loss: lossFor(loss, batch),
        duration: stepSize * depth,
        ...(coarse && { coarse }),
        ...(parameters && { parameters }),
      }),
    inputs: (samples) => ({ data: new Float64Array(0), sequence: sequenceOf(samples, inputs) }),
  };
}

/** [count][N][entries] as N elements of [count][entries]. */
function sequenceOf({ count, inputs }: DataSet, entries: number): Float64Array[] {
  const steps = inputs.length / (count * entries);
  return Array.from({ length: steps }, (_, n) => {
    const element = new Float64Array(count * entries);
    for (let b = 0; b < count; b++) element.set(inputs.subarray((b * steps + n) * entries, (b * steps + n + 1) * entries), b * entries);
    return element;
  });
}
