import { z } from "zod";
import { choice, notNegative, positive, section, whole } from "./schema-parts.js";

/** Every key of a training config; `describe` documents the key and its default, which `train/resolve-training.ts` fills in. */
const share = (what: string) => z.number({ error: what }).min(0, { error: what }).lt(1, { error: what });
const path = (what: string) => z.string({ error: what }).min(1, { error: what });
const sizes = (what: string) => z.array(whole(1), { error: what }).min(1, { error: what });
const flag = z.boolean({ error: "true or false" });

/** A whole number, or a list of what holds from which epoch on. */
const scheduled = (size: string) => {
  const what = `a whole number of at least 1, or a list such as [{ from: 0, size: 8 }, { from: 10, size: 16 }] of ${size}`;
  return z.union([whole(1, what), z.array(z.strictObject({ from: whole(0), size: whole(1) }), { error: what }).min(1, { error: what })], { error: what });
};

const data = z.strictObject({
  kind: choice(["peaks", "two-spirals", "swiss-roll", "sine", "adding", "strings", "digits", "file"])
    .describe("Generated set (peaks: 5 classes in the plane, two-spirals, swiss-roll, sine and adding: sequences, strings, digits: 8 x 8 images), or file."),
  samples: whole(2).optional().describe("Training samples of a generated set. Default: 1000."),
  validationSamples: whole(1).optional().describe("Validation samples of a generated set. Default: a quarter of samples."),
  seed: whole(0).optional().describe("Seed of a generated set, and of the choice of validation samples of a file. Default: 1."),
  noise: notNegative().optional().describe("two-spirals, swiss-roll, sine, digits: standard deviation of the noise. Default: 0.02, 0.01, 0.05, 0.08."),
  turns: positive().optional().describe("two-spirals: turns of an arm. Default: 1.5."),
  steps: whole(2).optional().describe("sine, adding: elements of a sequence. Default: 128."),
  horizon: whole(1).optional().describe("sine: how many steps after the end the value is asked for. Default: 8."),
  task: choice(["copy", "reverse", "sort"]).optional().describe("strings: what is to be done. Default: reverse."),
  length: whole(1).optional().describe("strings: symbols of a string. Default: 6."),
  symbols: whole(3).optional().describe("strings: size of the alphabet; symbol 0 starts the output. Default: 8."),
  inputs: path("the path of an NPY or CSV file").optional().describe("file: one sample a row."),
  targets: path("the path of an NPY or CSV file").optional().describe("file: one target a row; class numbers 0, 1, ... if classes is given."),
  classes: whole(2).optional().describe("file: number of classes. Default: none, targets are values (regression)."),
  shape: sizes("a list of sizes such as [8, 8] or [steps, entries]").optional().describe("file: shape of a sample, for images and sequences. Default: one axis."),
  validationShare: share("a number from 0 to less than 1").optional().describe("file: share of the samples that is held back; 0 for none. Default: 0.2."),
}, { error: "a mapping of keys" });

const network = section({
  kind: choice(["dense", "convolutional", "recurrent", "encoder-decoder"]).optional()
    .describe("Default: by data: dense for the plane and files, convolutional for images, recurrent for sequences, encoder-decoder for strings."),
  layers: whole(1).optional().describe("Number N of layers; encoder-decoder: half of them each. Of recurrent networks the length of the sequences. Default: 32."),
  duration: positive().optional().describe("Time T over which the layers are steps of T/N. Default: 1; recurrent: one per element."),
  width: whole(1).optional().describe("Features of a layer; channels of a convolutional one. Default: 8; encoder-decoder: 16."),
  activation: choice(["tanh", "relu", "smooth-relu"]).optional().describe("dense, convolutional. Default: tanh."),
  cell: choice(["implicit", "classic"]).optional().describe("recurrent: update of the gated unit; implicit is stable on coarse levels. Default: implicit."),
  heads: whole(1).optional().describe("encoder-decoder: heads of attention; they divide the width. Default: 2."),
  bufferLayers: whole(0).optional().describe("dense: layers at each end that are propagated serially, beside the N. Default: 0."),
  dropout: share("a number from 0 to less than 1").optional().describe("Dropout rate; masks stay the same for all sweeps of a batch. Default: 0."),
  coarseWeights: choice(["average", "inject"]).optional().describe("What a coarse layer takes of the weights of the fine ones. Default: average."),
  initialScale: positive().optional().describe("Factor on the random initial weights of the layers. Default: 1."),
  spline: section({
    knots: whole(1).optional().describe("B-splines over the depth that the weights are made of. Default: 8."),
    degree: whole(0).optional().describe("Their degree. Default: 3."),
  }).describe("Weights as B-splines over the depth, in place of weights of each layer. Default: none."),
}).describe("The network.");

