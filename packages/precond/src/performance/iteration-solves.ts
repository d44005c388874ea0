import { distributedLevels, type DistributedLevel, type DistributedSolve } from "./distributed-solve.js";

/** Spatial solves of all ranks in one iteration, exactly as they are counted: a grid that is gathered is solved by every rank for itself. */
export function iterationSolves(solve: DistributedSolve, ranks: number, levels = distributedLevels(solve, ranks)): number {
  const { formulation, preconditioner, steps } = solve;
  if (formulation === "direct") return 0;
  if (formulation === "reduced") return 2 * steps;
  if (preconditioner === "none") return 0;
  if (preconditioner === "matching" || preconditioner === "time-diagonalization") return 2 * steps;
  if (preconditioner === "overlapping-matching") return 2 * (steps + (solve.subdomains - 1) * levels[0].partition.overlap);
  return levels.reduce((sum, level) => sum + (level.ranges ? 1 : ranks) * 2 * sweptByAll(level), 0);
}

/** Steps of all extended subdomains. */
function sweptByAll({ partition, subdomains }: DistributedLevel): number {
  let swept = 0;
  for (let i = 0; i < subdomains; i++) {
    const { first, last } = partition.extended(i);
    swept += last - first + 1;
  }
  return swept;
}
