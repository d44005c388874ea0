import { serialCommunicator, uniformTimeGrid } from "@parakkt/core";
import { PREDICTION_BATCH, rankCosts, serialPredictor, timeHierarchy, type NetworkFamily, type SplitData, type Training } from "@parakkt/layers";
import { buildTraining } from "./build-training.js";
import type { PropagationSettings, TrainingSettings } from "./training-settings.js";

/** Layers of a training that is made to be timed and measured: enough for all to be in proportion, few enough for a second or two. */
const SAMPLED_LAYERS = 1024;

/** N of the training that is made to plan one of `layers`: as many levels as are asked for must fit; sequences are as long as they are. */
export function sampledLayers({ network, propagation }: TrainingSettings, layers: number): number {
  if (network.kind === "recurrent") return layers;
  const { coarsening = 1, levels = 1 } = propagation.kind === "serial" ? {} : propagation;
  return Math.min(layers, Math.max(SAMPLED_LAYERS, 2 * coarsening ** (levels - 1)));
}

/** The same training of a network of `sampled` layers. */
export function atDepth(settings: TrainingSettings, sampled: number, layers: number): TrainingSettings {
  if (sampled === layers) return settings;
  return { ...settings, training: { ...settings.training, depth: [{ from: 0, size: sampled }] } };
}

/** What an update takes on all levels. */
export interface TimedUpdate {
  readonly evaluations: number;
  readonly products: number;
  readonly seconds: number;
}

/** An update of so many layers, from one of fewer: cycles by (MGR.12), which knows the levels; what there is beside them, and the time, in proportion. */
export function extrapolatedUpdate(update: TimedUpdate, propagation: PropagationSettings, { sampled, layers }: { readonly sampled: number; readonly layers: number }): TimedUpdate {
  const ratio = layers / sampled;
  if (ratio === 1) return update;
  const seconds = ratio * update.seconds;
  if (propagation.kind === "serial") return { evaluations: layers, products: layers, seconds };
  const [few, many] = [cycleCost(propagation, sampled), cycleCost(propagation, layers)];
  const count = (counted: number, cycles: number): number => Math.round(cycles * many + ratio * (counted - cycles * few));
  return { evaluations: count(update.evaluations, propagation.forward), products: count(update.products, propagation.backward), seconds };
}

/** Evaluations of a cycle on all levels, on one rank. */
function cycleCost({ coarsening, levels, relaxations, cycle }: Exclude<PropagationSettings, { kind: "serial" }>, layers: number): number {
  const hierarchy = timeHierarchy(uniformTimeGrid(1, layers), { coarsening, ...(levels !== undefined && { levels }) });
  const [cost] = rankCosts(hierarchy, { stateSize: 1, relaxations, cycle });
  return cost!.evaluations.reduce((sum, count) => sum + count, 0);
}

/** θ of a network of so many layers and the entries of its state; deep ones are not built: every layer has as many parameters. */
export function parametersAt(family: NetworkFamily, { batch, layers }: { readonly batch: number; readonly layers: number }): { parameters: number; stateSize: number } {
  const built = (depth: number): { parameters: number; stateSize: number } => {
    const { parameters, stateSize } = family.build({ batch, depth });
    return { parameters: parameters.length, stateSize };
  };
  if (layers <= SAMPLED_LAYERS) return built(layers);
  const [half, whole] = [built(SAMPLED_LAYERS / 2), built(SAMPLED_LAYERS)];
  const perLayer = (whole.parameters - half.parameters) / (SAMPLED_LAYERS / 2);
  return { parameters: whole.parameters + perLayer * (layers - SAMPLED_LAYERS), stateSize: whole.stateSize };
}

/** Bytes of a further layer: of vectors and scratch, and with all objects. */
export interface LayerBytes {
  readonly held: number;
  readonly resident: number;
}

/** A training to be measured. */
export interface MeasurableTraining {
  readonly settings: TrainingSettings;
  readonly data: SplitData;
  readonly family: NetworkFamily;
}

/** Objects of a layer of one network, measured: views, steps and closures; those of propagation on several levels, and of serial propagation. */
const OBJECT_BYTES = { parallel: 5500, serial: 3500 };

/** What a second training and its validation take beside the first one, which is kept meanwhile. */
export function layerBytes(first: Training, { settings, data, family }: MeasurableTraining, layers: number): LayerBytes {
  const before = process.memoryUsage().external;
  const both = [first, buildTraining(settings, data, serialCommunicator())];
  const measured = both.at(-1)!;
  const records = [...measured.advance(), ...measured.advance()];
  const validated = records.some(({ kind }) => kind === "epoch");
  if (!validated) serialPredictor({ family, depth: layers, parameters: measured.parameters })(data.validation);
  const held = (process.memoryUsage().external - before) / layers;
  const { validation, training } = data;
  const batch = settings.training.batchSize?.[0]!.size ?? training.count;
  const networks = batchSizes(training.count, batch) + batchSizes(validation.count, PREDICTION_BATCH);
  return { held, resident: held + networks * OBJECT_BYTES[settings.propagation.kind === "serial" ? "serial" : "parallel"] };
}

/** A network is kept for every size of batch: the usual one, and that of the last batch. */
function batchSizes(samples: number, batch: number): number {
  return Math.min(1, Math.floor(samples / batch)) + (samples % batch === 0 ? 0 : 1);
}
