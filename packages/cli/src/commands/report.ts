import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import type { ReportOptions } from "../report-page/report-command.js";
import type { CommandContext } from "../solve-command.js";

const EXAMPLES = `
Examples:
  $ parakkt report runs/heat-2d                    # writes runs/heat-2d/report.html
  $ parakkt report runs/heat-2d --out heat.html

The page is one file without remote parts. Fields are shown where the run wrote them as NPY.`;

/** `parakkt report RUN` */
export function addReport(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("report")
    .argument("<run>", "run directory, or its report.json")
    .description("write one self-contained HTML page about a run")
    .option("--out <file>", "the page, in place of report.html in the run directory")
    .option("--force", "replace a file that is no such page")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, options: ReportOptions) => {
      const { reportCommand } = await import("../report-page/report-command.js");
      done(await reportCommand(run, options, terminal));
    });
}
