import {
  describeChoice,
  measuredCosts,
  distributedChoice,
  planSolve,
  predictOnRanks,
  type DistributedSolve,
  type Network,
  type PlanFacts,
  type RankedSolve,
  type RankPrediction,
  type SolveChoice,
} from "@parakkt/precond";
import { stepCount, type ResolvedConfig } from "../config/resolved-config.js";
import { countNoun } from "../count-noun.js";
import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";

/** What is predicted: a problem, the config that solves it, and whether the way of solving may change with the ranks. */
export interface RankTableRequest {
  readonly facts: PlanFacts;
  readonly config: ResolvedConfig;
  readonly automatic: boolean;
  readonly ranks: readonly number[];
  readonly network: Network;
}

/** A row: predicted, never measured. */
export interface RankRow extends RankPrediction {
  /** The way of solving. */
  readonly solve: string;
  /** t(1)/(R t(R)) against the same row of one rank. */
  readonly efficiency: number;
  /** Times as fast as matching on one rank. */
  readonly speedUp: number;
}

export interface RankTable {
  readonly rows: readonly RankRow[];
  readonly best: RankRow;
  /** Matching on one rank, the best serial preconditioner. */
  readonly matchingSeconds: number;
  /** The least number of ranks of the table that is faster than matching on one rank. */
  readonly breakEven: number | undefined;
  readonly assumptions: readonly string[];
  /** Numbers of ranks that were left out: more than time steps. */
  readonly leftOut: readonly number[];
  readonly steps: number;
}

/** Predicted times on all numbers of ranks; those beyond the number of steps are left out. Throws `ProgramError` (64) if none remains. */
export function rankTable({ facts, config, automatic, ranks, network }: RankTableRequest): RankTable {
  const usable = ranks.filter((count) => count <= facts.steps);
  if (usable.length === 0) {
    const what = `--ranks: every rank needs a time step, and the problem has ${facts.steps}; got ${ranks.join(", ")}`;
    throw new ProgramError(ExitCode.usage, what, `at most ${countNoun(facts.steps, "rank")}, or more time steps`);
  }
  const solveOn = (count: number): { solve: RankedSolve; name: string } => (automatic ? chosenSolve(facts, count, network) : configuredSolve(config, facts));
  const predictions = [1, ...usable].map((count) => {
    const { solve, name } = solveOn(count);
    return { ...predictOnRanks(facts, solve, count, { network }), solve: name };
  });
  const matchingSeconds = predictOnRanks(facts, matchingOf(facts, config), 1, { network }).seconds;
  const [one, ...others] = predictions;
  const rows = others.map((row): RankRow => ({ ...row, efficiency: one.seconds / (row.ranks * row.seconds), speedUp: matchingSeconds / row.seconds }));
  const best = rows.reduce((fastest, row) => (row.seconds < fastest.seconds ? row : fastest));
  const breakEven = rows.filter(({ seconds }) => seconds < matchingSeconds).reduce<number | undefined>((least, { ranks: count }) => Math.min(least ?? count, count), undefined);
  return { rows, best, matchingSeconds, breakEven, assumptions: assumptionsOf(network, automatic, facts), leftOut: ranks.slice(usable.length), steps: facts.steps };
}

function assumptionsOf(network: Network, automatic: boolean, { fixed }: PlanFacts): string[] {
  const asFixed = Object.keys(fixed ?? {}).length === 0 ? "" : "; what the config fixes stays";
  return [
    `computing: measured costs of ${measuredCosts.machine}, one thread (${measuredCosts.date}), the same on every rank`,
    `messages: network ${network.name}, ${Number((network.latency * 1e6).toPrecision(6))} µs and ${network.bandwidth / 1e9} GB/s a rank; ${network.basis}`,
    "iterations: predicted; messages: counted; memory bandwidth: not shared between ranks",
    automatic ? `the way of solving is chosen for each number of ranks${asFixed}` : "the way of solving is that of the config on any number of ranks",
  ];
}

function chosenSolve(facts: PlanFacts, ranks: number, network: Network): { solve: RankedSolve; name: string } {
  const { chosen } = planSolve({ ...facts, ranks, network });
  return { solve: rankedChoice(chosen, facts), name: describeChoice(chosen) };
}

function rankedChoice(choice: SolveChoice, { points, steps }: PlanFacts): RankedSolve {
  const size = points.reduce((product, count) => product * count, 1);
  return { distributed: distributedChoice(choice, { steps, size }), spatialSolver: choice.spatialSolver };
}

/** Matching with the spatial solver of the config. */
function matchingOf(facts: PlanFacts, { spatialSolver }: ResolvedConfig): RankedSolve {
  return rankedChoice({ formulation: "schur", preconditioner: { kind: "matching" }, spatialSolver }, facts);
}

function configuredSolve({ solver, preconditioner, spatialSolver, problem }: ResolvedConfig, facts: PlanFacts): { solve: RankedSolve; name: string } {
  const { formulation } = solver;
  const { kind } = preconditioner;
  const subdomains = "subdomains" in preconditioner ? preconditioner.subdomains : undefined;
  const choice: SolveChoice = { formulation, preconditioner: { kind, ...(subdomains !== undefined && { subdomains }) }, spatialSolver };
  const byDefault = rankedChoice(choice, { ...facts, steps: stepCount(problem.time) });
  const distributed: DistributedSolve = {
    ...byDefault.distributed,
    ...("method" in solver && { method: solver.method }),
    ...("overlap" in preconditioner && { subdomains: preconditioner.subdomains, overlap: preconditioner.overlap }),
    ...("combination" in preconditioner && { combination: preconditioner.combination }),
    ...("coarse" in preconditioner && { nodesPerSubdomain: preconditioner.coarse.nodesPerSubdomain }),
    ...(preconditioner.kind === "multilevel" && { coarsening: preconditioner.coarse }),
  };
  return { solve: { ...byDefault, distributed }, name: describeChoice(choice) };
}

/** The table as text; every line says that it is predicted. */
export function rankTableText({ rows, best, matchingSeconds, breakEven, assumptions, leftOut, steps }: RankTable): string {
  const cells = [["ranks", "predicted time", "iterations", "one iteration", "efficiency", "waits most for", "solved by"], ...rows.map(rowCells)];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map((row) => row.map((cell, column) => (column < 5 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  ").trimEnd());
  const from = breakEven === undefined ? "on none of these numbers of ranks" : `from ${countNoun(breakEven, "rank")} on`;
  return [
    "predicted, not measured:",
    ...lines,
    ...(leftOut.length === 0 ? [] : [`left out: ${leftOut.join(", ")} ranks; every rank needs a time step, and the problem has ${steps}`]),
    `best: ${countNoun(best.ranks, "rank")}, predicted ${formatTime(best.seconds)}, waits most for ${best.limit}`,
    `matching on one rank: predicted ${formatTime(matchingSeconds)}; faster than that ${from}; at best ${best.speedUp.toPrecision(3)} times as fast`,
    "assumptions:",
    ...assumptions.map((text) => `  ${text}`),
  ].join("\n");
}

function rowCells({ ranks, seconds, iterations, iteration, efficiency, limit, solve }: RankRow): string[] {
  return [String(ranks), formatTime(seconds), String(iterations), formatTime(iteration), `${(100 * efficiency).toPrecision(3)} %`, limit, solve];
}

function formatTime(seconds: number): string {
  if (seconds >= 100) return `${Math.round(seconds)} s`;
  return seconds >= 0.1 ? `${seconds.toPrecision(3)} s` : `${(1e3 * seconds).toPrecision(3)} ms`;
}
