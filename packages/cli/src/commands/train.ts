import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";
import type { TrainOptions } from "../train/train-command.js";

const EXAMPLES = `
Examples:
  $ parakkt train examples/train-peaks.yaml
  $ parakkt train examples/train-peaks.yaml --set propagation.kind=serial --out runs/serial
  $ mpirun -n 4 npx parakkt train examples/train-peaks.yaml
  $ parakkt train examples/train-peaks.yaml --resume               # after an interruption: the same bits
  $ parakkt predict runs/train-peaks points.csv

Exit codes: 0 all epochs done or the goal reached, 2 stopped before or goal not reached, 3 numerical failure, others as for solve.`;

/** `parakkt train CONFIG` */
export function addTrain(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("train")
    .argument("<config>", "YAML or JSON config of a training, or the report.json of an earlier one")
    .description("train a network, parallel across its layers")
    .option("--set <key=value>", "override a key of the config, as in training.epochs=50 (repeatable)", (value: string, earlier: string[]) => [...earlier, value], [])
    .option("--out <directory>", "run directory, in place of output.directory")
    .option("--threads <count>", "ranks that share the layers, in place of parallel.threads; under mpirun or srun the ranks are found")
    .option("--time-limit <seconds>", "stop after so many seconds, with a checkpoint")
    .option("--resume", "go on from the newest checkpoint in the run directory")
    .option("--json", "print the report as JSON on stdout, and nothing else")
    .option("--quiet", "print errors only")
    .option("--force", "replace the files of an earlier training in the run directory")
    .option("--allow-path", "let the config name files outside of its own directory")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, options: TrainOptions) => {
      const { trainCommand } = await import("../train/train-command.js");
      done(await trainCommand(path, options, terminal));
    });
}
