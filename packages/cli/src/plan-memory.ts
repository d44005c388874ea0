import type { ResolvedConfig, SpatialSolverSettings } from "./config/resolved-config.js";
import { stepCount } from "./config/resolved-config.js";
import { ExitCode } from "./exit-codes.js";
import { formatBytes } from "./memory-budget.js";
import { ProgramError } from "./program-error.js";

/** One part of the memory that a run needs. */
export interface MemoryPart {
  readonly name: string;
  readonly doubles: number;
}

/** Size of a run, known before anything is allocated. */
export interface MemoryPlan {
  readonly steps: number;
  /** Interior points: entries of one state. */
  readonly points: number;
  /** Entries of state, control and adjoint together. */
  readonly unknowns: number;
  readonly parts: readonly MemoryPart[];
  readonly bytes: number;
}

/** The program itself, its worker and libraries. */
const PROGRAM_BYTES = 120e6;
/** The longest array that the runtime allocates. */
const MAX_VECTOR_BYTES = 2 ** 33;

interface Sizes {
  readonly cells: readonly number[];
  readonly steps: number;
}

/** Memory of a run of the given config, part by part. */
export function planMemory(config: ResolvedConfig): MemoryPlan {
  return planFor(config, { cells: config.problem.domain.cells, steps: stepCount(config.problem.time) });
}

/** The table: doubles of each part, with n points in space, N steps and V = nN entries of one field. */
function planFor(config: ResolvedConfig, { cells, steps }: Sizes): MemoryPlan {
  const points = cells.reduce((product, count) => product * (count - 1), 1);
  const field = points * steps;
  const parts: MemoryPart[] = [
    { name: "solution and right-hand side", doubles: formulationFields(config) * field },
    { name: "data on one time step", doubles: 24 * points },
    { name: "Krylov vectors", doubles: krylovFields(config) * field },
    { name: "preconditioner", doubles: preconditionerDoubles(config, points, steps) },
    { name: "spatial solver", doubles: spatialDoubles(config.spatialSolver, cells) * distinctShifts(config, steps) },
  ];
  const bytes = PROGRAM_BYTES + 8 * parts.reduce((sum, { doubles }) => sum + doubles, 0);
  return { steps, points, unknowns: 3 * field, parts, bytes };
}

/** Fields that a formulation holds: (u, z, λ) as far as they are stored, the right-hand side and work of its operator, one correction. */
function formulationFields({ solver }: ResolvedConfig): number {
  const [kktVectors, kktWork] = [6, 2];
  return { direct: 2, schur: 2 + 1, reduced: 4 + 1, "full-space": 3 * kktVectors + kktWork }[solver.formulation];
}

/** Work and basis vectors in fields: full-space vectors have three of them. */
function krylovFields({ solver }: ResolvedConfig): number {
  if (solver.formulation === "direct") return 0;
  const fields = solver.formulation === "full-space" ? 3 : 1;
  const columns = Math.min(solver.restart, solver.maxIterations);
  return fields * { cg: 3, minres: 6, gmres: columns + 2, fgmres: 2 * columns + 1 }[solver.method];
}

/** The extended subdomains, the residual of the restricted combination, the coarse levels, and the block elimination. */
function preconditionerDoubles({ preconditioner, solver }: ResolvedConfig, points: number, steps: number): number {
  if (preconditioner.kind === "none") return 0;
  const elimination = solver.formulation === "full-space" && solver.method !== "minres" ? 4 * points * steps : 0;
  if (preconditioner.kind === "matching") return elimination;
  if (preconditioner.kind === "time-diagonalization") return elimination + (solver.formulation === "schur" ? 1 : 2) * points * steps + 60 * steps;
  const { overlap, combination } = preconditioner;
  const subdomains = Math.min(preconditioner.subdomains, steps);
  const extended = points * (steps + 2 * overlap * subdomains);
  const restricted = combination === "restricted" ? points * steps : 0;
  if (!("coarse" in preconditioner)) return elimination + extended + restricted;
  const coarse = points * subdomains * preconditioner.coarse.nodesPerSubdomain;
  const levels = preconditioner.kind === "multilevel" ? 9 : 3;
  return elimination + extended + restricted + levels * coarse;
}

