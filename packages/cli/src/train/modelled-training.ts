import { uniformTimeGrid } from "@parakkt/core";
import { cycleSpan, timeHierarchy } from "@parakkt/layers";
import type { TrainingSettings } from "./training-settings.js";

/** What an update costs in layers that follow one another, counted and not timed, and the speed-up that follows. */
export interface ModelledTraining {
  readonly label: "modelled, not measured: without communication, backward layers twice as dear as forward ones";
  readonly layers: number;
  readonly levels: number;
  /** Layer evaluations one after the other in a serial update: N forward, N backward, and the serial buffer layers. */
  readonly serial: { readonly forward: number; readonly backward: number };
  /** The same of the cycles of an update by number of workers; Infinity is one worker an interval, written as null. */
  readonly workers: readonly { readonly workers: number | null; readonly forward: number; readonly backward: number; readonly speedup: number }[];
}

const BACKWARD_COST = 2;

/** (MGR.10) and (MGR.11) for the cycles of a config, the first sweep of each solve and serial buffer layers included; undefined for serial propagation. */
export function modelledTraining({ propagation: settings, network }: Pick<TrainingSettings, "propagation" | "network">, layers: number): ModelledTraining | undefined {
  if (settings.kind === "serial") return undefined;
  const { forward, backward, coarsening, relaxations, cycle } = settings;
  const levels = settings.levels ?? (layers < 16 * coarsening ? 2 : undefined);
  const hierarchy = timeHierarchy(uniformTimeGrid(1, layers), { coarsening, ...(levels !== undefined && { levels }) });
  const [finest] = hierarchy.levels;
  const buffers = "bufferLayers" in network ? 2 * network.bufferLayers : 0;
  const all = layers + buffers;
  const spanOf = (cycles: number, workers: number): number => {
    const turns = Math.ceil(finest!.intervals / Math.min(workers, Math.max(1, finest!.intervals)));
    return buffers + (hierarchy.levels.length === 1 ? layers : turns * Math.min(coarsening, layers) + cycles * cycleSpan(hierarchy, { relaxations, cycle, workers }));
  };
  const row = (workers: number): ModelledTraining["workers"][number] => {
    const [forwardSpan, backwardSpan] = [spanOf(forward, workers), spanOf(backward, workers)];
    const speedup = (all * (1 + BACKWARD_COST)) / (forwardSpan + BACKWARD_COST * backwardSpan);
    return { workers: Number.isFinite(workers) ? workers : null, forward: forwardSpan, backward: backwardSpan, speedup };
  };
  return {
    label: "modelled, not measured: without communication, backward layers twice as dear as forward ones",
    layers,
    levels: hierarchy.levels.length,
    serial: { forward: all, backward: all },
    workers: [1, 2, 4, 8, 16, 32, Infinity].map(row),
  };
}
