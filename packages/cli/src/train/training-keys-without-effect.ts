import { placeOfKey, valueAt, type ConfigTree } from "../config/config-tree.js";
import { splitKey } from "../config/cross-checks.js";
import type { TrainingSettings } from "./training-settings.js";

/** A key, and why it has no effect on a training, where it has none. */
interface Idle {
  readonly key: string;
  readonly because: (settings: TrainingSettings) => string | undefined;
}

const when = (idle: boolean, because: string): string | undefined => (idle ? because : undefined);

/** Keys of the multigrid iteration; one level has none. */
const CYCLE_KEYS = ["forward", "backward", "coarsening", "relaxations", "cycle", "guess", "warmStart", "indicator", "check"];

const entriesBeyond = (entries: readonly { readonly from: number }[] | undefined, epochs: number): boolean => entries?.some(({ from }) => from >= epochs) === true;

const table: readonly Idle[] = [
  {
    key: "training.regularization.smoothness",
    because: ({ network: { kind } }) => when(kind === "recurrent" || kind === "encoder-decoder", kind === "recurrent" ? "the layers share their weights" : "kinds of layers follow one another"),
  },
  { key: "training.batchSize", because: ({ training: { batchSize, epochs } }) => when(entriesBeyond(batchSize, epochs), `not all of its entries: there are ${epochs} epochs`) },
  { key: "training.depth", because: ({ training: { depth, epochs } }) => when(entriesBeyond(depth, epochs), `not all of its entries: there are ${epochs} epochs`) },
  { key: "network.layers", because: ({ network, training: { depth } }) => when("layers" in network && depth?.at(-1)?.size !== network.layers, "training.depth says how many there are") },
  { key: "training.rate.every", because: ({ training: { rate, epochs } }) => when(rate.schedule === "step" && rate.every >= epochs, `there are only ${epochs} epochs`) },
  { key: "propagation.indicator.maxIterations", because: ({ propagation }) => when(propagation.kind !== "serial" && propagation.indicator?.action === "serial", "action: serial does not try more cycles") },
  {
    key: "propagation.guess",
    because: ({ propagation }) => when(propagation.kind !== "serial" && propagation.warmStart === "states-and-adjoints", "but on the first update: all solves go on from the last one"),
  },
  { key: "propagation.cycle", because: ({ propagation }) => when(propagation.kind !== "serial" && propagation.cycle === "F" && propagation.levels === 2, "with two levels an F-cycle is a V-cycle") },
  { key: "data.seed", because: ({ data }) => when(data.kind === "file" && data.validationShare === 0, "no validation samples are chosen") },
  ...CYCLE_KEYS.map((key) => ({ key: `propagation.${key}`, because: ({ propagation }: TrainingSettings) => when(propagation.kind !== "serial" && propagation.levels === 1, "one level is serial propagation") })),
];

/** One line for each given key that changes nothing, so that no setting is ignored in silence. */
export function trainingKeysWithoutEffect(tree: ConfigTree, settings: TrainingSettings): string[] {
  return table.flatMap(({ key, because }) => {
    const given = valueAt(tree.root, splitKey(key));
    const reason = given === undefined || given === null ? undefined : because(settings);
    return reason === undefined ? [] : [`${placeOfKey(tree, splitKey(key))}: note: ${key} has no effect: ${reason}`];
  });
}
