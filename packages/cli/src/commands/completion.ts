import { Argument, type Command } from "commander";
import { completionScripts, type CompletionWords } from "../completion-scripts.js";
import { allKeyPaths } from "../config/schema-keys.js";
import { trainSchema } from "../config/train-schema.js";
import { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";

const EXAMPLES = `
Examples:
  $ source <(parakkt completion bash)
  $ parakkt completion fish > ~/.config/fish/completions/parakkt.fish`;

/** `parakkt completion SHELL`; knows the commands that the program has when it is called. */
export function addCompletion(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("completion")
    .addArgument(new Argument("<shell>").choices(Object.keys(completionScripts)))
    .description("print a completion script for a shell")
    .addHelpText("after", EXAMPLES)
    .action((shell: keyof typeof completionScripts) => {
      terminal.result(completionScripts[shell](wordsOf(program)));
      done(ExitCode.converged);
    });
}

function wordsOf(program: Command): CompletionWords {
  const visible = program.createHelp().visibleCommands(program);
  const commands = visible.map((command) => {
    const options = command.options.filter(({ hidden, long }) => !hidden && long !== undefined && long !== null);
    return {
      name: command.name(),
      description: command.description(),
      options: [...options.map(({ long }) => long!), "--help"],
      values: command.registeredArguments[0]?.argChoices ?? [],
      choices: Object.fromEntries(options.flatMap(({ long, argChoices }) => (argChoices === undefined ? [] : [[long!, argChoices]]))),
    };
  });
  return { commands: commands.filter(({ name }) => name !== "help"), keys: allKeyPaths(), trainingKeys: allKeyPaths([], trainSchema) };
}
