import { largest, serialPredictor } from "@parakkt/layers";
import { statSync } from "node:fs";
import { ExitCode } from "../exit-codes.js";
import { DataError } from "../data/data-error.js";
import { writeAtomically } from "../output/atomic-file.js";
import type { Terminal } from "../terminal.js";
import { buildFamily } from "./build-training.js";
import { readModel, writeRows, type Model } from "./model-file.js";
import { ProgramError } from "../program-error.js";
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
  requireFile(dataPath);
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

function requireFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return;
  throw new ProgramError(ExitCode.inputMissing, `${path}: no such file of samples`, "a CSV or NPY file, one sample a row, its path relative to the working directory");
}

function predict(model: Model, path: string, table: Table): Float64Array {
  const outputsOf = predictorOf(model);
  checkSymbols(model, path, table);
  const [length = 0] = model.targetShape;
  if (model.network.kind === "encoder-decoder" && table.columns === length) return decoded(table, length, outputsOf);
  inputShapeOf(path, table.columns, model.inputShape);
  return outputsOf(table);
}

/** Symbols are whole numbers of the alphabet. Throws `DataError` with file and row. */
function checkSymbols({ network, targetShape }: Model, path: string, { values, columns }: Table): void {
  if (network.kind !== "encoder-decoder") return;
  const symbols = targetShape.at(-1)!;
  const flaw = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= symbols);
  if (flaw < 0) return;
  throw new DataError(`${path}, row ${Math.floor(flaw / columns) + 1}`, `expected symbols from 0 to ${symbols - 1}, got ${values[flaw]}`, "the alphabet is that of the training, data.symbols");
}

type TablePredictor = (table: Pick<Table, "rows" | "values">) => Float64Array;

function predictorOf(model: Model): TablePredictor {
  const predictor = serialPredictor({ ...model, family: buildFamily(model.network, model.data, model) });
  const entries = model.targetShape.reduce((product, size) => product * size, 1);
  const { inputShape, targetShape } = model;
  return ({ rows, values }) => predictor({ count: rows, inputShape, targetShape, inputs: values, targets: new Float64Array(rows * entries) }).outputs;
}

/** Strings alone are decoded symbol by symbol: the decoder reads what it has chosen so far, behind the start symbol 0. */
function decoded({ rows, values }: Table, length: number, outputsOf: TablePredictor): Float64Array {
  const inputs = new Float64Array(2 * rows * length);
  for (let row = 0; row < rows; row++) inputs.set(values.subarray(row * length, (row + 1) * length), 2 * row * length);
  let outputs = outputsOf({ rows, values: inputs });
  const symbols = outputs.length / (rows * length);
  for (let place = 0; place + 1 < length; place++) {
    for (let row = 0; row < rows; row++) inputs[(2 * row + 1) * length + place + 1] = largest(outputs, (row * length + place) * symbols, symbols);
    outputs = outputsOf({ rows, values: inputs });
  }
  return outputs;
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
