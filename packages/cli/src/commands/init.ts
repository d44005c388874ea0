import { Option, type Command } from "commander";
import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { SCHEMA_FILE } from "../config/schema-file.js";
import { ExitCode } from "../exit-codes.js";
import { writeAtomically } from "../output/atomic-file.js";
import { ProgramError } from "../program-error.js";
import type { CommandContext } from "../solve-command.js";
import { starterConfigs, starterText } from "../starter/starter-configs.js";

const templates = Object.entries(starterConfigs);
const EXAMPLES = `
Templates:
${templates.map(([name, { about }]) => `  ${name.padEnd(12)}${about}`).join("\n")}

Examples:
  $ parakkt init
  $ parakkt init rod.yaml --template heat-1d`;

/** `parakkt init [FILE]` */
export function addInit(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("init")
    .argument("[file]", "the config to write", "parakkt.yaml")
    .description("write a commented config to begin with")
    .addOption(new Option("--template <name>", "what to begin with").choices(templates.map(([name]) => name)).default("heat-2d"))
    .option("--force", "replace the file if it is there")
    .addHelpText("after", EXAMPLES)
    .action((file: string, { template, force }: { template: string; force?: boolean }) => {
      if (existsSync(file) && force !== true) throw new ProgramError(ExitCode.cannotCreateOutput, `${file} is there already`, "another name, or --force to replace it");
      const schema = relative(dirname(resolve(file)), SCHEMA_FILE).replaceAll("\\", "/");
      const text = starterText(starterConfigs[template]!, { file, schema });
      writeAtomically(file, (target) => target.write(text));
      terminal.result(`written: ${file} (${template})\nnext: parakkt plan ${file}`);
      done(ExitCode.converged);
    });
}