/** Doubles per shift. A nested-dissection factor is bounded by the band in 2-D and 3-D, multigrid by the geometric sum of its levels. */
function spatialDoubles({ kind }: SpatialSolverSettings, cells: readonly number[]): number {
  const interior = cells.map((count) => count - 1).sort((a, b) => a - b);
  const points = interior.reduce((product, count) => product * count, 1);
  if (kind === "fast-diagonalization") return points;
  if (kind === "multigrid") return 12 * points;
  const band = interior.slice(0, -1).reduce((product, count) => product * count, 1);
  return points * Math.min(band + 2, 31 * Math.log2(points + 2) + (interior.length === 3 ? points ** (1 / 3) : 0));
}

/** Different shifts of one run (TAP.3): a dyadic taper has log₂ many, in two sets, and one more on the coarse level. */
function distinctShifts({ solver, preconditioner, spatialSolver, problem }: ResolvedConfig, steps: number): number {
  if (solver.formulation === "direct" || spatialSolver.kind === "fast-diagonalization") return 2;
  const sizes = "nodes" in problem.time ? 8 : 1;
  if (preconditioner.kind === "none") return sizes;
  if (preconditioner.kind === "matching") return preconditioner.local === "matching" ? 2 * sizes : (2 + Math.log2(steps)) * sizes;
  if (preconditioner.kind === "time-diagonalization") return preconditioner.local === "tapered" ? 3 + 2 * Math.log2(steps) : steps + 1;
  const length = Math.max(1, steps / preconditioner.subdomains) + 2 * preconditioner.overlap;
  const perSet = preconditioner.local === "matching" ? 1 : preconditioner.local === "tapered" ? 2 + Math.log2(length) : length;
  return (1 + 2 * perSet + 2 + Math.log2(preconditioner.subdomains)) * sizes;
}

/** Refuses a plan over budget with the largest sizes that fit. Throws `ProgramError` (77). */
export function requireWithinBudget(config: ResolvedConfig, budget: number): MemoryPlan {
  const plan = planMemory(config);
  if (fits(plan, budget)) return plan;
  const { cells } = config.problem.domain;
  const steps = largest(1, plan.steps, (count) => fits(planFor(config, { cells, steps: count }), budget));
  const scale = largest(2, Math.max(...cells), (most) => fits(planFor(config, { cells: scaled(cells, most), steps: plan.steps }), budget));
  const fewer = steps === undefined ? "not even 1 time step fits on these cells" : `with these cells at most ${steps} time steps fit`;
  const coarser = scale === undefined ? "no grid fits with these steps" : `with these steps at most cells [${scaled(cells, scale).join(", ")}] fit`;
  const need = `${plan.unknowns} unknowns need about ${formatBytes(plan.bytes)}, the budget is ${formatBytes(budget)}`;
  throw new ProgramError(ExitCode.overBudget, `over budget: ${need}\n${describeParts(plan)}`, `${fewer}; ${coarser}; or raise budget.memory`);
}

function fits({ bytes, points, steps }: MemoryPlan, budget: number): boolean {
  return bytes <= budget && 8 * points * steps <= MAX_VECTOR_BYTES;
}

/** The largest whole number from least to most for which `holds`, by bisection; it holds below any number for which it holds. */
function largest(least: number, most: number, holds: (count: number) => boolean): number | undefined {
  if (!holds(least)) return undefined;
  let [low, high] = [least, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Cells in the same proportions with `most` along the longest axis. */
function scaled(cells: readonly number[], most: number): number[] {
  const longest = Math.max(...cells);
  return cells.map((count) => Math.max(2, Math.floor((count / longest) * most)));
}

function describeParts({ parts }: MemoryPlan): string {
  return parts.map(({ name, doubles }) => `  ${formatBytes(8 * doubles).padStart(10)}  ${name}`).join("\n");
}
