import { networks } from "@parakkt/precond";
import type { Command } from "commander";
import { purposeOfFile } from "../config/config-purpose.js";
import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";
import { planCommand, type PlanOptions } from "../plan-command.js";
import type { CommandContext } from "../solve-command.js";

const EXAMPLES = `
Examples:
  $ parakkt plan examples/heat-2d.yaml
  $ parakkt plan heat.yaml --set solver.formulation=auto          # what auto chooses, and why
  $ parakkt plan heat.yaml --threads 2
  $ parakkt plan heat.yaml --ranks 1,2,4,…,65536 --network cluster
  $ parakkt plan heat.yaml --ranks 1,2,4,…,1024 --network 1.2us,12GB/s       # of your own network
  $ parakkt plan heat.yaml --ranks 1,16,256 --set solver.formulation=auto    # the best way of solving on each
  $ parakkt plan heat.yaml --set problem.time.steps=1000000 --set budget.memory=8GiB
  $ parakkt plan examples/train-peaks.yaml                        # a training: updates, memory, time, modelled speed-up

Nothing is allocated or solved (of a training some updates are made, for a second at most unless one takes longer). Exit code 0 if the run fits, 77 with the largest size that does if it does not.`;

/** `parakkt plan CONFIG` */
export function addPlan(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("plan")
    .argument("<config>", "YAML or JSON config of a problem or a training, or the report.json of an earlier run")
    .description("unknowns, memory, method, predicted iterations and time, before anything is computed")
    .option("--set <key=value>", "override a key of the config (repeatable)", (value: string, earlier: string[]) => [...earlier, value], [])
    .option("--threads <count>", "plan for so many worker threads, as parallel.threads")
    .option("--ranks <list>", "predict the time on these numbers of ranks, as in 1,2,4 or 1,2,4,…,65536")
    .option("--network <name>", `with --ranks, what messages cost: ${networks.map(({ name }) => name).join(", ")}, or latency and bandwidth of a rank as in 1.2us,12GB/s. Default: cluster`)
    .option("--json", "print the plan as JSON")
    .option("--allow-path", "let the config name files outside of its own directory")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, options: PlanOptions) => {
      if (purposeOfFile(path) !== "train") return done(planCommand(path, options, terminal));
      if (options.ranks !== undefined) throw new ProgramError(ExitCode.usage, "--ranks is for problems to solve", "the plan of a training models its speed-up without it");
      const { planTraining } = await import("../train/plan-training.js");
      done(planTraining(path, options, terminal));
    });
}
