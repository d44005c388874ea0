import type { Command } from "commander";
import { ExitCode } from "../exit-codes.js";
import { explainKey, explainSections } from "../explain-key.js";
import type { CommandContext } from "../solve-command.js";

const EXAMPLES = `
Examples:
  $ parakkt explain                            # the sections
  $ parakkt explain preconditioner.subdomains
  $ parakkt explain regularization             # a key that stands once needs no path`;

/** `parakkt explain [KEY]` */
export function addExplain(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("explain")
    .argument("[key]", "a key of the config, such as solver.method")
    .description("say what a key of the config means, its type, bounds and default")
    .addHelpText("after", EXAMPLES)
    .action((key: string | undefined) => {
      terminal.result(key === undefined ? explainSections() : explainKey(key));
      done(ExitCode.converged);
    });
}
