import { forgettingSteps } from "../overlapping-matching.js";
import type { CompleteFacts, PlannedFormulation, PlannedSpatialSolver } from "./plan-facts.js";
import { largestEigenvalue } from "./schur-iterations.js";
import type { PreconditionerChoice, SolveChoice, SpatialSolverChoice } from "./solve-choice.js";

/** Everything that can solve the problem and respects what is fixed; of multigrid, every number of cycles and precision. */
export function solveCandidates(facts: CompleteFacts): SolveChoice[] {
  return formulations(facts).flatMap((formulation) =>
    preconditioners(facts, formulation).flatMap((preconditioner) =>
      spatialSolvers(facts, { formulation, preconditioner }).map((spatialSolver) => ({ formulation, preconditioner, spatialSolver })),
    ),
  );
}

function formulations({ fixed, diffusivity, ranks }: CompleteFacts): PlannedFormulation[] {
  const { formulation, method, preconditioner = "none", spatialSolver = "fast-diagonalization" } = fixed;
  const constant = diffusivity.constant !== undefined;
  if (formulation !== undefined) return formulation === "direct" && !constant ? [] : [formulation];
  const fitting: PlannedFormulation[] = [];
  if (constant && method === undefined && preconditioner === "none" && spatialSolver === "fast-diagonalization") fitting.push("direct");
  if ((method ?? "cg") === "cg" && preconditioner === "none") fitting.push("reduced");
  if (fixed.preconditioner !== "none") fitting.push("schur");
  if (ranks > 1 && (method === undefined || method.endsWith("gmres")) && fixed.preconditioner !== "none") fitting.push("full-space");
  return fitting;
}

/** Lanes of a block: with so many subdomains a sweep solves on full blocks. */
const LANES = 8;
/** Shorter subdomains are not proposed for the sake of ranks. */
const SHORTEST_SUBDOMAIN = 4;
/** The default has about so many steps a subdomain. */
const STEPS_OF_SUBDOMAIN = 8;

/** Windows as they are by default: no more than lanes unless there are more ranks, with the overlap in which they forget; none where that is longer than a subdomain. */
function windows(facts: CompleteFacts, most: number): PreconditionerChoice[] {
  const { fixed, steps, duration, rate, ranks, equalSteps } = facts;
  const forgetting = fixed.overlap ?? forgettingSteps((duration / steps) * rate);
  const wanted = fixed.subdomains ?? Math.min(most, LANES * Math.ceil(ranks / LANES));
  const asked = fixed.preconditioner === "overlapping-matching";
  const longest = Math.floor(steps / wanted);
  if (!asked && (!equalSteps || wanted < Math.max(2, ranks) || !(forgetting <= longest))) return [];
  return [{ kind: "overlapping-matching", subdomains: wanted, overlap: wanted === 1 ? 0 : Math.min(forgetting, longest) }];
}

/** Without decomposition, in one block of lanes, or in subdomains of 8 to 15 steps; on several ranks also one subdomain or eight of them a rank, several levels, and frequencies. */
function preconditioners(facts: CompleteFacts, formulation: PlannedFormulation): PreconditionerChoice[] {
  const { fixed, steps, ranks, equalSteps } = facts;
  if (formulation === "direct" || formulation === "reduced") return [{ kind: "none" }];
  const most = Math.max(1, 2 ** Math.floor(Math.log2(steps / STEPS_OF_SUBDOMAIN)));
  const aRank = [1, LANES].map((subdomains) => subdomains * ranks).filter((count) => ranks > 1 && count <= steps / SHORTEST_SUBDOMAIN);
  const counts = fixed.subdomains === undefined ? [...new Set([Math.min(LANES, most), most, ...aRank])] : [fixed.subdomains];
  const { preconditioner: kind } = fixed;
  if (kind === "none" || kind === "matching" || kind === "time-diagonalization") return [{ kind }];
  if (kind === "overlapping-matching") return windows(facts, most);
  const divided = counts.map((subdomains) => ({ kind: kind ?? "two-level", subdomains }) as const);
  if (kind !== undefined) return divided;
  const alternatives = divided.filter(({ subdomains }) => subdomains > 1);
  const sequential = [{ kind: "matching" } as const, ...windows(facts, most)];
  if (ranks === 1) return [...sequential, ...alternatives];
  const levels = alternatives.map(({ subdomains }) => ({ kind: "multilevel", subdomains }) as const);
  return [...sequential, ...alternatives, ...levels, ...(equalSteps ? ([{ kind: "time-diagonalization" }] as const) : [])];
}

