import type { Communicator } from "@parakkt/core";
import {
  adam,
  classicUpdate,
  convolutionalFamily,
  denseFamily,
  encoderDecoderFamily,
  entriesOf,
  gradientDescent,
  implicitUpdate,
  lbfgs,
  momentum,
  recurrentFamily,
  relu,
  smoothRelu,
  tanh,
  training,
  type Activation,
  type DataSet,
  type LossName,
  type NetworkFamily,
  type Optimizer,
  type RateSchedule,
  type ScheduledSize,
  type SplitData,
  type Training,
  type TrainingOptions,
} from "@parakkt/layers";
import { isClassification } from "./training-data.js";
import type { ActivationName, DataSettings, NetworkSettings, OptimizerSettings, PropagationSettings, RateSettings, TrainingSettings } from "./training-settings.js";

/** Where names of training configs become constructors. */
const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = { tanh, relu, "smooth-relu": smoothRelu };
const UPDATES = { implicit: implicitUpdate, classic: classicUpdate };

/** What a network must know of its data. */
export type DataShapes = Pick<DataSet, "inputShape" | "targetShape">;

/** The network that a config describes, for samples of these shapes. */
export function buildFamily(network: NetworkSettings, data: DataSettings, { inputShape, targetShape }: DataShapes): NetworkFamily {
  const loss: LossName = isClassification(data) ? "cross-entropy" : "mean-square";
  const { width, coarseWeights: coarse } = network;
  const outputs = entriesOf(targetShape);
  switch (network.kind) {
    case "dense":
      return denseFamily({ inputs: entriesOf(inputShape), outputs, width, duration: network.duration, activation: ACTIVATIONS[network.activation], loss, bufferLayers: network.bufferLayers, coarse });
    case "recurrent": {
      const [steps = 1, inputs = 1] = inputShape;
      const stepSize = network.duration === undefined ? 1 : network.duration / steps;
      return recurrentFamily({ inputs, outputs, width, update: UPDATES[network.cell], loss, stepSize, coarse });
    }
    case "convolutional": {
      const [height = 1, columns = 1] = inputShape;
      return convolutionalFamily({ height, width: columns, channels: width, outputs, duration: network.duration, activation: ACTIVATIONS[network.activation], loss, coarse });
    }
    case "encoder-decoder": {
      const [length = 1, vocabulary = 1] = targetShape;
      return encoderDecoderFamily({ length, vocabulary, features: width, heads: network.heads, duration: network.duration, coarse });
    }
  }
}

/** N of a config, from its layers or from the length of its sequences. */
export function depthSchedule({ network, training: { depth } }: Pick<TrainingSettings, "network" | "training">, { inputShape }: DataShapes): readonly ScheduledSize[] {
  return network.kind === "recurrent" ? [{ from: 0, size: inputShape[0]! }] : depth!;
}

/** The training that a config describes. */
export function buildTraining(settings: TrainingSettings, data: SplitData, communicator: Communicator): Training {
  return training(trainingOptions(settings, data, communicator));
}

/** What `training` of @parakkt/layers is to be told. */
export function trainingOptions(settings: TrainingSettings, data: SplitData, communicator: Communicator): TrainingOptions {
  const { network, training: plan, propagation } = settings;
  const { rate, goal, batchSize } = plan;
  const { initialScale, spline, dropout } = network;
  return {
    family: buildFamily(network, settings.data, data.training),
    data,
    epochs: plan.epochs,
    seed: plan.seed,
    batchSize: batchSize ?? [{ from: 0, size: data.training.count }],
    depth: depthSchedule(settings, data.training),
    rate: rateOf(rate),
    classification: isClassification(settings.data),
    optimizer: optimizerOf(plan.optimizer),
    regularization: plan.regularization,
    layerScale: initialScale,
    dropout,
    ...(spline && { spline }),
    ...(goal && { goal }),
    ...propagationOptions(propagation, depthSchedule(settings, data.training), communicator),
  };
}

function rateOf({ initial, warmUpEpochs, ...settings }: RateSettings): TrainingOptions["rate"] {
  const { schedule: kind, ...numbers } = settings;
  return { rate: initial, warmUpEpochs, schedule: { kind, ...numbers } as RateSchedule };
}

function optimizerOf(settings: OptimizerSettings): (size: number) => Optimizer {
  switch (settings.kind) {
    case "sgd":
      return gradientDescent;
    case "momentum":
      return (size) => momentum(size, { decay: settings.momentum });
    case "adam":
      return (size) => adam(size, settings);
    case "lbfgs":
      return (size) => lbfgs(size, settings);
  }
}

type PropagationChoice = Pick<TrainingOptions, "effort" | "solver" | "warmStart" | "guess" | "indicator" | "checkEvery">;

function propagationOptions(settings: PropagationSettings, depth: readonly ScheduledSize[], communicator: Communicator): PropagationChoice {
  if (settings.kind === "serial") return { effort: { kind: "serial" }, solver: { levels: 1 }, warmStart: "none", guess: "constant" };
  const { forward, backward, coarsening, relaxations, cycle, guess, warmStart, indicator, check } = settings;
  const levels = settings.levels ?? (depth[0]!.size < 16 * coarsening ? 2 : undefined);
  return {
    effort: { kind: "inexact", forward, backward },
    solver: { coarsening, relaxations, cycle, communicator, ...(levels !== undefined && { levels }) },
    warmStart,
    guess,
    ...(indicator && { indicator }),
    ...(check && { checkEvery: check.every }),
  };
}
