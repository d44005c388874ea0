import type { Communicator, KeptSolverState, SolverState } from "@parakkt/core";
import { dirname, join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { guarded, syncDirectory, TEMPORARY_SUFFIX, writeAtomically } from "../output/atomic-file.js";
import { nodeFileSystem, type FileSystem } from "../output/file-system.js";
import { ProgramError, systemCode } from "../program-error.js";
import { dataBytes, findDamage, readSeries, writeSeries, type DataShape } from "./checkpoint-data.js";
import { differingKey } from "./solve-fingerprint.js";
import { manifestText, readManifest, type CheckpointManifest } from "./checkpoint-manifest.js";

/** Good generations that are kept. */
const KEPT = 2;

/** The checkpoints of one run, in a directory of their own: generation-40.data and its manifest generation-40.json, which is written last. */
export interface CheckpointStore {
  /** All ranks together: a new generation; then those before the last two go. Throws `ProgramError` (73 or 74), the earlier ones intact. */
  write(state: SolverState): void;
  /** The newest generation without damage. Throws `ProgramError` (65): all are damaged, or of another config or version. */
  newest(): FoundCheckpoint | undefined;
}

export interface FoundCheckpoint extends KeptSolverState {
  readonly iteration: number;
  /** Newer ones that are damaged, in words. */
  readonly notes: readonly string[];
}

export interface CheckpointPlace {
  readonly directory: string;
  /** N */
  readonly steps: number;
  /** See `solveFingerprint`. */
  readonly fingerprint: unknown;
  readonly communicator: Communicator;
  readonly files?: FileSystem;
}

export function checkpointStore(place: CheckpointPlace): CheckpointStore {
  const { directory, steps, fingerprint, communicator, files = nodeFileSystem } = place;
  const paths = (iteration: number) => ({ data: join(directory, `generation-${iteration}.data`), manifest: join(directory, `generation-${iteration}.json`) });
  const first = communicator.rank === 0;
  return {
    write({ iteration, values, series }) {
      const { data, manifest } = paths(iteration);
      const shape: DataShape = { steps, dofs: series.map(({ layout }) => layout.dofs) };
      if (first) guarded(data, () => createData(files, directory, data, dataBytes(shape)));
      communicator.barrier();
      guarded(data, () => withFile(files, data, "r+", (file) => (writeSeries(files, file, shape, series), files.sync(file))));
      communicator.barrier();
      if (!first) return;
      writeAtomically(manifest, (file) => file.write(manifestText({ iteration, ...shape, values, fingerprint })), files);
      const upToNow = generations(files, directory).filter((other) => other <= iteration);
      guarded(directory, () => removeAllBut(files, directory, upToNow.slice(0, KEPT)));
    },
    newest: () => newestGeneration(generations(files, directory), { paths, files, fingerprint }),
  };
}

function createData(files: FileSystem, directory: string, path: string, bytes: number): void {
  files.makeDirectory(directory);
  syncDirectory(dirname(directory), files);
  withFile(files, path, "w", (file) => files.truncate(file, bytes));
  syncDirectory(directory, files);
}

function withFile<Result>(files: FileSystem, path: string, flags: "r" | "r+" | "w", use: (file: number) => Result): Result {
  const file = files.open(path, flags);
  try {
    return use(file);
  } finally {
    files.close(file);
  }
}

const MANIFEST = /^generation-(\d+)\.json$/;

/** Iterations that have a manifest, newest first. */
function generations(files: FileSystem, directory: string): number[] {
  return listed(files, directory)
    .flatMap((name) => MANIFEST.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

function listed(files: FileSystem, directory: string): string[] {
  try {
    return files.list(directory);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw error;
  }
}

/** Manifests first, so that no manifest is ever without its data. */
function removeAllBut(files: FileSystem, directory: string, kept: readonly number[]): void {
  const isKept = (name: string): boolean => kept.some((iteration) => name.startsWith(`generation-${iteration}.`));
  const old = listed(files, directory).filter((name) => isCheckpointFile(name) && !isKept(name));
  for (const name of [...old.filter((file) => MANIFEST.test(file)), ...old.filter((file) => !MANIFEST.test(file))]) files.unlink(join(directory, name));
}

function isCheckpointFile(name: string): boolean {
  return /^generation-\d+\.(?:data|json)$/.test(name) || name.endsWith(TEMPORARY_SUFFIX);
}

/** Removes all checkpoints of a run and, if nothing else is in it, their directory. */
export function removeCheckpoints(directory: string, files: FileSystem = nodeFileSystem): void {
  guarded(directory, () => {
    removeAllBut(files, directory, []);
    if (isEmptyDirectory(files, directory)) files.removeDirectory(directory);
  });
}

function isEmptyDirectory(files: FileSystem, directory: string): boolean {
  try {
    return files.list(directory).length === 0;
  } catch {
    return false;
  }
}

interface Search {
  readonly paths: (iteration: number) => { readonly data: string; readonly manifest: string };
  readonly files: FileSystem;
  readonly fingerprint: unknown;
}

function newestGeneration(iterations: readonly number[], { paths, files, fingerprint }: Search): FoundCheckpoint | undefined {
  const notes: string[] = [];
  for (const iteration of iterations) {
    const { data, manifest } = paths(iteration);
    const found = inspect(files, data, manifest);
    if ("damage" in found) {
      notes.push(`${manifest}: this checkpoint is damaged: ${found.damage}`);
      continue;
    }
    requireSameSolve(manifest, found.fingerprint, fingerprint);
    const load: KeptSolverState["load"] = (index, vector) => withFile(files, data, "r", (file) => readSeries(files, file, found, { index, vector }));
    return { iteration: found.iteration, values: found.values, load, notes };
  }
  if (notes.length === 0) return undefined;
  throw new ProgramError(ExitCode.invalidInput, notes.join("\n"), "start from the beginning with --force");
}

function inspect(files: FileSystem, data: string, manifest: string): CheckpointManifest | { readonly damage: string } {
  try {
    const found = readManifest(files.readText(manifest));
    if ("damage" in found) return found;
    if (files.size(data) !== dataBytes(found)) return { damage: `${data} has ${files.size(data)} bytes, ${dataBytes(found)} are expected` };
    const damage = withFile(files, data, "r", (file) => findDamage(files, file, found));
    return damage === undefined ? found : { damage: `${data}: ${damage}` };
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    return { damage: "a file of it is missing" };
  }
}

function requireSameSolve(manifest: string, kept: unknown, asked: unknown): void {
  const difference = differingKey(kept, asked);
  if (difference === undefined) return;
  const message = `the checkpoint ${manifest} belongs to another solve: ${difference}`;
  throw new ProgramError(ExitCode.invalidInput, message, "resume with the config it was made with, or start from the beginning with --force");
}
