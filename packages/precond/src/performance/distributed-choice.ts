import { chooseCoarsening } from "../level-hierarchy.js";
import type { CompleteFacts } from "../planner/plan-facts.js";
import type { SolveChoice } from "../planner/solve-choice.js";
import type { DistributedSolve } from "./distributed-solve.js";

/** Steps of overlap on either side, and coarse nodes a subdomain, where nothing else is said. */
const [OVERLAP, NODES] = [1, 1];

/** A choice of the planner as it is distributed, with the defaults of a config: CG and additive on S, FGMRES and restricted on the KKT matrix. */
export function distributedChoice({ formulation, preconditioner }: SolveChoice, { steps, size }: Pick<CompleteFacts, "steps" | "size">): DistributedSolve {
  const { kind } = preconditioner;
  const decomposed = kind === "one-level" || kind === "two-level" || kind === "multilevel";
  const combination = formulation === "full-space" ? "restricted" : "additive";
  const subdomains = preconditioner.subdomains ?? (kind === "time-diagonalization" ? 2 ** Math.max(0, Math.floor(Math.log2(steps / 8))) : 1);
  const overlap = preconditioner.overlap ?? (decomposed && subdomains > 1 ? OVERLAP : 0);
  const cut = { steps, subdomains, nodesPerSubdomain: NODES, overlap, combination } as const;
  return {
    ...cut,
    formulation,
    method: formulation === "full-space" ? "fgmres" : "cg",
    preconditioner: kind,
    dofs: size,
    ...(kind === "multilevel" && { coarsening: chooseCoarsening(cut) }),
  };
}
