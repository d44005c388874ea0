import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";
import type { VerifyOptions } from "../verify/verify-command.js";

const EXAMPLES = `
Examples:
  $ parakkt verify heat.yaml
  $ parakkt verify heat.yaml --set preconditioner.overlap=2
  $ parakkt verify heat.yaml --json > checks.json
  $ parakkt verify examples/train-peaks.yaml         # a training: its gradient, serial and by cycles

Exit code 0 if no check failed, 3 if one did. Nothing is written and nothing that is checked is changed.
A time integrator of your own is checked from code: verifyDiscretization and checkTimeIntegrator of @parakkt/core.`;

/** `parakkt verify CONFIG` */
export function addVerify(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("verify")
    .argument("<config>", "YAML or JSON config of a problem or a training, or the report.json of an earlier run")
    .description("check operators, gradient, Hessian, preconditioner, orders and solution of a config")
    .option("--set <key=value>", "override a key of the config (repeatable)", (value: string, earlier: readonly string[]) => [...earlier, value], [])
    .option("--json", "print the checks as JSON on stdout, and nothing else")
    .option("--quiet", "print errors only")
    .option("--allow-path", "let the config name files outside of its own directory")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, options: VerifyOptions) => {
      const { verifyCommand } = await import("../verify/verify-command.js");
      done(verifyCommand(path, options, terminal));
    });
}
