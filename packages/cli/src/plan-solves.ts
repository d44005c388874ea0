import { timeLevels } from "@parakkt/precond";
import { stepCount, type ResolvedConfig } from "./config/resolved-config.js";

/**
 * Spatial solves of a run of so many iterations. Each application of the preconditioner sweeps forth and back over the extended subdomains and
 * the coarse steps; `schur` integrates the state about four times around that, to measure candidates and to recover it; each application of the reduced Hessian integrates
 * forth and back, and so do the right-hand side and the recovery.
 */
export function predictedSolves({ solver, preconditioner, problem }: ResolvedConfig, iterations: number): number {
  const steps = stepCount(problem.time);
  if (solver.formulation === "direct") return 0;
  if (solver.formulation === "reduced") return 2 * steps * (iterations + 2);
  return 2 * iterations * sweptRows(preconditioner, steps) + (solver.formulation === "schur" ? 4 * steps : 0);
}

function sweptRows(preconditioner: ResolvedConfig["preconditioner"], steps: number): number {
  if (preconditioner.kind === "none") return 0;
  if (preconditioner.kind === "matching" || preconditioner.kind === "time-diagonalization") return steps;
  const { subdomains, overlap } = preconditioner;
  if (preconditioner.kind === "overlapping-matching") return steps + overlap * (subdomains - 1);
  const extended = steps + 2 * overlap * (subdomains - 1);
  if (!("coarse" in preconditioner) || subdomains === 1) return extended;
  return extended + coarseRows(preconditioner, { steps, subdomains });
}

/** Of all coarser time grids; those with subdomains of their own overlap by a step. */
function coarseRows({ kind, coarse }: Extract<ResolvedConfig["preconditioner"], { coarse: unknown }>, finest: { readonly steps: number; readonly subdomains: number }): number {
  const { nodesPerSubdomain } = coarse;
  if (kind !== "multilevel") return finest.subdomains * nodesPerSubdomain;
  const { stepsPerSubdomain, serialSteps } = coarse;
  const [, ...coarser] = timeLevels({ ...finest, nodesPerSubdomain }, { stepsPerSubdomain, serialSteps });
  return coarser.reduce((rows, { steps, subdomains }) => rows + steps + 2 * (subdomains - 1), 0);
}
