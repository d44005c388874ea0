import { launchedRanks } from "@parakkt/parallel";
import { Command, CommanderError } from "commander";
import { addCompletion } from "./commands/completion.js";
import { addExplain } from "./commands/explain.js";
import { addInit } from "./commands/init.js";
import { addPaper } from "./commands/paper.js";
import { addPlan } from "./commands/plan.js";
import { addPredict } from "./commands/predict.js";
import { addReport } from "./commands/report.js";
import { addSchema } from "./commands/schema.js";
import { addStudy } from "./commands/study.js";
import { addTrain } from "./commands/train.js";
import { addVerify } from "./commands/verify.js";
import { ExitCode } from "./exit-codes.js";
import { failureOf } from "./failure.js";
import { ProgramError } from "./program-error.js";
import { programVersion } from "./program-version.js";
import { reportFailure, solveCommand, type CommandContext, type SolveOptions } from "./solve-command.js";
import { processTerminal } from "./terminal.js";

const EXAMPLES = `
Examples:
  $ parakkt solve examples/heat-2d.yaml
  $ parakkt solve heat.yaml --set problem.time.steps=512 --set problem.domain.cells=[128,128] --out runs/fine
  $ parakkt solve runs/fine/report.json --out runs/again
  $ parakkt solve heat.yaml --set output.checkpoint.everySeconds=60; parakkt solve heat.yaml --set output.checkpoint.everySeconds=60 --resume
  $ parakkt solve heat.yaml --threads 2
  $ mpirun -n 4 npx parakkt solve heat.yaml
  $ parakkt solve heat.yaml --json --quiet > report.json

Results go to stdout, messages to stderr. Exit codes: 0 converged, 2 stopped before convergence, 3 numerical failure,
64 usage, 65 invalid config or data, 66 input file missing, 70 internal error, 73 cannot create output, 74 I/O error,
75 worker or rank lost, 77 over the memory budget, 130/143 interrupted.`;

/** Runs the program on its arguments; hands back the exit code and never throws. */
export async function main(args: readonly string[], context: Partial<CommandContext> = {}): Promise<number> {
  const terminal = context.terminal ?? processTerminal();
  const jobModule = context.jobModule ?? new URL("./run-solve.js", import.meta.url).href;
  let exitCode: number = ExitCode.converged;
  const program = createProgram({ terminal, jobModule }, (code) => (exitCode = code));
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.converged : ExitCode.usage;
    const failure = failureOf(error);
    reportFailure(failure, terminal);
    return failure.exitCode;
  }
}

function createProgram(context: CommandContext, done: (exitCode: ExitCode) => void): Command {
  const { terminal } = context;
  const program = new Command("parakkt")
    .description("Time-parallel optimal control of the heat equation")
    .version(programVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => terminal.result(text), writeErr: (text) => terminal.talk(text.trimEnd()) })
    .addHelpText("after", EXAMPLES)
    .hook("preAction", (_program, command) => refuseLauncher(command.name()));
  addSolve(program, context, done);
  for (const add of [addPlan, addReport, addTrain, addPredict, addStudy, addPaper, addInit, addExplain, addSchema, addCompletion, addVerify]) add(program, context, done);
  return program;
}

/** Only solve and train share their work among launched processes; any other command would run once in each, in the same files. Throws `ProgramError`. */
function refuseLauncher(command: string): void {
  const launched = launchedRanks();
  if (command === "solve" || command === "train" || launched === undefined || launched.size === 1) return;
  throw new ProgramError(ExitCode.usage, `${command} was started ${launched.size} times by ${launched.launcher}: expected one process, only solve and train run on several`, "start it by itself");
}

function addSolve(program: Command, context: CommandContext, done: (exitCode: ExitCode) => void): void {
  const command = program
    .command("solve")
    .argument("<config>", "YAML or JSON config, or the report.json of an earlier run")
    .description("solve one problem")
    .option("--set <key=value>", "override a key of the config, as in problem.time.steps=512 (repeatable)", collect, [])
    .option("--out <directory>", "run directory, in place of output.directory")
    .option("--threads <count>", "run on so many worker threads, as parallel.threads; under mpirun or srun the ranks are found")
    .option("--time-limit <seconds>", "stop the iteration after so many seconds")
    .option("--json", "print the report as JSON on stdout, and nothing else")
    .option("--quiet", "print errors only")
    .option("--resume", "go on with an earlier run in the run directory, from its last checkpoint (output.checkpoint)")
    .option("--force", "replace the files of an earlier run in the run directory")
    .option("--allow-path", "let the config name files outside of its own directory")
    .addHelpText("after", EXAMPLES);
  command.action(async (path: string, options: SolveOptions) => {
    done(await solveCommand(path, options, context));
  });
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
