import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";
import type { PaperOptions } from "../study/paper-command.js";

const EXAMPLES = `
Examples:
  $ parakkt paper                      # all tables: some minutes
  $ parakkt paper kkt-counts --resume
  $ parakkt paper --list

Exit code 0 if every count agrees with its reference, else 2.`;

/** `parakkt paper [TABLE…]` */
export function addPaper(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("paper")
    .argument("[table...]", "names of tables; all of them if none is given")
    .description("make published tables anew, reference beside what is found here")
    .option("--list", "list the tables")
    .option("--resume", "go on where an earlier run was interrupted")
    .option("--force", "start anew, replacing the results that are there")
    .option("--out <directory>", "directory of the results", "runs/paper")
    .addHelpText("after", EXAMPLES)
    .action(async (names: string[], options: PaperOptions) => {
      const { paperCommand } = await import("../study/paper-command.js");
      done(await paperCommand(names, options, terminal));
    });
}
