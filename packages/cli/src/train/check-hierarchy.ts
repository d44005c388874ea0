import type { TrainingRule } from "./checked-training.js";
import type { TrainingSettings } from "./training-settings.js";

/** Where the number of layers is written. */
const LAYER_KEYS = ["network.layers", "training.depth", "data.steps", "data.shape"];

/** The fewest layers that a training has: to begin with, or elements of a sequence. */
function fewestLayers({ data, network, training: { depth } }: TrainingSettings): number | undefined {
  if (network.kind !== "recurrent") return depth?.[0]?.size;
  return "steps" in data ? data.steps : data.kind === "file" ? data.shape?.[0] : undefined;
}

/** 1 and once more for every coarsening until one layer is left. */
function mostLevels(layers: number, coarsening: number): number {
  return layers <= 1 ? 1 : 1 + mostLevels(Math.ceil(layers / coarsening), coarsening);
}

/** Layers, levels and threads must fit one another. */
export const hierarchyRules: readonly TrainingRule[] = [
  function oneLayerHasNoIntervals({ settings }) {
    const { propagation } = settings;
    if (propagation.kind === "serial" || propagation.levels !== undefined || fewestLayers(settings) !== 1) return undefined;
    return { at: "network.layers", because: LAYER_KEYS.slice(1), what: `${propagation.kind} propagation needs intervals of layers: expected at least 2 layers, got 1`, hint: "layers: 32, or propagation: { kind: serial }" };
  },
  function levelsFitLayers({ settings }) {
    const { propagation } = settings;
    const layers = fewestLayers(settings);
    if (propagation.kind === "serial" || propagation.levels === undefined || layers === undefined) return undefined;
    const { levels, coarsening } = propagation;
    const most = mostLevels(layers, coarsening);
    if (levels <= most) return undefined;
    return { at: "propagation.levels", because: ["propagation.coarsening", ...LAYER_KEYS], what: `expected at most ${most} levels for ${layers} layers and a coarsening of ${coarsening}, got ${levels}`, hint: `levels: ${most}, or leave levels out` };
  },
  function threadsFitIntervals({ settings }) {
    const { propagation, parallel: { threads } } = settings;
    const layers = fewestLayers(settings);
    if (propagation.kind === "serial" || layers === undefined) return undefined;
    const { coarsening, levels } = propagation;
    const intervals = levels === 1 ? 1 : Math.ceil(layers / coarsening);
    if (threads <= intervals) return undefined;
    const what = `expected at most ${intervals} threads, one for each interval of ${levels === 1 ? layers : Math.min(coarsening, layers)} of the ${layers} layers, got ${threads}`;
    return { at: "parallel.threads", because: ["propagation.coarsening", ...LAYER_KEYS], what, hint: `threads: ${intervals}, more layers, or a smaller propagation.coarsening` };
  },
];
