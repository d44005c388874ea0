import { serialCommunicator } from "@parakkt/core";
import { epochBatches, sizeAt, type Training } from "@parakkt/layers";
import { parseOverride } from "../config/apply-overrides.js";
import { ExitCode } from "../exit-codes.js";
import { formatBytes, memoryBudget } from "../memory-budget.js";
import { peakResidentBytes } from "../peak-memory.js";
import { ProgramError } from "../program-error.js";
import { formatSeconds } from "../progress-line.js";
import type { Terminal } from "../terminal.js";
import { buildFamily, depthSchedule, buildTraining } from "./build-training.js";
import { loadTraining } from "./load-training.js";
import { atDepth, extrapolatedUpdate, layerBytes, parametersAt, sampledLayers, type LayerBytes, type TimedUpdate } from "./sampled-depth.js";
import { modelledTraining, type ModelledTraining } from "./modelled-training.js";
import { trainingData } from "./training-data.js";
import type { TrainingSettings } from "./training-settings.js";
import { counted } from "./training-summary.js";

/** Options of `plan` for a training. */
export interface PlanTrainingOptions {
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly allowPath?: boolean;
}

/** What is known of a training before it runs. */
export interface TrainingPlan {
  readonly config: TrainingSettings;
  readonly samples: { readonly training: number; readonly validation: number };
  /** N to begin with and in the end, and θ in the end. */
  readonly layers: readonly [number, number];
  readonly parameters: number;
  /** If no goal ends it early. */
  readonly updates: number;
  /** Evaluations of layers and vector–Jacobian products of an update on all levels, at the depth to begin with; counted. */
  readonly perUpdate: TimedUpdate;
  /** Layers of the training that was timed and measured: fewer than there are where these are many. */
  readonly sampledLayers: number;
  /** Bytes: of the vectors by formula; of data and scratch of the layers beside them, measured over some updates; and the predicted peak of the program on so many threads. */
  readonly memory: { readonly parameters: number; readonly trajectories: number; readonly scratch: number; readonly peak: number };
  /** Seconds on one thread, from a timed update; deeper stages in proportion to their layers. Without validation and output. */
  readonly seconds: number;
  readonly modelled?: ModelledTraining;
}

/** Makes some updates, timed and counted, and prints the plan. Nothing is written. Throws `ProgramError` (77) where the peak is over budget. */
export function planTraining(path: string, options: PlanTrainingOptions, terminal: Terminal): ExitCode {
  const { settings, notes } = loadTraining({ path, overrides: options.set.map(parseOverride), allowPath: options.allowPath === true });
  notes.forEach((note) => terminal.talk(note));
  const plan = trainingPlan(settings);
  terminal.result(options.json === true ? JSON.stringify(plan, undefined, 2) : describeTrainingPlan(plan));
  return ExitCode.converged;
}

export function trainingPlan(settings: TrainingSettings): TrainingPlan {
  const budget = memoryBudget("auto");
  const before = process.memoryUsage().external;
  const data = trainingData(settings.data);
  const depths = depthSchedule(settings, data.training);
  const layers = [depths[0]!.size, sizeAt(depths, settings.training.epochs - 1)] as const;
  const epochs = Array.from({ length: settings.training.epochs }, (_, epoch) => ({ depth: sizeAt(depths, epoch), updates: updatesOf(settings, data.training, epoch) }));
  const sampled = sampledLayers(settings, layers[0]);
  const measurable = atDepth({ ...settings, propagation: withoutChecks(settings) }, sampled, layers[0]);
  const training = buildTraining(measurable, data, serialCommunicator());
  const perUpdate = extrapolatedUpdate(timedUpdates(training, measurable, sampled), settings.propagation, { sampled, layers: layers[0] });
  const measured = process.memoryUsage().external - before;
  const batch = Math.min(data.training.count, sizeAt(settings.training.batchSize ?? [{ from: 0, size: data.training.count }], settings.training.epochs - 1));
  const planning = peakResidentBytes();
  const family = buildFamily(settings.network, settings.data, data.training);
  const network = parametersAt(family, { batch, layers: layers[1] });
  const perLayer = sampled < layers[0] ? layerBytes(training, { settings: measurable, data, family }, sampled) : undefined;
  const memory = plannedMemory(settings, { ...network, layers: [sampled, layers[1]], measured, planning, perLayer });
  requireFits(memory.peak, budget, layers[1]);
  const modelled = modelledTraining(settings, layers[1]);
  return {
    config: settings,
    samples: { training: data.training.count, validation: data.validation.count },
    layers,
    parameters: network.parameters,
    updates: epochs.reduce((sum, { updates }) => sum + updates, 0),
    perUpdate,
    sampledLayers: sampled,
    memory,
    seconds: epochs.reduce((sum, { updates, depth }) => sum + (updates * perUpdate.seconds * depth) / layers[0], 0),
    ...(modelled && { modelled }),
  };
}

/** As if the peak were in proportion to the layers, which errs to the safe side. */
function requireFits(peak: number, budget: number, layers: number): void {
  if (peak <= budget) return;
  const most = Number(Math.floor((layers * budget) / peak).toPrecision(2));
  throw new ProgramError(ExitCode.overBudget, `over budget: ${counted(layers, "layer")} need about ${formatBytes(peak)} at the peak, the budget is ${formatBytes(budget)}`, `about ${most} layers fit; or narrower layers, or smaller batches`);
}

/** Measured: a process before it plans; what a run's worker and output take beside that; each further thread before it computes. */
const [PROGRAM_BYTES, WORKER_BYTES, THREAD_BYTES] = [90e6, 16e6, 32e6];

