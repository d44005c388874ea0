import type { ScheduledSize, SplineOptions, StringTask, WarmStart } from "@parakkt/layers";

interface GeneratedData {
  readonly samples: number;
  readonly validationSamples: number;
  readonly seed: number;
}

/** Where samples come from. */
export type DataSettings =
  | ({ readonly kind: "peaks" } & GeneratedData)
  | ({ readonly kind: "two-spirals"; readonly noise: number; readonly turns: number } & GeneratedData)
  | ({ readonly kind: "swiss-roll" | "digits"; readonly noise: number } & GeneratedData)
  | ({ readonly kind: "sine"; readonly noise: number; readonly steps: number; readonly horizon: number } & GeneratedData)
  | ({ readonly kind: "adding"; readonly steps: number } & GeneratedData)
  | ({ readonly kind: "strings"; readonly task: StringTask; readonly length: number; readonly symbols: number } & GeneratedData)
  | FileData;

/** Arrays of the user; `classes` makes class numbers of the targets. */
export interface FileData {
  readonly kind: "file";
  readonly inputs: string;
  readonly targets: string;
  readonly classes?: number;
  readonly shape?: readonly number[];
  readonly validationShare: number;
  readonly seed: number;
}

export type ActivationName = "tanh" | "relu" | "smooth-relu";

interface LayerNetwork {
  readonly layers: number;
  readonly duration: number;
  readonly width: number;
}

/** The network; only the keys of its kind. */
export type NetworkSettings = (
  | ({ readonly kind: "dense"; readonly activation: ActivationName; readonly bufferLayers: number } & LayerNetwork)
  | ({ readonly kind: "convolutional"; readonly activation: ActivationName } & LayerNetwork)
  | { readonly kind: "recurrent"; readonly cell: "implicit" | "classic"; readonly width: number; readonly duration?: number }
  | ({ readonly kind: "encoder-decoder"; readonly heads: number } & LayerNetwork)
) & {
  readonly dropout: number;
  readonly coarseWeights: "average" | "inject";
  readonly initialScale: number;
  readonly spline?: SplineOptions;
};

export type NetworkKind = NetworkSettings["kind"];

/** The optimiser; only the keys of its kind. */
export type OptimizerSettings =
  | { readonly kind: "sgd" }
  | { readonly kind: "momentum"; readonly momentum: number }
  | { readonly kind: "adam"; readonly firstDecay: number; readonly secondDecay: number }
  | { readonly kind: "lbfgs"; readonly pairs: number };

/** The learning rate; only the keys of its schedule. */
export type RateSettings = (
  | { readonly schedule: "constant" }
  | { readonly schedule: "step"; readonly every: number; readonly factor: number }
  | { readonly schedule: "exponential"; readonly factor: number }
  | { readonly schedule: "cosine"; readonly final: number }
) & { readonly initial: number; readonly warmUpEpochs: number };

export interface OptimizationSettings {
  readonly epochs: number;
  readonly seed: number;
  /** None where every update takes all samples. */
  readonly batchSize?: readonly ScheduledSize[];
  /** Of networks whose depth is not that of the data. */
  readonly depth?: readonly ScheduledSize[];
  readonly optimizer: OptimizerSettings;
  readonly rate: RateSettings;
  readonly regularization: { readonly decay: number; readonly smoothness: number };
  readonly goal?: { readonly accuracy?: number; readonly loss?: number };
}

/** How states and gradients are computed. */
export type PropagationSettings =
  | { readonly kind: "serial" }
  | {
      readonly kind: "layer-parallel" | "one-shot";
      readonly forward: number;
      readonly backward: number;
      readonly coarsening: number;
      readonly levels?: number;
      readonly relaxations: number;
      readonly cycle: "V" | "F";
      readonly guess: "constant" | "nested";
      readonly warmStart: WarmStart;
      readonly indicator?: { readonly every: number; readonly threshold: number; readonly action: "serial" | "more-iterations"; readonly maxIterations: number };
      readonly check?: { readonly every: number };
    };

/** A training config with every default filled in: plain JSON that can be run again. */
export interface TrainingSettings {
  readonly data: DataSettings;
  readonly network: NetworkSettings;
  readonly training: OptimizationSettings;
  readonly propagation: PropagationSettings;
  readonly parallel: { readonly threads: number };
  readonly checkpoint: { readonly updates?: number; readonly seconds: number };
  readonly output: { readonly directory: string; readonly page: boolean };
}
