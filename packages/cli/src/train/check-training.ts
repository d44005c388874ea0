import type { Finding } from "../config/cross-checks.js";
import { hierarchyRules } from "./check-hierarchy.js";
import type { CheckedTraining, TrainingRule } from "./checked-training.js";
import { networkKind } from "./resolve-training.js";
import type { DataSettings, NetworkKind } from "./training-settings.js";

type DataKind = DataSettings["kind"];

const GENERATED: readonly DataKind[] = ["peaks", "two-spirals", "swiss-roll", "sine", "adding", "strings", "digits"];

/** Keys that only some kinds of data make use of. */
const DATA_KEYS: Readonly<Record<string, readonly DataKind[]>> = {
  samples: GENERATED,
  validationSamples: GENERATED,
  noise: ["two-spirals", "swiss-roll", "sine", "digits"],
  turns: ["two-spirals"],
  steps: ["sine", "adding"],
  horizon: ["sine"],
  task: ["strings"],
  length: ["strings"],
  symbols: ["strings"],
  inputs: ["file"],
  targets: ["file"],
  classes: ["file"],
  shape: ["file"],
  validationShare: ["file"],
};

/** Keys that only some kinds of networks make use of. */
const NETWORK_KEYS: Readonly<Record<string, readonly NetworkKind[]>> = {
  layers: ["dense", "convolutional", "encoder-decoder"],
  activation: ["dense", "convolutional"],
  bufferLayers: ["dense"],
  cell: ["recurrent"],
  heads: ["encoder-decoder"],
  spline: ["dense", "convolutional"],
  dropout: ["dense", "convolutional", "encoder-decoder"],
};

const OPTIMIZER_KEYS: Readonly<Record<string, readonly string[]>> = { momentum: ["momentum"], firstDecay: ["adam"], secondDecay: ["adam"], pairs: ["lbfgs"] };
const SCHEDULE_KEYS: Readonly<Record<string, readonly string[]>> = { every: ["step"], factor: ["step", "exponential"], final: ["cosine"] };

/** All combinations that cannot work, and keys that would be ignored. */
export function checkTraining(training: CheckedTraining): Finding[] {
  return [...misplacedKeys(training), ...[...rules, ...hierarchyRules].map((rule) => rule(training)).filter((finding) => finding !== undefined)];
}

