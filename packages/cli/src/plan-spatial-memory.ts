import type { PreconditionerSettings, ResolvedConfig } from "./config/resolved-config.js";

/** Doubles of the spatial solver of a run: factors of every shift that occurs, or the levels of multigrid. */
export function spatialSolverDoubles(config: ResolvedConfig, cells: readonly number[], steps: number): number {
  const interior = cells.map((count) => count - 1);
  const points = interior.reduce((product, count) => product * count, 1);
  const { kind } = config.spatialSolver;
  if (config.solver.formulation === "direct" || kind === "fast-diagonalization") return 2 * points;
  const shifts = distinctShifts(config, steps);
  if (kind === "cholesky") return (PATTERN + shifts * factorEntries(interior)) * points;
  return 12 * points * Math.max(1, shifts) + (factorsExactly(interior) ? (PATTERN + factorEntries(interior)) * points : 0);
}

/** Index arrays of the symbolic factorisation, as doubles a point. */
const PATTERN = 10;

/** Doubles a point of one factor in nested-dissection order with its supernodes padded: fitted to symbolic factorisations, within 5 % on squares and cubes. */
function factorEntries(interior: readonly number[]): number {
  const points = interior.reduce((product, count) => product * count, 1);
  if (interior.length === 1) return 11;
  return interior.length === 2 ? 1.87 * Math.log2(points) - 0.5 : Math.cbrt(points) * (2.8 + 0.135 * Math.log2(points));
}

/** With multigrid, exact integrations factor their one shift where that is small (build.ts). */
function factorsExactly(interior: readonly number[]): boolean {
  return interior.length === 2 ? Math.max(...interior) <= 255 : interior.reduce((product, count) => product * count, 1) <= 32 ** 3;
}

/** Different shifts of one run (TAP.3): one of the integrator itself, those of the subdomains and of the coarse level; where steps are unequal for each size of step, and the first subdomain's apart. */
function distinctShifts({ preconditioner, problem }: ResolvedConfig, steps: number): number {
  const equal = !("nodes" in problem.time);
  return (equal ? 1 : UNEQUAL_SIZES) * (1 + preconditionerShifts(preconditioner, steps, equal));
}

/** Different step sizes that are counted where steps are unequal; there may be more, each of which costs factors of its own. */
const UNEQUAL_SIZES = 8;

function preconditionerShifts(preconditioner: PreconditionerSettings, steps: number, equal: boolean): number {
  if (preconditioner.kind === "none") return 0;
  const set = (rows: number): number => (preconditioner.local === "matching" ? 1 : preconditioner.local === "tapered" ? dyadicRanges(rows) : rows);
  if (preconditioner.kind === "matching") return set(steps);
  if (preconditioner.kind === "time-diagonalization") return preconditioner.local === "tapered" ? 2 * dyadicRanges(steps) : steps;
  if (preconditioner.kind === "overlapping-matching") return preconditioner.local === "tapered-exact" ? steps : 1;
  const subdomains = Math.min(preconditioner.subdomains, steps);
  const rows = Math.ceil(steps / subdomains) + (subdomains > 1 ? 2 * preconditioner.overlap : 0);
  const coarse = "coarse" in preconditioner && subdomains > 1 ? dyadicRanges(subdomains * preconditioner.coarse.nodesPerSubdomain) : 0;
  return (subdomains > 1 && !equal ? 2 : 1) * set(rows) + coarse;
}

/** ⌊log₂ rows⌋ + 1 (TAP.3). */
function dyadicRanges(rows: number): number {
  return Math.floor(Math.log2(Math.max(1, rows))) + 1;
}
