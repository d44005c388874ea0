import { join } from "node:path";
import type { ScheduledSize } from "@parakkt/layers";
import type { TrainInput } from "../config/train-schema.js";
import type { DataSettings, NetworkKind, NetworkSettings, OptimizationSettings, OptimizerSettings, PropagationSettings, RateSettings, TrainingSettings } from "./training-settings.js";

const DEFAULT_NOISE = { "two-spirals": 0.02, "swiss-roll": 0.01, sine: 0.05, digits: 0.08 } as const;

const DEFAULT_NETWORK: Readonly<Record<DataSettings["kind"], NetworkKind>> = {
  peaks: "dense",
  "two-spirals": "dense",
  "swiss-roll": "dense",
  sine: "recurrent",
  adding: "recurrent",
  strings: "encoder-decoder",
  digits: "convolutional",
  file: "dense",
};

/** Fills in every default. `name` is that of the config. */
export function resolveTraining(input: TrainInput, name: string): TrainingSettings {
  const network = networkSettings(input);
  return {
    data: dataSettings(input.data),
    network,
    training: optimizationSettings(input, network),
    propagation: propagationSettings(input),
    parallel: { threads: input.parallel?.threads ?? 1 },
    checkpoint: { ...(input.checkpoint?.updates !== undefined && { updates: input.checkpoint.updates }), seconds: input.checkpoint?.seconds ?? 60 },
    output: { directory: input.output?.directory ?? join("runs", name), page: input.output?.page ?? true },
  };
}

/** The kind of network that a config means. */
export function networkKind({ data, network }: TrainInput): NetworkKind {
  return network?.kind ?? DEFAULT_NETWORK[data.kind];
}

function dataSettings(data: TrainInput["data"]): DataSettings {
  const { kind, samples = 1000, seed = 1 } = data;
  if (kind === "file") return fileData({ ...data, kind });
  const generated = { samples, validationSamples: data.validationSamples ?? Math.max(1, Math.floor(samples / 4)), seed };
  const noise = data.noise ?? (kind in DEFAULT_NOISE ? DEFAULT_NOISE[kind as keyof typeof DEFAULT_NOISE] : 0);
  switch (kind) {
    case "peaks":
      return { kind, ...generated };
    case "two-spirals":
      return { kind, ...generated, noise, turns: data.turns ?? 1.5 };
    case "swiss-roll":
    case "digits":
      return { kind, ...generated, noise };
    case "sine":
      return { kind, ...generated, noise, steps: data.steps ?? 128, horizon: data.horizon ?? 8 };
    case "adding":
      return { kind, ...generated, steps: data.steps ?? 128 };
    case "strings":
      return { kind, ...generated, task: data.task ?? "reverse", length: data.length ?? 6, symbols: data.symbols ?? 8 };
  }
}

function fileData({ kind, inputs = "", targets = "", classes, shape, validationShare = 0.2, seed = 1 }: TrainInput["data"] & { readonly kind: "file" }): DataSettings {
  return { kind, inputs, targets, ...(classes !== undefined && { classes }), ...(shape && { shape }), validationShare, seed };
}

function networkSettings(input: TrainInput): NetworkSettings {
  const { network = {} } = input;
  const kind = networkKind(input);
  const { layers = 32, duration, activation = "tanh", dropout = 0, coarseWeights = "average", initialScale = 1, spline } = network;
  const width = network.width ?? (kind === "encoder-decoder" ? 16 : 8);
  const all = { dropout, coarseWeights, initialScale, ...(spline && { spline: { knots: spline.knots ?? 8, degree: spline.degree ?? 3 } }) };
  switch (kind) {
    case "dense":
      return { kind, layers, duration: duration ?? 1, width, activation, bufferLayers: network.bufferLayers ?? 0, ...all };
    case "convolutional":
      return { kind, layers, duration: duration ?? 1, width, activation, ...all };
    case "recurrent":
      return { kind, cell: network.cell ?? "implicit", width, ...(duration !== undefined && { duration }), ...all };
    case "encoder-decoder":
      return { kind, layers, duration: duration ?? 1, width, heads: network.heads ?? 2, ...all };
  }
}

function optimizationSettings({ training = {}, propagation }: TrainInput, network: NetworkSettings): OptimizationSettings {
  const { epochs = 20, seed = 1, batchSize, goal } = training;
  const optimizer = optimizerSettings(training.optimizer);
  const oneBatch = propagation?.kind === "one-shot" || (propagation?.warmStart ?? "none") !== "none" || optimizer.kind === "lbfgs";
  const depth = training.depth ?? ("layers" in network ? network.layers : undefined);
  return {
    epochs,
    seed,
    ...((batchSize !== undefined || !oneBatch) && { batchSize: asSchedule(batchSize ?? 50) }),
    ...(depth !== undefined && { depth: asSchedule(depth) }),
    optimizer,
    rate: rateSettings(training, optimizer),
    regularization: { decay: training.regularization?.decay ?? 0, smoothness: training.regularization?.smoothness ?? 0 },
    ...(goal && { goal: { ...(goal.accuracy !== undefined && { accuracy: goal.accuracy }), ...(goal.loss !== undefined && { loss: goal.loss }) } }),
  };
}

const asSchedule = (value: number | readonly ScheduledSize[]): readonly ScheduledSize[] => (typeof value === "number" ? [{ from: 0, size: value }] : value);

type TrainingInput = NonNullable<TrainInput["training"]>;

function optimizerSettings(given: TrainingInput["optimizer"] = {}): OptimizerSettings {
  const { kind = "adam" } = given;
  if (kind === "momentum") return { kind, momentum: given.momentum ?? 0.9 };
  if (kind === "adam") return { kind, firstDecay: given.firstDecay ?? 0.9, secondDecay: given.secondDecay ?? 0.999 };
  if (kind === "lbfgs") return { kind, pairs: given.pairs ?? 10 };
  return { kind };
}

const DEFAULT_RATE = { sgd: 0.1, momentum: 0.1, adam: 5e-3, lbfgs: 1 } as const;

function rateSettings({ rate = {} }: TrainingInput, { kind }: OptimizerSettings): RateSettings {
  const { schedule = "constant", every = 10, factor, final = 0 } = rate;
  const all = { initial: rate.initial ?? DEFAULT_RATE[kind], warmUpEpochs: rate.warmUpEpochs ?? 0 };
  if (schedule === "step") return { schedule, every, factor: factor ?? 0.5, ...all };
  if (schedule === "exponential") return { schedule, factor: factor ?? 0.95, ...all };
  if (schedule === "cosine") return { schedule, final, ...all };
  return { schedule, ...all };
}

function propagationSettings({ propagation = {} }: TrainInput): PropagationSettings {
  const { kind = "layer-parallel", levels, indicator, check } = propagation;
  if (kind === "serial") return { kind };
  const oneShot = kind === "one-shot";
  return {
    kind,
    forward: propagation.forward ?? (oneShot ? 1 : 2),
    backward: propagation.backward ?? 1,
    coarsening: propagation.coarsening ?? 4,
    ...(levels !== undefined && { levels }),
    relaxations: propagation.relaxations ?? 1,
    cycle: propagation.cycle ?? "V",
    guess: propagation.guess ?? "constant",
    warmStart: propagation.warmStart ?? (oneShot ? "states" : "none"),
    ...(indicator && { indicator: { every: indicator.every ?? 50, threshold: indicator.threshold ?? 1, action: indicator.action ?? "serial", maxIterations: indicator.maxIterations ?? 8 } }),
    ...(check && { check: { every: check.every ?? 50 } }),
  };
}
