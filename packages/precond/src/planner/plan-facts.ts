import { requireArgument, requireName } from "@parakkt/core";
import { networks, type Network } from "../performance/network.js";

/** What the cost model knows about ν; core's `diffusivityProfile` has this shape. */
export interface DiffusivityFacts {
  /** ν where it is the same everywhere: only then sine transforms apply. */
  readonly constant?: number;
  readonly smallest: number;
  readonly largest: number;
  /** The constant ν with the same smallest eigenvalue of L. Default: the geometric mean of smallest and largest. */
  readonly effective?: number;
  /** Geometric mean of ν over the box. Default: that of smallest and largest. */
  readonly typical?: number;
  /** Largest ratio of ν between neighbouring nodes. Default: largest/smallest. */
  readonly jump?: number;
}

/** Formulations that the planner can compare. */
export type PlannedFormulation = "direct" | "reduced" | "schur" | "full-space";

/** Preconditioners of the Schur complement that the planner can compare. */
export type PlannedPreconditioner = "none" | "matching" | "overlapping-matching" | "one-level" | "two-level" | "multilevel" | "time-diagonalization";

/** Spatial solvers that the planner can compare. */
export type PlannedSpatialSolver = "fast-diagonalization" | "cholesky" | "multigrid";

/** What is decided already and stays as it is. */
export interface FixedChoices {
  readonly formulation?: PlannedFormulation;
  readonly method?: "cg" | "minres" | "gmres" | "fgmres";
  readonly preconditioner?: PlannedPreconditioner;
  /** P */
  readonly subdomains?: number;
  readonly spatialSolver?: PlannedSpatialSolver;
  /** δ of windows. */
  readonly overlap?: number;
  /** Of multigrid, in the preconditioner. */
  readonly cycles?: number;
  /** Of multigrid and of Cholesky factors in the preconditioner. */
  readonly precision?: "single" | "double";
}

/** The problem (OCP.1) as far as the cost of solving it depends on it. */
export interface PlanFacts {
  /** Interior points of each axis. */
  readonly points: readonly number[];
  /** Side length of each axis. */
  readonly extent: readonly number[];
  /** N */
  readonly steps: number;
  /** T */
  readonly duration: number;
  /** Whether all steps have the same size. */
  readonly equalSteps: boolean;
  /** ω */
  readonly regularization: number;
  /** s */
  readonly controlScale: number;
  readonly diffusivity: DiffusivityFacts;
  /** Of the KKT residual (KKT.2). */
  readonly relativeTolerance: number;
  readonly fixed?: FixedChoices;
  /** Ranks to solve on, and what messages cost between them; default 1. */
  readonly ranks?: number;
  readonly network?: Network;
}

/** The facts with every default filled in. */
export interface CompleteFacts extends Omit<PlanFacts, "diffusivity" | "fixed" | "ranks" | "network"> {
  readonly diffusivity: Required<Omit<DiffusivityFacts, "constant">> & Pick<DiffusivityFacts, "constant">;
  readonly fixed: FixedChoices;
  readonly ranks: number;
  readonly network: Network;
  /** Points of one state. */
  readonly size: number;
  /** Entries of one series of states. */
  readonly unknowns: number;
  /** a = |s|/√ω of (RAT.1). */
  readonly rate: number;
}

/** Tolerances beyond these are predicted as these: rounding ends any iteration, and one iteration is the least. */
const [SMALLEST_TOLERANCE, LARGEST_TOLERANCE] = [1e-15, 0.5];

/** Checks the facts and fills in defaults. Errors: `InvalidArgumentError`. */
export function completeFacts(facts: PlanFacts): CompleteFacts {
  const { points, extent, steps, regularization, controlScale, diffusivity } = facts;
  requireArgument(points.length >= 1 && points.length <= 3 && extent.length === points.length, () => ({
    what: "axes",
    where: "planSolve",
    expected: "1 to 3 axes with one number of points and one extent each",
    got: `${points.length} numbers of points and ${extent.length} extents`,
  }));
  [...points, steps].forEach((count) => requireCount(count));
  const positive = { extent: Math.min(...extent), duration: facts.duration, regularization };
  Object.entries(positive).forEach(([what, value]) => requirePositive(what, value));
  requirePositive("size of the control scale", Math.abs(controlScale));
  requireFixedNames(facts.fixed ?? {}, "planSolve");
  const size = points.reduce((product, count) => product * count, 1);
  const completed = completeDiffusivity(diffusivity);
  Object.entries(completed).forEach(([what, value]) => requirePositive(`${what} diffusivity`, value));
  return {
    ...facts,
    relativeTolerance: Math.min(LARGEST_TOLERANCE, Math.max(SMALLEST_TOLERANCE, facts.relativeTolerance)),
    diffusivity: completed,
    fixed: facts.fixed ?? {},
    ranks: facts.ranks ?? 1,
    network: facts.network ?? networks[0],
    size,
    unknowns: size * steps,
    rate: Math.min(Math.abs(controlScale) / Math.sqrt(regularization), Number.MAX_VALUE),
  };
}

const NAMES = {
  formulation: ["direct", "reduced", "schur", "full-space"],
  method: ["cg", "minres", "gmres", "fgmres"],
  preconditioner: ["none", "matching", "overlapping-matching", "one-level", "two-level", "multilevel", "time-diagonalization"],
  spatialSolver: ["fast-diagonalization", "cholesky", "multigrid"],
  precision: ["single", "double"],
} as const;

/** Every choice that is made by name must have one of its names. Errors: `InvalidArgumentError`. */
export function requireFixedNames(fixed: Pick<FixedChoices, keyof typeof NAMES>, where: string): void {
  for (const what of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    if (fixed[what] !== undefined) requireName(fixed[what], NAMES[what], { what, where });
  }
}

function completeDiffusivity(diffusivity: DiffusivityFacts): CompleteFacts["diffusivity"] {
  const { smallest, largest } = diffusivity;
  const middle = Math.sqrt(smallest) * Math.sqrt(largest);
  return { effective: middle, typical: middle, jump: Math.min(largest / smallest, Number.MAX_VALUE), ...diffusivity };
}

function requireCount(count: number): void {
  requireArgument(Number.isInteger(count) && count >= 1, () => ({
    what: "number of points or steps",
    where: "planSolve",
    expected: "whole numbers of at least 1",
    got: String(count),
  }));
}

function requirePositive(what: string, value: number): void {
  requireArgument(value > 0 && value < Infinity, () => ({ what, where: "planSolve", expected: "a positive finite number", got: String(value) }));
}
