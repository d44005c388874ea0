import { describeChoice, measuredCosts, type PlannedAlternative, type SolvePlan } from "@parakkt/precond";
import { parseOverride, threadOverrides } from "./config/apply-overrides.js";
import { rankCount } from "./config/cross-checks.js";
import { loadConfig, type LoadedConfig } from "./config/load-config.js";
import { planAsConfigured } from "./config/plan-choice.js";
import type { ResolvedConfig } from "./config/resolved-config.js";
import { countNoun } from "./count-noun.js";
import { ExitCode } from "./exit-codes.js";
import { formatBytes, memoryBudget } from "./memory-budget.js";
import { describeParts, largestThatFits, planMemory, requireWithinBudget, type MemoryPlan } from "./plan-memory.js";
import { attainableAccuracy } from "./plan/attainable-accuracy.js";
import { parseNetwork } from "./plan/network-option.js";
import { parseRanks } from "./plan/rank-list.js";
import { rankTable, rankTableText } from "./plan/rank-table.js";
import { ProgramError } from "./program-error.js";
import { predictedSolves } from "./plan-solves.js";
import { formatSeconds } from "./progress-line.js";
import { describeMethod, describeProblem } from "./summary.js";
import type { Terminal } from "./terminal.js";

/** Options of `plan`. */
export interface PlanOptions {
  readonly set: readonly string[];
  /** Predicts the time on these numbers of ranks instead. */
  readonly ranks?: string;
  readonly threads?: string;
  readonly network?: string;
  readonly json?: boolean;
  readonly allowPath?: boolean;
}

/** What is known before anything is computed. */
export interface RunPlan {
  readonly config: ResolvedConfig;
  readonly memory: MemoryPlan;
  /** Bytes if every basis vector that a restart allows is filled. */
  readonly mostBytes: number;
  readonly budgetBytes: number;
  /** `undefined` where the cost model does not know the combination. */
  readonly predicted: PlannedAlternative | undefined;
  /** Spatial solves, predicted from the iterations. */
  readonly spatialSolves: number | undefined;
  /** The relative KKT residual that rounding is expected to leave; `undefined` where data come from files. */
  readonly attainable: number | undefined;
  /** How `auto` was decided. */
  readonly choice?: SolvePlan;
  readonly largest: ReturnType<typeof largestThatFits>;
}

/** Prints the plan; hands back 0, or throws `ProgramError` (77) with the largest size that fits where this one does not. */
export function planCommand(path: string, options: PlanOptions, terminal: Terminal): ExitCode {
  const loaded = loadConfig({ path, overrides: [...options.set.map(parseOverride), ...threadOverrides(options.threads)], allowPath: options.allowPath === true });
  loaded.notes.forEach((note) => terminal.talk(note));
  if (options.network !== undefined && options.ranks === undefined) throw new ProgramError(ExitCode.usage, "--network says what messages between ranks cost, and needs --ranks", "--ranks 1,2,4,…,1024");
  if (options.ranks !== undefined) return planRanks(loaded, { ...options, ranks: options.ranks }, terminal);
  const plan = planRun(loaded, options.allowPath === true);
  terminal.result(options.json === true ? JSON.stringify(plan, undefined, 2) : describePlan(plan));
  return ExitCode.converged;
}

/** Larger than any one machine: memory is not asked for. */
function planRanks(loaded: LoadedConfig, { ranks, network = "cluster", json }: PlanOptions & { ranks: string }, terminal: Terminal): ExitCode {
  const { config, automatic } = loaded;
  const table = rankTable({ facts: loaded.planFacts(), config, automatic, ranks: parseRanks(ranks), network: parseNetwork(network) });
  terminal.result(json === true ? JSON.stringify(table, undefined, 2) : rankTableText(table));
  return ExitCode.converged;
}