const optimizer = section({
  kind: choice(["sgd", "momentum", "adam", "lbfgs"]).optional().describe("Default: adam."),
  momentum: share("a number from 0 to less than 1").optional().describe("momentum: decay of the velocity. Default: 0.9."),
  firstDecay: share("a number from 0 to less than 1").optional().describe("adam: decay of the mean. Default: 0.9."),
  secondDecay: share("a number from 0 to less than 1").optional().describe("adam: decay of the square. Default: 0.999."),
  pairs: whole(1).optional().describe("lbfgs: pairs kept. Default: 10."),
}).describe("The optimiser.");

const rate = section({
  initial: positive().optional().describe("Learning rate; lbfgs: first step of the line search. Default: 5.0e-3; sgd, momentum: 0.1; lbfgs: 1."),
  schedule: choice(["constant", "step", "exponential", "cosine"]).optional().describe("Default: constant."),
  every: whole(1).optional().describe("step: epochs between two reductions. Default: 10."),
  factor: positive().optional().describe("step, exponential: factor. Default: 0.5, 0.95."),
  final: notNegative().optional().describe("cosine: factor at the end. Default: 0."),
  warmUpEpochs: notNegative().optional().describe("Epochs over which the rate grows from 0. Default: 0."),
}).describe("The learning rate.");

const training = section({
  epochs: whole(1).optional().describe("Default: 20."),
  seed: whole(0).optional().describe("Seed of initial weights, order of samples and dropout. Default: 1."),
  batchSize: scheduled("batch sizes").optional().describe("Samples of a batch, or a list of what holds from which epoch on. Default: 50; one-shot: all."),
  depth: scheduled("numbers of layers, each twice the one before").optional().describe("Cascadic training: layers from which epoch on. Default: network.layers."),
  optimizer,
  rate,
  regularization: section({
    decay: notNegative().optional().describe("Weight decay. Default: 0."),
    smoothness: notNegative().optional().describe("Weight of the penalty on differences between neighbouring layers. Default: 0."),
  }),
  goal: section({
    accuracy: z.number({ error: "a number from 0 to 1" }).min(0, { error: "a number from 0 to 1" }).max(1, { error: "a number from 0 to 1" }).optional().describe("Validation accuracy at which the training ends. Default: none."),
    loss: notNegative().optional().describe("Validation loss at which the training ends. Default: none."),
  }).describe("Ends the training early; not to reach it within the epochs is exit code 2. Default: none."),
});

const propagation = section({
  kind: choice(["serial", "layer-parallel", "one-shot"]).optional()
    .describe("serial; layer-parallel: a few multigrid cycles an update; one-shot: one cycle on one batch, states warm-started. Default: layer-parallel."),
  forward: whole(1).optional().describe("Forward cycles an update. Default: 2; one-shot: 1."),
  backward: whole(1).optional().describe("Backward cycles an update. Default: 1."),
  coarsening: whole(2).optional().describe("Layers of an interval. Default: 4."),
  levels: whole(1).optional().describe("Levels; 1 is serial. Default: as many as keep 16 steps on the coarsest, at least 2."),
  relaxations: whole(0).optional().describe("0 = F-, 1 = FCF-relaxation. Default: 1."),
  cycle: choice(["V", "F"]).optional().describe("Default: V."),
  guess: choice(["constant", "nested"]).optional().describe("What solves start from that are not warm-started. Default: constant."),
  warmStart: choice(["none", "states", "states-and-adjoints"]).optional()
    .describe("Start from the last update; needs one batch of all samples. Adjoints as well cost accuracy. Default: none; one-shot: states."),
  indicator: section({
    every: whole(1).optional().describe("Updates between two looks at the convergence factor, with doubled cycles. Default: 50."),
    threshold: positive().optional().describe("Factor above which the iteration counts as diverging. Default: 1."),
    action: choice(["serial", "more-iterations"]).optional().describe("What is done then: serial for good, or twice the cycles. Default: serial."),
    maxIterations: whole(1).optional().describe("more-iterations: cycles at most, serial beyond. Default: 8."),
  }).describe("Switches where the iteration does not converge. Default: none."),
  check: section({
    every: whole(1).optional().describe("Updates between two comparisons with the serial gradient. Default: 50."),
  }).describe("Logs cosine and error of the gradient. Default: none."),
}).describe("How states, adjoints and gradients are computed.");

/** The whole training config. Only `data` must be there. */
export const trainSchema = z.strictObject({
  data,
  network,
  training,
  propagation,
  parallel: section({ threads: whole(1).optional().describe("Ranks on threads that share the layers. Default: 1.") }),
  checkpoint: section({
    updates: whole(1).optional().describe("Updates from one checkpoint to the next. Default: none, by time alone."),
    seconds: notNegative().optional().describe("Seconds from one checkpoint to the next. Default: 60."),
  }).describe("Two good generations are kept; --resume continues with the same bits."),
  output: section({
    directory: path("the path of a directory").optional().describe("Run directory, relative to the working directory. Default: runs/ and the config's name."),
    page: flag.optional().describe("Write report.html. Default: true."),
  }),
}, { error: "a mapping of sections" });

/** A training config as written: every key but `data` may be missing. */
export type TrainInput = z.infer<typeof trainSchema>;
