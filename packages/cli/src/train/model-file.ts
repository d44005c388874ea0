import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { DataError } from "../data/data-error.js";
import { writeAtomically } from "../output/atomic-file.js";
import { littleEndianBytes } from "../output/little-endian.js";
import { npyHeader } from "../output/npy-bytes.js";
import { describeSystemError, ProgramError } from "../program-error.js";
import { readTable } from "./read-table.js";
import { TRAINING_FILES } from "./training-run.js";
import type { DataSettings, NetworkSettings } from "./training-settings.js";

/** A trained network: what model.json says, and its parameters. */
export interface Model {
  readonly network: NetworkSettings;
  readonly data: DataSettings;
  /** N */
  readonly depth: number;
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  /** θ of opening, layers and closing, one behind the other. */
  readonly parameters: Float64Array;
}

interface ModelDescription extends Omit<Model, "parameters"> {
  readonly kind: "model";
  readonly format: 1;
  readonly parameters: { readonly file: string; readonly count: number; readonly sha256: string };
}

/** Writes rows as an NPY array. */
export function writeRows(path: string, shape: readonly number[], values: Float64Array): void {
  writeAtomically(path, (file) => {
    file.write(npyHeader(shape));
    file.write(littleEndianBytes(values));
  });
}

/** Parameters first: a directory with a model.json is complete. */
export function writeModel(directory: string, { parameters, ...model }: Model): void {
  writeRows(join(directory, TRAINING_FILES.parameters), [parameters.length], parameters);
  const description: ModelDescription = { kind: "model", format: 1, ...model, parameters: { file: TRAINING_FILES.parameters, count: parameters.length, sha256: parameterDigest(parameters) } };
  writeAtomically(join(directory, TRAINING_FILES.model), (file) => file.write(`${JSON.stringify(description, undefined, 2)}\n`));
}

/** SHA-256 of the little-endian doubles. */
export function parameterDigest(parameters: Float64Array): string {
  return createHash("sha256").update(littleEndianBytes(parameters)).digest("hex");
}

/** Reads a model.json, or that of a run directory. Throws `ProgramError` (66), `DataError` (65). */
export function readModel(path: string): Model {
  const file = isDirectory(path) ? join(path, TRAINING_FILES.model) : path;
  const { kind, format, parameters: stored, ...model } = parseModel(file);
  if (kind !== "model" || format !== 1 || typeof stored?.file !== "string") throw new DataError(file, "this is not a model of parakkt train", "give a run directory, or its model.json");
  const { values: parameters } = readTable(join(dirname(file), stored.file));
  if (parameterDigest(parameters) !== stored.sha256) throw new DataError(join(dirname(file), stored.file), "the checksum does not fit model.json", "copy both files of the run again");
  return { ...model, parameters };
}

function parseModel(file: string): ModelDescription {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ModelDescription;
  } catch (error) {
    if (error instanceof SyntaxError) throw new DataError(file, "not valid JSON", "give a run directory of parakkt train, or its model.json");
    throw new ProgramError(ExitCode.inputMissing, `cannot read the model ${file}: ${describeSystemError(error)}`, "give a run directory of parakkt train, or its model.json");
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
