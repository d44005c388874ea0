import { Argument, type Command } from "commander";
import { schemaText, trainingSchemaText } from "../config/schema-file.js";
import { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";

const EXAMPLES = `
Examples:
  $ parakkt schema > parakkt.schema.json
  $ parakkt schema train > training.schema.json    # of training configs

Editors that run yaml-language-server complete and check a config whose first line is
  # yaml-language-server: $schema=parakkt.schema.json
parakkt init writes that line.`;

/** `parakkt schema` */
export function addSchema(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("schema")
    .addArgument(new Argument("[kind]", "what the configs are for").choices(["solve", "train"]).default("solve"))
    .description("print the JSON Schema of configs, for completion in editors")
    .addHelpText("after", EXAMPLES)
    .action((kind: string) => {
      terminal.result(kind === "train" ? trainingSchemaText() : schemaText());
      done(ExitCode.converged);
    });
}