/** What was measured, at the first number of `layers`; the second is N in the end. */
interface MeasuredTraining {
  readonly parameters: number;
  readonly stateSize: number;
  readonly layers: readonly [number, number];
  /** What vectors, data and scratch took. */
  readonly measured: number;
  /** Peak of the program then. */
  readonly planning: number;
  /** Of a further layer; where it is not known, its parameters and states. */
  readonly perLayer: LayerBytes | undefined;
}

function plannedMemory(settings: TrainingSettings, { parameters: count, stateSize, layers: [made, last], measured, planning, perLayer }: MeasuredTraining): TrainingPlan["memory"] {
  const parameters = 8 * vectorsKept(settings) * count;
  const trajectories = 8 * stateSize * statesKept(settings, last);
  const formula = (parameters + trajectories) / last;
  const { held, resident } = perLayer ?? { held: formula, resident: formula };
  const scratch = Math.max(0, measured + held * (last - made) - parameters - trajectories);
  const further = settings.parallel.threads - 1;
  const alone = planning + resident * (last - made);
  const peak = alone + WORKER_BYTES + further * (THREAD_BYTES + Math.max(0, alone - PROGRAM_BYTES));
  return { parameters, trajectories, scratch, peak };
}

/** Cycles as configured, without looks and comparisons in between. */
function withoutChecks({ propagation }: TrainingSettings): TrainingSettings["propagation"] {
  if (propagation.kind === "serial") return propagation;
  const { kind, forward, backward, coarsening, levels, relaxations, cycle, guess, warmStart } = propagation;
  return { kind, forward, backward, coarsening, relaxations, cycle, guess, warmStart, ...(levels !== undefined && { levels }) };
}

function updatesOf({ training: { batchSize, seed } }: TrainingSettings, data: Parameters<typeof epochBatches>[0], epoch: number): number {
  return batchSize === undefined ? 1 : epochBatches(data, { size: sizeAt(batchSize, epoch), epoch, seed }).count;
}

/** Updates that are timed, if they take less than a second. */
const MOST_UPDATES = 25;

/** Counts of the second update; the quickest of some, when the program is warm. */
function timedUpdates(training: Training, { propagation }: TrainingSettings, layers: number): TimedUpdate {
  const secondsOf = (): number => {
    const start = performance.now();
    training.advance();
    return (performance.now() - start) / 1000;
  };
  const first = secondsOf();
  const before = training.counts;
  let seconds = training.reason === undefined ? secondsOf() : first;
  const { evaluations, products } = training.counts;
  for (let [k, total] = [2, seconds]; k < MOST_UPDATES && total < 1 && training.reason === undefined; k++) {
    const next = secondsOf();
    total += next;
    seconds = Math.min(seconds, next);
  }
  if (propagation.kind === "serial") return { evaluations: layers, products: layers, seconds };
  return { evaluations: evaluations - before.evaluations, products: products - before.products, seconds };
}

/** θ, its gradient, trained values and their gradient, and what the optimiser keeps. */
function vectorsKept({ training: { optimizer } }: TrainingSettings): number {
  const memory = { sgd: 0, momentum: 1, adam: 2, lbfgs: optimizer.kind === "lbfgs" ? 2 * optimizer.pairs + 4 : 0 };
  return 4 + memory[optimizer.kind];
}

/** States of forward and adjoint solver: (1 + 1/c)N on the finest level, (2 + 1/c)N_l on coarser ones; N + 1 each where propagation is serial. */
function statesKept({ propagation }: TrainingSettings, layers: number): number {
  if (propagation.kind === "serial") return 2 * (layers + 1);
  const { coarsening } = propagation;
  const most = propagation.levels ?? (layers < 16 * coarsening ? 2 : Infinity);
  let states = (1 + 1 / coarsening) * layers;
  for (let level = 2, steps = Math.ceil(layers / coarsening); level <= most && steps > 1 && (most < Infinity || steps >= 16); level++, steps = Math.ceil(steps / coarsening)) {
    states += (2 + 1 / coarsening) * steps;
  }
  return Math.ceil(2 * states);
}

/** The plan in words. */
export function describeTrainingPlan({ config, samples, layers, parameters, updates, perUpdate, sampledLayers: sampled, memory, seconds, modelled }: TrainingPlan): string {
  const best = modelled?.workers.reduce((a, b) => (b.speedup > a.speedup ? b : a));
  const { epochs, goal } = config.training;
  const rows: readonly (readonly [string, string])[] = [
    ["network", `${config.network.kind}, ${layers[0] === layers[1] ? "" : `${layers[0]} to `}${counted(layers[1], "layer")}, ${counted(parameters, "parameter")}`],
    ["data", `${config.data.kind}: ${samples.training} samples to train on, ${samples.validation} of validation`],
    ["updates", `${updates} in ${counted(epochs, "epoch")}${goal ? ", fewer if the goal is reached" : ""}`],
    ["an update", `${perUpdate.evaluations} layer evaluations and ${perUpdate.products} vector–Jacobian products on one thread; serially ${layers[0]} and ${layers[0]}`],
    ["memory", `parameters, gradients and optimiser ${formatBytes(memory.parameters)}, states and adjoints ${formatBytes(memory.trajectories)}, data and scratch of the layers ${formatBytes(memory.scratch)} (measured); about ${formatBytes(memory.peak)} at the peak${config.parallel.threads > 1 ? ` of ${config.parallel.threads} threads` : ""}`],
    ["time", `about ${formatSeconds(seconds)} on one thread, from an update of ${(1000 * perUpdate.seconds).toPrecision(3)} ms timed here${sampled < layers[0] ? ` on ${sampled} of the layers` : ""}; validation apart`],
    ...(best ? [["speed-up", `${best.speedup.toFixed(2)} with ${best.workers ?? "one worker an interval"}: ${modelled!.label}`] as const] : []),
  ];
  return rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join("\n");
}
