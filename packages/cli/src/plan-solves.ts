import { stepCount, type ResolvedConfig } from "./config/resolved-config.js";

/**
 * Spatial solves of a run of so many iterations. Each application of the preconditioner sweeps forth and back over the extended subdomains and
 * the coarse steps; `schur` integrates the state up to four times around that; each application of the reduced Hessian integrates
 * forth and back, and so do the right-hand side and the recovery.
 */
export function predictedSolves({ solver, preconditioner, problem }: ResolvedConfig, iterations: number): number {
  const steps = stepCount(problem.time);
  if (solver.formulation === "direct") return 0;
  if (solver.formulation === "reduced") return 2 * steps * (iterations + 2);
  return 2 * iterations * sweptRows(preconditioner, steps) + (solver.formulation === "schur" ? 3 * steps : 0);
}

function sweptRows(preconditioner: ResolvedConfig["preconditioner"], steps: number): number {
  if (preconditioner.kind === "none") return 0;
  if (preconditioner.kind === "matching" || preconditioner.kind === "time-diagonalization") return steps;
  const { subdomains, overlap } = preconditioner;
  if (preconditioner.kind === "overlapping-matching") return steps + overlap * (subdomains - 1);
  const extended = steps + 2 * overlap * (subdomains - 1);
  if (!("coarse" in preconditioner) || subdomains === 1) return extended;
  const coarse = subdomains * preconditioner.coarse.nodesPerSubdomain;
  return extended + (preconditioner.kind === "multilevel" ? 2 : 1) * coarse;
}
