import { readStep, seededRandom, serialCommunicator, spaceTimeLayout, timePartition, timeSlices, uniformTimeGrid, writeStep, zeroSpaceTimeVector, type Communicator, type SolverState, type SpaceTimeVector } from "@parakkt/core";
import { checkpointStore, type FoundCheckpoint } from "../dist/checkpoint/checkpoint-store.js";
import type { FileSystem } from "../dist/output/file-system.js";
import type { FaultyFileSystem } from "./memory-file-system.js";

export const DIRECTORY = "/run/checkpoint";
export const FINGERPRINT = { version: "1", problem: { time: { steps: 5 }, target: { file: "abc" } }, solver: { method: "cg" } };

/** Sizes of a state: steps, doubles a step, series, and how the steps are stored. */
export interface StateSizes {
  readonly steps: number;
  readonly dofs: number;
  readonly series: number;
  readonly subdomains: number;
  readonly place?: { readonly rank: number; readonly ranks: number };
}

export const SMALL: StateSizes = { steps: 5, dofs: 7, series: 3, subdomains: 1 };

/** Values of a step that belong to an iteration; some that a text would lose. */
function valuesOf(iteration: number, series: number, step: number, dofs: number): Float64Array {
  const values = seededRandom(1e6 * iteration + 1000 * series + step).normalVector(dofs);
  [values[0], values[1]] = [-0, Number.MIN_VALUE];
  return values;
}

export function zeroSeries({ steps, dofs, series, subdomains, place = { rank: 0, ranks: 1 } }: StateSizes): SpaceTimeVector[] {
  const partition = timePartition(uniformTimeGrid(1, steps), subdomains, 0);
  const { rank, ranks } = place;
  const layout = spaceTimeLayout(partition, dofs, { rank, slices: timeSlices(partition, ranks) });
  return Array.from({ length: series }, () => zeroSpaceTimeVector(layout));
}

export function stateAt(iteration: number, sizes: StateSizes = SMALL): SolverState {
  const series = zeroSeries(sizes);
  series.forEach((vector, k) => {
    for (let step = vector.layout.steps.first; step <= vector.layout.steps.last; step++) writeStep(vector, step, valuesOf(iteration, k, step, sizes.dofs));
  });
  const norms = Array.from({ length: iteration + 1 }, (_, k) => Math.exp(-k) / 3);
  return { iteration, values: { norms, odd: [-0, Number.NaN, Infinity, -Infinity, 5e-324] }, series };
}

export function storeIn(files: FileSystem, options: { fingerprint?: unknown; steps?: number; communicator?: Communicator } = {}) {
  const { fingerprint = FINGERPRINT, steps = SMALL.steps, communicator = serialCommunicator() } = options;
  return checkpointStore({ directory: DIRECTORY, steps, fingerprint, communicator, files });
}

/** Whether a checkpoint is bit for bit what was written at its iteration, on any storage order. */
export function isIntact(found: FoundCheckpoint | undefined, sizes: StateSizes = SMALL): boolean {
  if (found === undefined) return false;
  const expected = stateAt(found.iteration, sizes);
  const loaded = zeroSeries(sizes);
  loaded.forEach((vector, k) => found.load(k, vector));
  const sameValues = Object.entries(expected.values).every(([name, numbers]) => numbers.every((value, k) => Object.is(value, found.values[name]![k])));
  return sameValues && loaded.every((vector, k) => sameSteps(vector, expected.series[k]!));
}

function sameSteps(a: SpaceTimeVector, b: SpaceTimeVector): boolean {
  const [x, y] = [new Float64Array(a.layout.dofs), new Float64Array(a.layout.dofs)];
  for (let step = a.layout.steps.first; step <= a.layout.steps.last; step++) {
    readStep(a, step, x);
    readStep(b, step, y);
    if (!x.every((value, j) => Object.is(value, y[j]))) return false;
  }
  return true;
}

/** Reads the newest checkpoint with one bit of a file turned, or a file cut short; the disk is as before afterwards. */
export function findsDamage(files: FaultyFileSystem, path: string, damage: { bit: number } | { length: number }, keptIteration: number): boolean {
  const content = files.content(path);
  const before = Buffer.from(content);
  const file = files.open(path, "r+");
  if ("bit" in damage) files.write(file, Uint8Array.of(before[damage.bit >> 3]! ^ (1 << (damage.bit & 7))), damage.bit >> 3);
  else files.truncate(file, damage.length);
  const found = storeIn(files).newest();
  const refused = found?.iteration === keptIteration && found.notes.length === 1;
  files.truncate(file, before.length);
  files.write(file, before, 0);
  files.close(file);
  return refused;
}
