import { requireName, timePartition, timeSlices, uniformTimeGrid, type StepRange, type TimePartition } from "@parakkt/core";
import { coarseNodes } from "../coarse-correction.js";
import { passesThroughRanks } from "../coarse-matching.js";
import { timeLevels, type CoarseningRule, type TimeLevel } from "../level-hierarchy.js";
import { requireFixedNames, type PlannedFormulation, type PlannedPreconditioner } from "../planner/plan-facts.js";

/** A way of solving, as far as its distribution over ranks depends on it. */
export interface DistributedSolve {
  readonly formulation: PlannedFormulation;
  readonly method: "cg" | "minres" | "gmres" | "fgmres";
  readonly preconditioner: PlannedPreconditioner;
  /** N */
  readonly steps: number;
  /** Degrees of freedom of a state. */
  readonly dofs: number;
  /** P, δ, κ */
  readonly subdomains: number;
  readonly overlap: number;
  readonly nodesPerSubdomain: number;
  readonly combination: "additive" | "restricted";
  /** Of multilevel. */
  readonly coarsening?: CoarseningRule;
}

/** A time grid on the ranks: distributed, or held as a whole by every rank. */
export interface DistributedLevel extends TimeLevel {
  readonly partition: TimePartition;
  /** Steps of each rank; left out: gathered. */
  readonly ranges?: readonly StepRange[];
  /** Ranks that own a step of the grid before it is gathered. */
  readonly owners: number;
}

/** The grids of the preconditioner on so many ranks, by the rule of `coarseCorrection`. */
export function distributedLevels(solve: DistributedSolve, ranks: number): DistributedLevel[] {
  const { formulation, method, preconditioner, combination } = solve;
  requireFixedNames({ formulation, method, preconditioner }, "distributedLevels");
  requireName(combination, ["additive", "restricted"], { what: "combination", where: "distributedLevels" });
  const { steps, overlap } = solve;
  const [finest, ...coarser] = gridsOf(solve);
  const partition = timePartition(uniformTimeGrid(1, steps), finest.subdomains, Math.min(overlap, Math.floor(steps / finest.subdomains)));
  const slices = timeSlices(partition, ranks);
  const ranges = Array.from({ length: ranks }, (_, rank) => slices.ownedBy(rank));
  let level: DistributedLevel = { ...finest, partition, ranges, owners: ranks };
  const levels = [level];
  for (const { subdomains } of coarser) {
    level = coarserLevel(level, solve, subdomains);
    levels.push(level);
  }
  return levels;
}

function gridsOf({ preconditioner, steps, subdomains, nodesPerSubdomain, coarsening }: DistributedSolve): TimeLevel[] {
  if (preconditioner !== "two-level" && preconditioner !== "multilevel") return [{ steps, subdomains: preconditioner === "matching" ? 1 : subdomains }];
  const serial = { stepsPerSubdomain: Math.ceil(steps / subdomains), serialSteps: preconditioner === "two-level" ? steps : 64 };
  return timeLevels({ steps, subdomains, nodesPerSubdomain }, preconditioner === "two-level" ? serial : { ...serial, ...coarsening });
}

function coarserLevel({ partition, ranges }: DistributedLevel, { nodesPerSubdomain, combination }: DistributedSolve, subdomains: number): DistributedLevel {
  const nodes = coarseNodes(partition, nodesPerSubdomain);
  const grid = partition.grid.coarsen(nodes);
  const coarse = timePartition(grid, subdomains, Math.min(partition.overlap, Math.floor(grid.steps / subdomains)));
  const level = { steps: grid.steps, subdomains, partition: coarse };
  if (!ranges) return { ...level, owners: 0 };
  const owned = coarseRanges(ranges, nodes, partition.grid.steps);
  const owners = owned.filter(({ first, last }) => first <= last).length;
  const shared = subdomains > 1 || (combination === "additive" && passesThroughRanks(partition, ranges));
  return shared && owners === ranges.length ? { ...level, owners, ranges: owned } : { ...level, owners };
}

/** The ranges of core's `coarseSlices`, all ranks in one pass: a coarse step belongs to the rank on which it ends. */
function coarseRanges(fine: readonly StepRange[], nodes: readonly number[], steps: number): StepRange[] {
  let next = 1;
  return fine.map(({ last }) => {
    const first = next;
    while (next <= nodes.length && (nodes[next] ?? steps + 1) - 1 <= last) next++;
    return { first, last: next - 1 };
  });
}

/** Boundaries between ranks, and those of them that cut a subdomain or an interval between coarse nodes. */
export function boundariesOf({ partition, ranges }: DistributedLevel, nodesPerSubdomain: number): { all: number; inSubdomain: number; inInterval: number } {
  if (!ranges) return { all: 0, inSubdomain: 0, inInterval: 0 };
  const ends = ranges.slice(0, -1).map(({ last }) => last);
  const nodes = new Set(coarseNodes(partition, nodesPerSubdomain));
  return {
    all: ends.length,
    inSubdomain: ends.filter((step) => partition.subdomainOf(step) === partition.subdomainOf(step + 1)).length,
    inInterval: ends.filter((step) => !nodes.has(step + 1)).length,
  };
}

/** Steps that one rank sweeps at most: its own, and the overlap at the ends of its subdomains. */
export function sweptSteps({ partition, ranges, steps }: DistributedLevel): number {
  if (!ranges) return steps;
  let most = 0;
  for (const { first, last } of ranges) {
    let swept = 0;
    for (let i = partition.subdomainOf(first); i <= partition.subdomainOf(last); i++) {
      const [owned, extended] = [partition.owned(i), partition.extended(i)];
      const from = first > owned.first ? first : extended.first;
      const to = last < owned.last ? last : extended.last;
      swept += to - from + 1;
    }
    most = Math.max(most, swept);
  }
  return most;
}

/** Steps that one rank owns at most. */
export function ownedSteps({ ranges, steps }: DistributedLevel): number {
  return ranges ? ranges.reduce((most, { first, last }) => Math.max(most, last - first + 1), 0) : steps;
}
