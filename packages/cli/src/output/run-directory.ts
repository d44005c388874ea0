import { accessSync, constants, lstatSync, readdirSync, readFileSync, realpathSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { describeSystemError, ProgramError, systemCode } from "../program-error.js";
import { guarded, syncDirectory, TEMPORARY_SUFFIX } from "./atomic-file.js";
import { makeDirectories } from "./make-directories.js";
import { CLAIM_FILE, requireUnclaimed } from "./run-claim.js";

/** Names inside a run directory. */
export const RUN_FILES = {
  report: "report.json",
  page: "report.html",
  checksums: "checksums.sha256",
  collection: "fields.pvd",
  pictures: "fields",
  checkpoints: "checkpoint",
} as const;

/** Marks pages that `parakkt report` wrote. */
export const PAGE_MARK = '<meta name="generator" content="parakkt report">';

/** Fields that are written, and the names of their arrays. */
export const FIELD_NAMES = ["state", "control", "adjoint", "target"] as const;
/** One of `FIELD_NAMES`. */
export type FieldName = (typeof FIELD_NAMES)[number];

/** Files that a run may write, images apart. */
const WRITTEN_FILES: readonly string[] = [RUN_FILES.report, RUN_FILES.checksums, RUN_FILES.collection, ...FIELD_NAMES.map((name) => `${name}.npy`)];

/** What is about to happen to a run directory. */
export interface RunDirectoryRequest {
  readonly directory: string;
  /** Replace the files of an earlier run. */
  readonly force: boolean;
  /** Go on with an earlier run. */
  readonly resume?: boolean;
  /** Files that the run reads, as absolute paths. */
  readonly inputs?: readonly string[];
}

/**
 * Refuses a directory that holds anything, unless `force`; even then a file that is not of an earlier run, or that this
 * run reads, is never replaced. Changes nothing. Throws `ProgramError` (73).
 */
export function inspectRunDirectory({ directory, force, resume = false, inputs = [] }: RunDirectoryRequest): void {
  requireWritable(directory);
  requireUnclaimed(directory);
  const names = (listDirectory(directory) ?? []).filter((name) => name !== CLAIM_FILE);
  if (names.length === 0) return;
  if (!force && !(resume && names.every(isOfARun))) {
    const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
    const hint = "another directory with --out, --resume to go on with the earlier run, or --force to replace its files";
    throw new ProgramError(ExitCode.cannotCreateOutput, `the run directory ${directory} is not empty (${shown})`, hint);
  }
  requireOwnDirectory(directory, RUN_FILES.pictures);
  requireOwnDirectory(directory, RUN_FILES.checkpoints);
  const earlier = new Set(force ? filesOfEarlierRun(directory) : names);
  const foreign = WRITTEN_FILES.find((name) => names.includes(name) && !earlier.has(name));
  if (foreign !== undefined) {
    const message = `${join(directory, foreign)} was not written by an earlier run and would be replaced`;
    throw new ProgramError(ExitCode.cannotCreateOutput, message, "move it away, or choose another directory with --out");
  }
  const read = [...earlier].find((name) => inputs.includes(join(realpathSync(directory), name)));
  if (read !== undefined) {
    const message = `${join(directory, read)} is read by this run and would be replaced`;
    throw new ProgramError(ExitCode.cannotCreateOutput, message, "choose another directory with --out");
  }
}

/** A name that a killed run may have left, written completely or not. */
function isOfARun(name: string): boolean {
  return WRITTEN_FILES.includes(name) || name === RUN_FILES.page || name === RUN_FILES.pictures || name === RUN_FILES.checkpoints || name.endsWith(TEMPORARY_SUFFIX);
}

/** Before anything is computed: the directory, or the nearest one above it that is there, takes new files. */
function requireWritable(directory: string): void {
  if (listDirectory(directory) === undefined) return requireWritable(dirname(directory));
  guarded(directory, () => accessSync(directory, constants.W_OK));
}

/** Names in the directory that the program wrote itself: its report, its checksums, what they list, and remains of a killed run. */
function filesOfEarlierRun(directory: string): string[] {
  const names = new Set(listDirectory(directory) ?? []);
  const listed = checksummedFiles(readTextOr(join(directory, RUN_FILES.checksums), ""));
  const arrays = listed.filter((name) => names.has(name) && WRITTEN_FILES.includes(name));
  const report = /"schemaVersion": *\d+/.test(readTextOr(join(directory, RUN_FILES.report), "")) ? [RUN_FILES.report] : [];
  const checksums = listed.length > 0 ? [RUN_FILES.checksums] : [];
  const page = readTextOr(join(directory, RUN_FILES.page), "").includes(PAGE_MARK) ? [RUN_FILES.page] : [];
  return [...report, ...page, ...checksums, ...arrays, ...[...names].filter((name) => name.endsWith(TEMPORARY_SUFFIX))];
}

function checksummedFiles(text: string): string[] {
  return text.split("\n").flatMap((line) => /^[0-9a-f]{64} {2}(\S+)$/.exec(line)?.[1] ?? []);
}

function readTextOr(path: string, missing: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return missing;
  }
}

/** Makes the run directory. Throws `ProgramError` (73 or 74). */
export function createRunDirectory(directory: string): void {
  guarded(directory, () => makeDirectories(directory));
}

/** Removes the files of an earlier run, its report first, and nothing else. */
export function removeEarlierRun(directory: string): void {
  for (const name of filesOfEarlierRun(directory)) removeFile(directory, name);
  removePictures(directory);
  guarded(directory, () => syncDirectory(directory));
}

/** The directory of that name if there is one; a file or link of that name is not ours. Throws `ProgramError` (73). */
function requireOwnDirectory(directory: string, name: string): string | undefined {
  const inside = join(directory, name);
  const status = lstatSync(inside, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (status.isDirectory()) return inside;
  throw new ProgramError(ExitCode.cannotCreateOutput, `${inside} is not a directory of an earlier run`, "remove it, or choose another directory with --out");
}

function removePictures(directory: string): void {
  const inside = requireOwnDirectory(directory, RUN_FILES.pictures);
  if (inside === undefined) return;
  const ours = (name: string): boolean => /^step-\d+\.vti$/.test(name) || name.endsWith(TEMPORARY_SUFFIX);
  for (const name of listDirectory(inside) ?? []) if (ours(name)) removeFile(inside, name);
  if (listDirectory(inside)?.length === 0) guarded(inside, () => rmdirSync(inside));
}

function removeFile(directory: string, name: string): void {
  try {
    unlinkSync(join(directory, name));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    guarded(join(directory, name), () => {
      throw error;
    });
  }
}

/** The names in a directory; nothing if it is not there. */
function listDirectory(directory: string): string[] | undefined {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    const message = `cannot use ${directory} as run directory: ${describeSystemError(error)}`;
    throw new ProgramError(ExitCode.cannotCreateOutput, message, "choose another directory with --out");
  }
}
