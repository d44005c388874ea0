import { sizeAt } from "@parakkt/layers";
import { ExitCode } from "../exit-codes.js";
import { formatBytes, memoryBudget } from "../memory-budget.js";
import { ProgramError } from "../program-error.js";
import type { TrainingSettings } from "./training-settings.js";

/** Objects of a layer, from below. */
const LAYER_BYTES = 1000;

/**
 * Refuses, before anything is made, layers whose states and adjoints alone do not fit: 16 bytes a layer, sample of a batch and entry of a state, at least `width` entries. Throws
 * `ProgramError` (77).
 */
export function requireMemoryForLayers({ network, training, data }: TrainingSettings, budget = memoryBudget("auto")): void {
  if (network.kind === "recurrent") return;
  const batch = training.batchSize ? sizeAt(training.batchSize, 0) : "samples" in data ? data.samples : 1;
  const bytes = network.layers * (16 * network.width * batch + LAYER_BYTES);
  if (bytes <= budget) return;
  const need = `${network.layers} layers of width ${network.width} need at least ${formatBytes(bytes)} with batches of ${batch}, the budget is ${formatBytes(budget)}`;
  throw new ProgramError(ExitCode.overBudget, `over budget: ${need}`, "fewer or narrower layers, or smaller batches (network.layers, network.width, training.batchSize)");
}