/** V-cycles a solve. */
const CYCLES = [1, 2, 4, 8] as const;
const PRECISIONS = ["double", "single"] as const;

function spatialSolvers(facts: CompleteFacts, { formulation, preconditioner }: Omit<SolveChoice, "spatialSolver">): SpatialSolverChoice[] {
  const { fixed } = facts;
  if (formulation === "direct") return [{ kind: "fast-diagonalization" }];
  return kindsOfSpatialSolver(facts, preconditioner).flatMap((kind): SpatialSolverChoice[] => {
    if (kind === "fast-diagonalization" || preconditioner.kind === "none") return [{ kind }];
    const precisions = fixed.precision === undefined ? PRECISIONS : [fixed.precision];
    if (kind === "cholesky") return preconditioner.kind === "overlapping-matching" ? precisionsOfFactors(facts).map((precision) => ({ kind, precision })) : [{ kind }];
    const counts = fixed.cycles === undefined ? CYCLES : [fixed.cycles];
    return precisions.flatMap((precision) => counts.map((cycles) => ({ kind, cycles, precision })));
  });
}

/** Unit roundoff of single precision. */
const SINGLE_ROUNDING = 2 ** -24;
/** κ(L + σI) times that, up to which factors in single precision cost an iteration at most: with 0.13 they do, with 0.57 they take three times as many (n = 127, inclusion of 1e4). */
const SINGLE_SUFFICES = 0.25;

/** Both where single precision suffices for the shift σ = 1/τ + |s|/√ω. */
function precisionsOfFactors(facts: CompleteFacts): readonly ("double" | "single")[] {
  const { fixed, steps, duration, rate } = facts;
  if (fixed.precision !== undefined) return [fixed.precision];
  return SINGLE_ROUNDING * largestEigenvalue(facts) <= SINGLE_SUFFICES * (steps / duration + rate) ? PRECISIONS : ["double"];
}

function kindsOfSpatialSolver(facts: CompleteFacts, preconditioner: PreconditionerChoice): PlannedSpatialSolver[] {
  const { fixed, diffusivity, points } = facts;
  const constant = diffusivity.constant !== undefined;
  const multigrid = points.length > 1;
  if (fixed.spatialSolver === "fast-diagonalization") return constant ? ["fast-diagonalization"] : [];
  if (fixed.spatialSolver === "multigrid") return multigrid ? ["multigrid"] : [];
  if (fixed.spatialSolver !== undefined) return [fixed.spatialSolver];
  if (constant) return ["fast-diagonalization"];
  if (!multigrid) return ["cholesky"];
  return choleskyDoubles(facts) * distinctShifts(facts, preconditioner) > MOST_DOUBLES ? ["multigrid"] : ["cholesky", "multigrid"];
}

/** The factors of all shifts must fit into one memory of the kernels (4 GiB) beside the vectors. */
const MOST_DOUBLES = 2.5e8;

/** Doubles of one factor in nested-dissection order: about 2.4 log₂ n² an entry in 2-D, 2.6 n^1.38 in 3-D (measured for n ≤ 255 and n ≤ 31). */
function choleskyDoubles({ size, points }: CompleteFacts): number {
  if (points.length === 1) return 3 * size;
  return size * (points.length === 2 ? 2.4 * Math.log2(size + 1) : 2.6 * size ** 0.46);
}

/** Different shifts that are factored: a dyadic taper has ⌊log₂⌋ + 1 of them (TAP.3), unequal steps one a step; one more for the recovery of u. */
export function distinctShifts({ steps, equalSteps }: CompleteFacts, { kind, subdomains = 1 }: PreconditionerChoice): number {
  const recovery = equalSteps ? 1 : steps;
  if (kind === "none") return recovery;
  if (kind === "time-diagonalization") return recovery + 2 * Math.ceil(Math.log2(steps)) + 1;
  if (kind === "overlapping-matching" && subdomains > 1) return recovery + (equalSteps ? 1 : steps);
  const dyadic = (count: number): number => (equalSteps ? Math.floor(Math.log2(count)) + 1 : count);
  if (kind === "matching" || subdomains === 1) return recovery + dyadic(steps);
  const local = equalSteps ? dyadic(Math.ceil(steps / subdomains) + 2) : 2 * steps;
  return recovery + local + (kind === "one-level" ? 0 : dyadic(subdomains));
}