interface KeyTable {
  readonly section: string;
  readonly given: object | undefined;
  readonly kind: string;
  readonly kindKey: string;
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

function misplacedKeys({ input }: CheckedTraining): Finding[] {
  const { data, training } = input;
  return [
    { section: "data", given: data, kind: data.kind, kindKey: "data.kind", keys: DATA_KEYS },
    { section: "network", given: input.network, kind: networkKind(input), kindKey: "network.kind", keys: NETWORK_KEYS },
    { section: "training.optimizer", given: training?.optimizer, kind: training?.optimizer?.kind ?? "adam", kindKey: "training.optimizer.kind", keys: OPTIMIZER_KEYS },
    { section: "training.rate", given: training?.rate, kind: training?.rate?.schedule ?? "constant", kindKey: "training.rate.schedule", keys: SCHEDULE_KEYS },
  ].flatMap(misplaced);
}

function misplaced({ section, given = {}, kind, kindKey, keys }: KeyTable): Finding[] {
  return Object.keys(given)
    .filter((key) => keys[key] !== undefined && !keys[key].includes(kind))
    .map((key) => ({ at: `${section}.${key}`, because: [kindKey], what: `${key} belongs to ${keys[key]!.join(", ")}, not to ${kind}`, hint: `remove ${key}, or ${kindKey.split(".").at(-1)}: ${keys[key]![0]}` }));
}

const rules: readonly TrainingRule[] = [
  function filesAreNamed({ input: { data } }) {
    const missing = (["inputs", "targets"] as const).find((key) => data.kind === "file" && data[key] === undefined);
    return missing && { at: "data.kind", what: `this key is missing beside kind: file: data.${missing}`, hint: `add ${missing}: the path of an NPY or CSV file` };
  },
  function networkFitsData({ input }) {
    const kind = networkKind(input);
    const fits: Readonly<Partial<Record<NetworkKind, readonly DataKind[]>>> = { convolutional: ["digits", "file"], recurrent: ["sine", "adding", "file"], "encoder-decoder": ["strings"] };
    const suited = fits[kind] ?? ["peaks", "two-spirals", "swiss-roll", "digits", "file", "sine", "adding"];
    if (suited.includes(input.data.kind)) return undefined;
    return { at: "network.kind", because: ["data.kind"], what: `a ${kind} network cannot read ${input.data.kind}`, hint: `data.kind: ${suited.join(", ")}; or leave out network.kind` };
  },
  function imagesHaveTwoAxes({ input, settings: { data } }) {
    const kind = networkKind(input);
    if (data.kind !== "file" || (kind !== "convolutional" && kind !== "recurrent") || data.shape?.length === 2) return undefined;
    const hint = kind === "convolutional" ? "shape: [height, width]" : "shape: [steps, entries]";
    return { at: "data.shape", because: ["network.kind"], what: `a ${kind} network needs samples of two axes`, hint };
  },
  function depthsDouble({ settings: { training: { depth = [] } } }) {
    const first = depth[0]?.from === 0;
    const doubled = depth.every(({ size, from }, k) => k === 0 || (size === 2 * depth[k - 1]!.size && from > depth[k - 1]!.from));
    if (depth.length === 0 || (first && doubled)) return undefined;
    return { at: "training.depth", what: "expected depths from epoch 0 on, each twice the one before and later", hint: "depth: [{ from: 0, size: 8 }, { from: 10, size: 16 }]" };
  },
  function depthIsNotThatOfSequences({ input }) {
    if (networkKind(input) !== "recurrent" || input.training?.depth === undefined) return undefined;
    return { at: "training.depth", because: ["network.kind"], what: "the depth of a recurrent network is the length of its sequences", hint: "remove depth" };
  },
  function batchesBegin({ settings: { training: { batchSize } } }) {
    if (batchSize === undefined || (batchSize[0]?.from === 0 && batchSize.every(({ from }, k) => k === 0 || from > batchSize[k - 1]!.from))) return undefined;
    return { at: "training.batchSize", what: "expected entries that begin at epoch 0 and at ever later ones", hint: "batchSize: [{ from: 0, size: 50 }, { from: 10, size: 100 }]" };
  },
  function headsDivideWidth({ settings: { network } }) {
    if (network.kind !== "encoder-decoder" || network.width % network.heads === 0) return undefined;
    return { at: "network.heads", because: ["network.width"], what: `expected heads that divide the width ${network.width}, got ${network.heads}`, hint: "heads: 2" };
  },
  function encoderDecoderIsEven({ settings: { network } }) {
    if (network.kind !== "encoder-decoder" || network.layers % 2 === 0) return undefined;
    return { at: "network.layers", because: ["network.kind"], what: `expected an even number of layers, half of them in the encoder, got ${network.layers}`, hint: `layers: ${network.layers + 1}` };
  },
  function splineHasKnots({ settings: { network: { spline } } }) {
    if (spline === undefined || spline.knots > spline.degree) return undefined;
    return { at: "network.spline.knots", what: `expected more knots than the degree ${spline.degree}, got ${spline.knots}`, hint: `knots: ${spline.degree + 5}` };
  },
  function goalNeedsValidation({ settings: { data, training: { goal } } }) {
    if (goal === undefined || data.kind !== "file" || data.validationShare > 0) return undefined;
    return { at: "training.goal", because: ["data.validationShare"], what: "a goal is one of validation samples, and data.validationShare: 0 holds none back", hint: "data.validationShare: 0.2, or no goal" };
  },
  function accuracyNeedsClasses({ input, settings: { data } }) {
    const regression = data.kind === "sine" || data.kind === "adding" || (data.kind === "file" && data.classes === undefined);
    if (input.training?.goal?.accuracy === undefined || !regression) return undefined;
    return { at: "training.goal.accuracy", because: ["data.kind"], what: "an accuracy needs classes, and these targets are values", hint: "goal: { loss: 0.01 }" };
  },
  function serialHasNoCycles({ input: { propagation } }) {
    const key = Object.keys(propagation ?? {}).find((name) => name !== "kind");
    if (propagation?.kind !== "serial" || key === undefined) return undefined;
    return { at: `propagation.${key}`, because: ["propagation.kind"], what: `serial propagation has no ${key}`, hint: `remove ${key}, or kind: layer-parallel` };
  },
  function serialHasOneThread({ settings: { propagation, parallel } }) {
    if (propagation.kind !== "serial" || parallel.threads === 1) return undefined;
    return { at: "parallel.threads", because: ["propagation.kind"], what: `serial propagation cannot use ${parallel.threads} threads`, hint: "threads: 1, or propagation.kind: layer-parallel" };
  },
  function warmStartNeedsOneBatch({ settings: { propagation, training } }) {
    if (propagation.kind === "serial" || propagation.warmStart === "none" || training.batchSize === undefined) return undefined;
    return { at: "training.batchSize", because: ["propagation"], what: "warm-started states belong to one batch of all samples", hint: "remove batchSize, or warmStart: none" };
  },
];
