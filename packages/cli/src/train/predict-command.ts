import { largest, serialPredictor } from "@parakkt/layers";
import { ExitCode } from "../exit-codes.js";
import { writeAtomically } from "../output/atomic-file.js";
import type { Terminal } from "../terminal.js";
import { buildFamily } from "./build-training.js";
import { readModel, writeRows, type Model } from "./model-file.js";
import { readTable, type Table } from "./read-table.js";
import { inputShapeOf, isClassification } from "./training-data.js";

/** Options of `predict`. */
export interface PredictOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** Reads a model and samples, propagates serially, and prints or writes the outputs; hands back the exit code. */
export function predictCommand(modelPath: string, dataPath: string, options: PredictOptions, terminal: Terminal): ExitCode {
  const model = readModel(modelPath);
  const outputs = predict(model, dataPath, readTable(dataPath));
  const columns = model.targetShape.reduce((product, size) => product * size, 1);
  const rows = outputs.length / columns;
  if (options.out?.toLowerCase().endsWith(".npy")) writeRows(options.out, [rows, ...model.targetShape], outputs);
  else {
    const text = options.json === true ? jsonText(model, outputs, columns) : csvText(model, outputs, columns);
    if (options.out === undefined) terminal.result(text);
    else writeAtomically(options.out, (file) => file.write(text));
  }
  if (options.out !== undefined) terminal.talk(`${rows} samples: ${options.out}`);
  return ExitCode.converged;
}

function predict(model: Model, path: string, { rows, columns, values }: Table): Float64Array {
  const inputShape = inputShapeOf(path, columns, model.inputShape);
  const entries = model.targetShape.reduce((product, size) => product * size, 1);
  const samples = { count: rows, inputShape, targetShape: model.targetShape, inputs: values, targets: new Float64Array(rows * entries) };
  return serialPredictor({ ...model, family: buildFamily(model.network, model.data, model) })(samples).outputs;
}

/** The classes of a row of outputs, one for each group of as many outputs as there are classes; none for values. */
function classesOf({ data, targetShape }: Model, row: Float64Array): number[] {
  if (!isClassification(data)) return [];
  const classes = targetShape.at(-1)!;
  return Array.from({ length: row.length / classes }, (_, k) => largest(row, k * classes, classes));
}

const rowsOf = (outputs: Float64Array, columns: number): Float64Array[] => Array.from({ length: outputs.length / columns }, (_, k) => outputs.subarray(k * columns, (k + 1) * columns));

/** A header, then classes and outputs of each sample; digits enough to read the same doubles back. */
function csvText(model: Model, outputs: Float64Array, columns: number): string {
  const groups = classesOf(model, new Float64Array(columns)).length;
  const header = [...Array.from({ length: groups }, (_, k) => (groups === 1 ? "class" : `class${k}`)), ...Array.from({ length: columns }, (_, k) => `output${k}`)].join(",");
  return `${[header, ...rowsOf(outputs, columns).map((row) => [...classesOf(model, row), ...row].join(","))].join("\n")}\n`;
}

function jsonText(model: Model, outputs: Float64Array, columns: number): string {
  return `${JSON.stringify(rowsOf(outputs, columns).map((row) => ({ classes: classesOf(model, row), outputs: [...row] })))}\n`;
}