function planRun(loaded: LoadedConfig, allowPath: boolean): RunPlan {
  const { config, plan: choice, constantDiffusivity, directory } = loaded;
  const budgetBytes = memoryBudget(config.budget.memory);
  const { bytes: mostBytes } = requireWithinBudget(config, budgetBytes);
  // The planner chooses a spatial solver alone for one rank, so that it is the same on any number of them.
  const chosenForRanks = rankCount(config.parallel) === 1 ? choice?.chosen : undefined;
  const predicted = chosenForRanks ?? planAsConfigured({ draft: config, constantDiffusivity, directory, allowPath });
  const iterations = predicted?.predictedIterations;
  return {
    config,
    memory: planMemory(config, iterations),
    mostBytes,
    budgetBytes,
    predicted,
    spatialSolves: iterations === undefined ? undefined : predictedSolves(config, iterations),
    attainable: attainableAccuracy(config, loaded.planFacts()),
    ...(choice && { choice }),
    largest: largestThatFits(config, budgetBytes, { steps: 2 ** 31, cells: 2 ** 20 }),
  };
}

/** The plan in words. */
export function describePlan(plan: RunPlan): string {
  const { config, memory, choice } = plan;
  const rows: readonly (readonly [string, string])[] = [
    ["problem", describeProblem(config, memory.unknowns)],
    ["method", describeMethod(config)],
    ...(choice ? [["chosen", choice.why] as const, ["compared", describeAlternatives(choice)] as const] : []),
    ["predicted", describePrediction(plan)],
    ...accuracyRow(plan),
    ["memory", describeMemory(plan)],
    ["largest", describeLargest(plan)],
  ];
  return rows.map(([name, text]) => `${name.padEnd(12)}${text.replaceAll("\n", `\n${" ".repeat(12)}`)}`).join("\n");
}

function describeAlternatives({ alternatives }: SolvePlan): string {
  const line = (alternative: PlannedAlternative): string => {
    const { predictedIterations, predictedSeconds } = alternative;
    return `${formatSeconds(predictedSeconds).padStart(10)}  ${`${predictedIterations} it`.padStart(7)}  ${describeChoice(alternative)}`;
  };
  return alternatives.slice(0, SHOWN).map(line).join("\n");
}

/** Alternatives that are shown. */
const SHOWN = 6;

function describePrediction({ config, predicted, spatialSolves }: RunPlan): string {
  if (predicted === undefined) return "iterations and time: the cost model does not know this combination";
  const { machine, date } = measuredCosts;
  const solves = spatialSolves === 0 ? "" : `, about ${countNoun(spatialSolves!, "spatial solve")}`;
  return `${countNoun(predicted.predictedIterations, "iteration")}${solves}, ${formatSeconds(predicted.predictedSeconds)} on ${ranksInWords(config)} of ${machine} (costs of ${date})`;
}

/** Only where the tolerance asks for more than rounding is expected to leave. */
function accuracyRow({ config: { solver }, attainable = 0 }: RunPlan): (readonly [string, string])[] {
  const asked = solver.relativeTolerance;
  if (asked >= attainable || solver.absoluteTolerance > 0) return [];
  return [["accuracy", `warning: the tolerance ${asked.toExponential(1)} may be out of reach: rounding is expected to leave up to ${attainable.toExponential(1)}; try --set solver.relativeTolerance=${(2 * attainable).toExponential(1)}`]];
}

function ranksInWords({ parallel }: ResolvedConfig): string {
  const ranks = rankCount(parallel);
  return ranks === 1 ? "one thread" : `${ranks} ${parallel.backend === "mpi" ? "MPI ranks" : "threads"}, each like one`;
}

function describeMemory({ memory, mostBytes, budgetBytes }: RunPlan): string {
  const most = mostBytes > memory.bytes ? `; ${formatBytes(mostBytes)} if every basis vector up to the restart is filled` : "";
  return [`about ${formatBytes(memory.bytes)} at the peak${most}; the budget is ${formatBytes(budgetBytes)}`, describeParts(memory)].join("\n");
}

function describeLargest({ largest: { steps, cells } }: RunPlan): string {
  return `on this budget ${steps === undefined ? "no time step" : countNoun(steps, "time step")} on these cells, or cells [${cells?.join(", ") ?? ""}] with these steps`;
}
