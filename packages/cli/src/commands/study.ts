import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { CommandContext } from "../solve-command.js";
import type { StudyOptions } from "../study/study-command.js";

const EXAMPLES = `
Examples:
  $ parakkt study examples/study-robustness.yaml
  $ parakkt study examples/study-robustness.yaml --resume          # after an interruption: only the missing cells
  $ parakkt study heat.yaml --set 'study.grid={problem.time.steps: [64, 128], preconditioner.subdomains: [4, 8]}'

Exit code 0 if every cell converged (and agrees with its reference, where there is one), else 2.`;

/** `parakkt study CONFIG` */
export function addStudy(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("study")
    .argument("<config>", "config with a section study: grid, cells, methods, baselines")
    .description("solve a grid of variants, fit iteration counts, compare methods")
    .option("--set <key=value>", "override a key of the config (repeatable)", (value: string, earlier: string[]) => [...earlier, value], [])
    .option("--out <directory>", "directory of the study, in place of output.directory")
    .option("--resume", "go on with a study that was interrupted")
    .option("--json", "print records, fits and agreement as JSON on stdout, and nothing else")
    .option("--quiet", "print errors only")
    .option("--force", "start anew, replacing the results that are there")
    .option("--allow-path", "let the config name files outside of its own directory")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, options: StudyOptions) => {
      const { studyCommand } = await import("../study/study-command.js");
      done(await studyCommand(path, options, terminal));
    });
}
