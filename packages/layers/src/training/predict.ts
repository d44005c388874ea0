import { propagation, type Propagation } from "../network/propagation.js";
import { gatherRows, entriesOf, type DataSet } from "./data/data-set.js";
import type { NetworkFamily } from "./network-family.js";

/** Outputs, [count][entries of a target], and their mean loss against the targets. */
export interface Prediction {
  readonly outputs: Float64Array;
  readonly loss: number;
}

/** Samples that are propagated at once. */
export const PREDICTION_BATCH = 64;

/** Predicts for samples of any number. */
export type Predictor = (samples: DataSet) => Prediction;

/** A family's network of one depth and its parameters; these may change between two predictions. */
export interface PredictorOptions {
  readonly family: NetworkFamily;
  readonly depth: number;
  readonly parameters: Float64Array;
}

/**
 * Outputs and loss by serial propagation, without dropout. A row of the outputs does not depend on the others: its bits are the same in
 * any set. Networks are set up once for each size of batch: 64, and that of the last one.
 */
export function serialPredictor({ family, depth, parameters }: PredictorOptions): Predictor {
  const networks = new Map<number, Propagation>();
  const networkFor = (batch: number): Propagation => {
    const found = networks.get(batch) ?? propagation(family.build({ batch, depth }, parameters), { levels: 1 });
    networks.set(batch, found);
    found.network.parametersChanged();
    return found;
  };
  return (samples) => {
    const size = entriesOf(samples.targetShape);
    const outputs = new Float64Array(samples.count * size);
    let lossSum = 0;
    for (let first = 0; first < samples.count; first += PREDICTION_BATCH) {
      const part = gatherRows(samples, Array.from({ length: Math.min(PREDICTION_BATCH, samples.count - first) }, (_, k) => first + k));
      const serial = networkFor(part.count);
      serial.propagate(family.inputs(part));
      outputs.set(serial.outputs, first * size);
      lossSum += part.count * serial.loss(part.targets);
    }
    return { outputs, loss: lossSum / samples.count };
  };
}
