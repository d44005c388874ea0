import { propagation } from "../network/propagation.js";
import { gatherRows, entriesOf, type DataSet } from "./data/data-set.js";
import type { NetworkFamily } from "./network-family.js";

/** Outputs, [count][entries of a target], and their mean loss against the targets. */
export interface Prediction {
  readonly outputs: Float64Array;
  readonly loss: number;
}

/** Samples that are propagated at once. */
const PREDICTION_BATCH = 64;

/** Outputs and loss by serial propagation, without dropout. A row of the outputs does not depend on the others: its bits are the same in any set. */
export function predictSerially(family: NetworkFamily, samples: DataSet, { depth, parameters }: { readonly depth: number; readonly parameters: Float64Array }): Prediction {
  const size = entriesOf(samples.targetShape);
  const outputs = new Float64Array(samples.count * size);
  let lossSum = 0;
  for (let first = 0; first < samples.count; first += PREDICTION_BATCH) {
    const part = gatherRows(samples, Array.from({ length: Math.min(PREDICTION_BATCH, samples.count - first) }, (_, k) => first + k));
    const serial = propagation(family.build({ batch: part.count, depth }, parameters), { levels: 1 });
    serial.propagate(family.inputs(part));
    outputs.set(serial.outputs, first * size);
    lossSum += part.count * serial.loss(part.targets);
    serial.dispose();
  }
  return { outputs, loss: lossSum / samples.count };
}
