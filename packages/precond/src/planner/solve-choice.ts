import type { PlannedFormulation, PlannedPreconditioner, PlannedSpatialSolver } from "./plan-facts.js";

/** One way of solving. */
export interface SolveChoice {
  readonly formulation: PlannedFormulation;
  readonly preconditioner: PreconditionerChoice;
  readonly spatialSolver: SpatialSolverChoice;
}

export interface PreconditionerChoice {
  readonly kind: PlannedPreconditioner;
  /** P, where time is decomposed. */
  readonly subdomains?: number;
  /** δ of windows. */
  readonly overlap?: number;
}

export interface SpatialSolverChoice {
  readonly kind: PlannedSpatialSolver;
  /** Of multigrid in the preconditioner's sweeps. */
  readonly cycles?: number;
  /** Of multigrid, or of Cholesky factors, in the preconditioner's sweeps. */
  readonly precision?: "single" | "double";
}

/** In a few words: "schur with two-level in 8 subdomains, cholesky". */
export function describeChoice({ formulation, preconditioner, spatialSolver }: SolveChoice): string {
  if (formulation === "direct") return "direct";
  const { kind, subdomains } = preconditioner;
  const inverse = kind === "none" ? "" : ` with ${kind}${subdomains === undefined ? "" : ` in ${subdomains} subdomains`}`;
  const { cycles, precision } = spatialSolver;
  const exact = precision === "single" ? " (single precision)" : "";
  const sweeps = cycles === undefined ? exact : ` (${cycles} cycle${cycles === 1 ? "" : "s"}, ${precision ?? "double"} precision)`;
  return `${formulation}${inverse}, ${spatialSolver.kind}${sweeps}`;
}
