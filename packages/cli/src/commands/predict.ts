import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";
import type { PredictOptions } from "../train/predict-command.js";

const EXAMPLES = `
Examples:
  $ parakkt predict runs/train-peaks points.csv > classes.csv
  $ parakkt predict runs/train-peaks runs/train-peaks/validation-inputs.npy --out outputs.npy

Data are CSV or NPY, one sample a row. Outputs of a classification are logits, behind the class they choose.`;

/** `parakkt predict MODEL DATA` */
export function addPredict(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("predict")
    .argument("<model>", "run directory of a training, or its model.json")
    .argument("<data>", "CSV or NPY file, one sample a row")
    .description("apply a trained network to samples")
    .option("--out <file>", "write CSV, or NPY if the name ends with .npy, instead of printing")
    .option("--json", "JSON in place of CSV")
    .addHelpText("after", EXAMPLES)
    .action(async (model: string, data: string, options: PredictOptions) => {
      const { predictCommand } = await import("../train/predict-command.js");
      done(predictCommand(model, data, options, terminal));
    });
}
