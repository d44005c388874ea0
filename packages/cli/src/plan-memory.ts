import { rankCount } from "./config/cross-checks.js";
import type { ResolvedConfig } from "./config/resolved-config.js";
import { stepCount } from "./config/resolved-config.js";
import { countNoun } from "./count-noun.js";
import { ExitCode } from "./exit-codes.js";
import { formatBytes } from "./memory-budget.js";
import { spatialSolverDoubles } from "./plan-spatial-memory.js";
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
  /** Entries of one field on one rank. */
  readonly longestVector: number;
  /** On this process: one rank, or all threads. */
  readonly parts: readonly MemoryPart[];
  /** Of the program itself and its threads, before they compute. */
  readonly programBytes: number;
  readonly bytes: number;
}

/** The program itself, its worker and libraries. */
const PROGRAM_BYTES = 110e6;
/** What each further worker thread takes before it computes: engine, modules and kernels, measured. */
const THREAD_BYTES = 32e6;
/** The longest array that the runtime allocates. */
const MAX_VECTOR_BYTES = 2 ** 33;

interface Sizes {
  readonly cells: readonly number[];
  readonly steps: number;
  readonly iterations?: number;
}

/**
 * Memory of a run of the given config, part by part. Basis vectors of gmres and fgmres are made when they are first used: with fewer
 * `iterations` than `restart` only as many count; without them all do, and the plan is a bound.
 */
export function planMemory(config: ResolvedConfig, iterations = Infinity): MemoryPlan {
  return planFor(config, { cells: config.problem.domain.cells, steps: stepCount(config.problem.time), iterations });
}

/**
 * The table: doubles of each part on one rank, with n points in space, N steps on R ranks and V = n⌈N/R⌉ entries of its share of a field.
 * Threads live in one process, which holds the parts of all of them; the budget of an MPI rank is its own.
 */
function planFor(config: ResolvedConfig, { cells, steps, iterations = Infinity }: Sizes): MemoryPlan {
  const ranks = Math.min(rankCount(config.parallel), steps);
  const points = cells.reduce((product, count) => product * (count - 1), 1);
  const share = Math.ceil(steps / ranks);
  const field = points * share;
  const ofOneRank: MemoryPart[] = [
    { name: "solution and right-hand side", doubles: formulationFields(config, ranks) * field },
    { name: "single time steps", doubles: singleSteps(config, ranks) * points },
    { name: "Krylov vectors", doubles: krylovFields(config, { iterations, ranks }) * field },
    { name: "preconditioner", doubles: preconditionerDoubles(config, points, steps) / ranks + gatheredDoubles(config, points, ranks) },
    { name: "spatial solver", doubles: spatialSolverDoubles(config, cells, steps) },
    { name: "objects of the time steps", doubles: objectDoubles(config) * share },
  ];
  const held = config.parallel.backend === "threads" ? ranks : 1;
  const parts = ofOneRank.map(({ name, doubles }) => ({ name, doubles: held * doubles }));
  const programBytes = PROGRAM_BYTES + (held - 1) * THREAD_BYTES;
  const bytes = programBytes + 8 * parts.reduce((sum, { doubles }) => sum + doubles, 0);
  return { steps, points, unknowns: 3 * points * steps, longestVector: field, parts, programBytes, bytes };
}

/** A coarse grid that every rank holds: the nodes as they travel, and two series of them. */
function gatheredDoubles({ preconditioner }: ResolvedConfig, points: number, ranks: number): number {
  if (ranks === 1 || !("coarse" in preconditioner)) return 0;
  return 3 * points * preconditioner.subdomains * preconditioner.coarse.nodesPerSubdomain;
}

/**
 * States that are held one by one: data, neighbours and work of operators, sweeps and the certificate, 24 rows of as many lanes as subdomains lie side by side, 8 at most; measured.
 * The direct solver has no lanes.
 */
function singleSteps({ solver, preconditioner }: ResolvedConfig, ranks: number): number {
  const subdomains = "subdomains" in preconditioner ? preconditioner.subdomains : 1;
  return 24 * (solver.formulation === "direct" ? 1 : Math.max(1, Math.min(8, Math.floor(subdomains / ranks))));
}

/**
 * Fields that a formulation holds: (u, z, λ) as far as they are stored, the right-hand side and work of its operator; and the correction of a second round. Conjugate gradients with
 * exact solves in space need no second one, unless the tolerance is near rounding.
 */
function formulationFields(config: ResolvedConfig, ranks: number): number {
  const { solver, spatialSolver } = config;
  const exact = "method" in solver && solver.method === "cg" && spatialSolver.kind !== "multigrid" && !("precision" in spatialSolver && spatialSolver.precision === "single");
  const correction = exact ? 0 : 1;
  const [kktVectors, kktWork] = [6, 2];
  return { direct: ranks === 1 ? 2 : 5, schur: 2 + correction, reduced: 3 + correction, "full-space": 3 * kktVectors + kktWork }[solver.formulation];
}

