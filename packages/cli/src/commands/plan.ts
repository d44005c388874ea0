import { networks } from "@parakkt/precond";
import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.js";
import { planCommand, type PlanOptions } from "../plan-command.js";
import type { CommandContext } from "../solve-command.js";

const EXAMPLES = `
Examples:
  $ parakkt plan examples/heat-2d.yaml
  $ parakkt plan heat.yaml --set solver.formulation=auto          # what auto chooses, and why
  $ parakkt plan heat.yaml --ranks 1,2,4,…,65536 --network cluster
  $ parakkt plan heat.yaml --ranks 1,16,256 --set solver.formulation=auto    # the best way of solving on each
  $ parakkt plan heat.yaml --set problem.time.steps=1000000 --set budget.memory=8GiB

Nothing is allocated or solved. Exit code 0 if the run fits, 77 with the largest size that does if it does not.`;

/** `parakkt plan CONFIG` */
export function addPlan(program: Command, { terminal }: CommandContext, done: (exitCode: ExitCode) => void): void {
  program
    .command("plan")
    .argument("<config>", "YAML or JSON config, or the report.json of an earlier run")
    .description("unknowns, memory, method, predicted iterations and time, before anything is computed")
    .option("--set <key=value>", "override a key of the config (repeatable)", (value: string, earlier: string[]) => [...earlier, value], [])
    .option("--ranks <list>", "predict the time on these numbers of ranks, as in 1,2,4 or 1,2,4,…,65536")
    .option("--network <name>", `with --ranks, what messages cost: ${networks.map(({ name }) => name).join(", ")}. Default: cluster`)
    .option("--json", "print the plan as JSON")
    .option("--allow-path", "let the config name files outside of its own directory")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: PlanOptions) => done(planCommand(path, options, terminal)));
}
