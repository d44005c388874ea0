/** Nanoseconds an entry, by the number of points of a state, in ascending order: interpolated in logarithms. */
export type CostCurve = readonly (readonly [points: number, nanoseconds: number])[];

/** The same on one state at a time and on blocks of eight lanes. */
export interface LaneCosts {
  readonly one: CostCurve;
  readonly eight: CostCurve;
}

/** Costs of an iterative solve: of one iteration, and of everything outside of the iteration but the set-up (right-hand side, recovery, certificate, data). */
export interface MethodCosts {
  readonly iteration: CostCurve;
  readonly rest: CostCurve;
}

/** CG on S: an iteration with matching (one lane), with two levels in 8 subdomains (eight lanes) or with 8 windows, without their overlap, and the rest. */
export interface SchurCosts {
  readonly iteration: LaneCosts;
  readonly windows: CostCurve;
  readonly rest: CostCurve;
}

/** With exact spatial solves of one kind. */
export interface SolverCosts {
  readonly reduced: MethodCosts;
  readonly schur: SchurCosts;
}

/** With sparse Cholesky: also an iteration with 8 windows and factors in single precision, what a point costs in the analysis of the pattern and in one numeric factor. */
export interface CholeskyCosts extends SolverCosts {
  readonly singleWindows: CostCurve;
  readonly analysis: CostCurve;
  readonly factor: CostCurve;
}

/** An iteration of CG on S with one V-cycle a solve (`windows`: in 8 windows), and what every further cycle adds. */
export interface CycleCosts {
  readonly iteration: LaneCosts;
  readonly windows: CostCurve;
  readonly nextCycle: LaneCosts;
}

/** With multigrid: solves to rounding in `reduced` and outside of the iteration, V-cycles in the preconditioner. */
export interface MultigridCosts {
  /** Grids and Galerkin operators, a point. */
  readonly setUp: CostCurve;
  readonly reduced: MethodCosts;
  readonly schurRest: CostCurve;
  readonly double: CycleCosts;
  readonly single: CycleCosts;
}

/** Costs on the grid in 1, 2 or 3 dimensions. */
export interface GridCosts {
  readonly cholesky: CholeskyCosts;
  /** Not in 1-D. */
  readonly multigrid?: MultigridCosts;
}

/** FGMRES on the KKT matrix with two levels in 8 subdomains: what an iteration takes more than one of CG on S, and what each basis vector adds to it. */
export interface FullSpaceCosts {
  readonly iteration: CostCurve;
  readonly column: CostCurve;
}

/** CG on S in frequencies: an iteration, and the transforms of a whole solve for each doubling of the number of steps. */
export interface FrequencyCosts {
  readonly iteration: CostCurve;
  readonly transforms: CostCurve;
}

/** What solves cost on one machine, one thread; an entry is one of the N·n entries of a series of states. */
export interface SolveCosts {
  readonly machine: string;
  readonly date: string;
  /** Seconds that any solve takes: building, and first calls before the engine has compiled them. */
  readonly start: number;
  /** One axis of a sine transform with n + 1 = 2ᵏ. */
  readonly fastTransform: CostCurve;
  /** One axis of a sine transform for other n: an entry and point of the axis. */
  readonly denseTransform: CostCurve;
  /** The whole direct solve in 2-D with n + 1 = 2ᵏ. */
  readonly direct: CostCurve;
  /** In the basis of sine modes, transforms in 2-D with n + 1 = 2ᵏ. */
  readonly modes: SolverCosts;
  /** In 2-D with Cholesky. */
  readonly fullSpace: FullSpaceCosts;
  readonly frequencies: FrequencyCosts;
  /** In 1, 2 and 3 dimensions. */
  readonly grids: readonly [GridCosts, GridCosts, GridCosts];
}

/** The cost at a number of points; beyond the ends the curve goes on as it begins and ends. */
export function costAt(curve: CostCurve, points: number): number {
  if (curve.length === 1) return curve[0][1];
  const found = curve.findIndex(([node]) => points <= node);
  const right = Math.max(1, found < 0 ? curve.length - 1 : found);
  const [[x0, y0], [x1, y1]] = [curve[right - 1], curve[right]];
  const slope = Math.log(y1 / y0) / Math.log(x1 / x0);
  return y0 * (points / x0) ** slope;
}

/** The cost an entry when P subdomains are stored in blocks of 8, 4, 2 and 1 lanes: a + b/K for K lanes. */
export function costInLanes({ one, eight }: LaneCosts, points: number, subdomains: number): number {
  const [alone, together] = [costAt(one, points), costAt(eight, points)];
  const perBlock = (alone - together) * (8 / 7);
  const blocks = Math.floor(subdomains / 8) + (subdomains % 8).toString(2).replace(/0/g, "").length;
  return alone - perBlock + (perBlock * blocks) / subdomains;
}
