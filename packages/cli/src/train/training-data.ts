import {
  addingProblem,
  digits,
  gatherRows,
  oneHot,
  peaks,
  shuffled,
  sineSequences,
  strings,
  swissRoll,
  twoSpirals,
  type DataSet,
  type SplitData,
} from "@parakkt/layers";
import { DataError } from "../data/data-error.js";
import { readTable } from "./read-table.js";
import type { DataSettings, FileData } from "./training-settings.js";

type GeneratedData = Exclude<DataSettings, FileData>;

/** Training and validation samples; those of a generated set come from different seeds. Throws `DataError`. */
export function trainingData(settings: DataSettings): SplitData {
  if (settings.kind === "file") return splitFile(settings);
  const { samples, validationSamples, seed } = settings;
  return {
    training: generate(settings, { count: samples, seed: 2 * seed }),
    validation: generate(settings, { count: validationSamples, seed: 2 * seed + 1 }),
  };
}

function generate(settings: GeneratedData, of: { readonly count: number; readonly seed: number }): DataSet {
  switch (settings.kind) {
    case "peaks":
      return peaks(of);
    case "two-spirals":
      return twoSpirals({ ...settings, ...of });
    case "swiss-roll":
      return swissRoll({ ...settings, ...of });
    case "sine":
      return sineSequences({ ...settings, ...of });
    case "adding":
      return addingProblem({ ...settings, ...of });
    case "strings":
      return strings({ ...settings, ...of });
    case "digits":
      return digits({ ...settings, ...of });
  }
}

/** Whether targets are classes, as probabilities of which one is 1. */
export function isClassification(settings: DataSettings): boolean {
  return settings.kind === "file" ? settings.classes !== undefined : settings.kind !== "sine" && settings.kind !== "adding";
}

function splitFile(settings: FileData): SplitData {
  const all = readSamples(settings);
  const order = shuffled(all.count, settings.seed);
  const held = Math.round(settings.validationShare * all.count);
  if (held === 0 && settings.validationShare > 0) {
    throw new DataError(settings.inputs, `data.validationShare: ${settings.validationShare} of ${all.count} samples is not one whole sample`, `data.validationShare: 0 for no validation, or at least ${(1 / all.count).toPrecision(2)}`);
  }
  if (held >= all.count) throw new DataError(settings.inputs, `${all.count} samples cannot be split into training and validation`, "more samples, or a smaller data.validationShare");
  return { validation: gatherRows(all, order.slice(0, held)), training: gatherRows(all, order.slice(held)) };
}

function readSamples({ inputs: inputFile, targets: targetFile, classes, shape }: FileData): DataSet {
  const inputs = readTable(inputFile);
  const targets = readTable(targetFile);
  if (inputs.rows !== targets.rows) throw new DataError(targetFile, `expected ${inputs.rows} rows, as many as ${inputFile} has, got ${targets.rows}`, "one target a sample");
  const inputShape = inputShapeOf(inputFile, inputs.columns, shape);
  if (classes === undefined) return { count: inputs.rows, inputShape, targetShape: [targets.columns], inputs: inputs.values, targets: targets.values };
  const probabilities = new Float64Array(targets.rows * classes);
  for (let row = 0; row < targets.rows; row++) probabilities.set(oneHot(classOf(targets.values[row * targets.columns]!, { row, classes, file: targetFile }), classes), row * classes);
  return { count: inputs.rows, inputShape, targetShape: [classes], inputs: inputs.values, targets: probabilities };
}

/** The shape that is asked for, if the rows have so many entries. Throws `DataError`. */
export function inputShapeOf(file: string, columns: number, shape: readonly number[] = [columns]): readonly number[] {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (expected !== columns) throw new DataError(file, `expected rows of ${expected} entries (${shape.join(" x ")}), got ${columns}`, "mend data.shape, or the file");
  return shape;
}

function classOf(value: number, { row, classes, file }: { readonly row: number; readonly classes: number; readonly file: string }): number {
  if (Number.isInteger(value) && value >= 0 && value < classes) return value;
  throw new DataError(`${file}, row ${row + 1}`, `expected a class from 0 to ${classes - 1}, got ${value}`, "classes are numbered from 0; mend data.classes, or the file");
}