/**
 * Work and basis vectors in fields: full-space vectors have three of them. Conjugate gradients keep their residual in the right-hand side of `schur`, and work in the field of u in
 * `reduced`; fused with matching in the sine basis they have all three of their own, and on several ranks with subdomains `schur` recovers its state in the third one.
 */
function krylovFields({ solver, preconditioner, spatialSolver }: ResolvedConfig, { iterations, ranks }: { iterations: number; ranks: number }): number {
  if (solver.formulation === "direct") return 0;
  const fields = solver.formulation === "full-space" ? 3 : 1;
  const columns = Math.min(solver.restart, solver.maxIterations, iterations);
  const fused = solver.formulation === "schur" && preconditioner.kind === "matching" && spatialSolver.kind === "fast-diagonalization";
  const recovering = solver.formulation === "schur" && ranks > 1 && "subdomains" in preconditioner;
  return fields * { cg: fused || recovering ? 3 : 2, minres: 6, gmres: columns + 2, fgmres: 2 * columns + 1 }[solver.method];
}

/** The extended subdomains, the residual of the restricted combination, the coarse levels, and the block elimination. */
function preconditionerDoubles({ preconditioner, solver }: ResolvedConfig, points: number, steps: number): number {
  if (preconditioner.kind === "none") return 0;
  const elimination = solver.formulation === "full-space" && solver.method !== "minres" ? 4 * points * steps : 0;
  if (preconditioner.kind === "matching") return elimination;
  if (preconditioner.kind === "time-diagonalization") return elimination + (solver.formulation === "schur" ? 1 : 2) * points * steps + 60 * steps;
  if (preconditioner.kind === "overlapping-matching") return elimination + 30 * points;
  const { overlap, combination } = preconditioner;
  const subdomains = Math.min(preconditioner.subdomains, steps);
  const extended = points * (steps + 2 * overlap * subdomains);
  const restricted = combination === "restricted" ? points * steps : 0;
  if (!("coarse" in preconditioner)) return elimination + extended + restricted;
  const coarse = points * subdomains * preconditioner.coarse.nodesPerSubdomain;
  const levels = preconditioner.kind === "multilevel" ? 9 : 3;
  return elimination + extended + restricted + levels * coarse;
}

/** Rows of sweeps and views of single steps, measured; matching in the sine basis has a solver of its own for every step. */
function objectDoubles({ solver, preconditioner, spatialSolver }: ResolvedConfig): number {
  if (solver.formulation === "direct") return 200;
  return preconditioner.kind === "matching" && spatialSolver.kind === "fast-diagonalization" ? 2300 : 1150;
}

/** Refuses a plan over budget with the largest sizes that fit. Throws `ProgramError` (77). */
export function requireWithinBudget(config: ResolvedConfig, budget: number): MemoryPlan {
  const plan = planMemory(config);
  if (fits(plan, budget)) return plan;
  const { steps, cells } = largestThatFits(config, budget, { steps: plan.steps, cells: Math.max(...config.problem.domain.cells) });
  const fewer = steps === undefined ? "not even 1 time step fits on these cells" : `with these cells at most ${steps} time step${steps === 1 ? " fits" : "s fit"}`;
  const coarser = cells === undefined ? "no grid fits with these steps" : `with these steps at most cells [${cells.join(", ")}] fit`;
  const need = `${countNoun(plan.unknowns, "unknown")} need about ${formatBytes(plan.bytes)}, the budget is ${formatBytes(budget)}`;
  throw new ProgramError(ExitCode.overBudget, `over budget: ${need}\n${describeParts(plan)}`, `${fewer}; ${coarser}; or raise budget.memory`);
}

/** The most time steps on the same cells, and the most cells with the same steps, up to the given limits. */
export function largestThatFits(config: ResolvedConfig, budget: number, limits: { readonly steps: number; readonly cells: number }): { steps: number | undefined; cells: number[] | undefined } {
  const { cells } = config.problem.domain;
  const steps = stepCount(config.problem.time);
  const most = largest(2, limits.cells, (count) => fits(planFor(config, { cells: scaled(cells, count), steps }), budget));
  return {
    steps: largest(1, limits.steps, (count) => fits(planFor(config, { cells, steps: count }), budget)),
    cells: most === undefined ? undefined : scaled(cells, most),
  };
}

function fits({ bytes, longestVector }: MemoryPlan, budget: number): boolean {
  return bytes <= budget && 8 * longestVector <= MAX_VECTOR_BYTES;
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

/** A line a part, the program itself first; together they are all that a run needs. */
export function describeParts({ parts, programBytes }: MemoryPlan): string {
  const sizes = [{ name: "program", bytes: programBytes }, ...parts.map(({ name, doubles }) => ({ name, bytes: 8 * doubles }))];
  return sizes.map(({ name, bytes }) => `${formatBytes(bytes).padStart(10)}  ${name}`).join("\n");
}
