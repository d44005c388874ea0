import type { CompleteFacts } from "./plan-facts.js";
import { distinctShifts } from "./solve-candidates.js";
import type { SolveChoice } from "./solve-choice.js";
import { costAt, costInLanes, type CostCurve, type CycleCosts, type GridCosts, type LaneCosts, type SolveCosts, type SolverCosts } from "./solve-costs.js";

/** Predicted seconds of the parts of a solve. */
export interface PredictedTime {
  readonly setUp: number;
  /** One iteration. */
  readonly iteration: number;
  /** Right-hand side, recovery of u, z and λ, transforms, data and certificate. */
  readonly rest: number;
}

/** (COST.1): each part is a measured cost an entry times the entries of a series of states. */
export function predictedTime(choice: SolveChoice, facts: CompleteFacts, { costs, iterations }: { costs: SolveCosts; iterations: number }): PredictedTime {
  const { setUp, iteration, rest } = choice.spatialSolver.kind === "fast-diagonalization" ? onModes(choice, facts, costs) : onGrid(choice, facts, costs);
  const seconds = 1e-9 * facts.unknowns;
  const excess = choice.formulation === "full-space" ? fullSpaceExcess(costs, facts.size, iterations) : 0;
  return { setUp: costs.start + setUp, iteration: seconds * (iteration + excess), rest: seconds * rest };
}

/** Sine transforms of a series of states. */
const TRANSFORMS = { direct: 3, reduced: 8, schur: 6, "full-space": 9 } as const;

/** Nanoseconds an entry in the basis of sine modes. */
function onModes(choice: SolveChoice, facts: CompleteFacts, costs: SolveCosts): PredictedTime {
  const whole = (rest: number): number => withTransforms(rest, choice, { facts, costs });
  if (choice.formulation === "direct") return { setUp: 0, iteration: 0, rest: whole(costAt(costs.direct, facts.size)) };
  const { iteration, rest } = methodCost(choice, facts, methodCurves(choice, facts, costs));
  return { setUp: 0, iteration, rest: whole(rest) };
}

/** All axes: by FFT where n + 1 is a power of two. */
function transformCost({ points, size }: CompleteFacts, { fastTransform, denseTransform }: SolveCosts): number {
  const onAxis = (count: number): number => (Number.isInteger(Math.log2(count + 1)) ? costAt(fastTransform, size) : count * costAt(denseTransform, count));
  return points.reduce((sum, count) => sum + onAxis(count), 0);
}

function onGrid(choice: SolveChoice, facts: CompleteFacts, costs: SolveCosts): PredictedTime {
  return { setUp: setUpSeconds(choice, facts, costs), ...methodCost(choice, facts, methodCurves(choice, facts, costs)) };
}

/** Cholesky: analysis once, one factor a shift. */
export function setUpSeconds({ spatialSolver, preconditioner }: SolveChoice, facts: CompleteFacts, { grids }: SolveCosts): number {
  if (spatialSolver.kind === "fast-diagonalization") return 0;
  const { cholesky, multigrid } = grids[facts.points.length - 1];
  if (spatialSolver.kind === "multigrid" && multigrid !== undefined) return 1e-9 * facts.size * costAt(multigrid.setUp, facts.size);
  const perPoint = costAt(cholesky.analysis, facts.size) + distinctShifts(facts, preconditioner) * costAt(cholesky.factor, facts.size);
  return 1e-9 * facts.size * perPoint;
}

/**
 * A measured rest, nanoseconds an entry, with the sine transforms of these axes in place of the two fast ones that it was measured with. Where its curve is
 * extended to a few points these can come out dearer than the whole: nothing is left of it then.
 */
export function withTransforms(rest: number, { formulation, spatialSolver }: SolveChoice, { facts, costs }: { facts: CompleteFacts; costs: SolveCosts }): number {
  if (spatialSolver.kind !== "fast-diagonalization") return rest;
  const transforms = TRANSFORMS[formulation];
  return Math.max(0, rest - transforms * 2 * costAt(costs.fastTransform, facts.size)) + transforms * transformCost(facts, costs);
}

/** The measured curves of a way of solving. */
export function methodCurves(choice: SolveChoice, { points }: CompleteFacts, { modes, grids }: SolveCosts): MethodCurves {
  return choice.spatialSolver.kind === "fast-diagonalization" ? exactCosts(modes) : gridCosts(choice, grids[points.length - 1]);
}

/** The curves of a method, all cycles together. */
export interface MethodCurves {
  readonly reduced: { readonly iteration: CostCurve; readonly rest: CostCurve };
  readonly schur: { readonly iteration: readonly (readonly [times: number, costs: LaneCosts])[]; readonly rest: CostCurve };
  /** As `schur.iteration` where it is windows that lie side by side in lanes. */
  readonly windows: readonly (readonly [times: number, costs: LaneCosts])[];
}

function exactCosts({ reduced, schur }: SolverCosts): MethodCurves {
  return { reduced, schur: { iteration: [[1, schur.iteration]], rest: schur.rest }, windows: [[1, { one: schur.iteration.one, eight: schur.windows }]] };
}

function gridCosts({ spatialSolver }: SolveChoice, { cholesky, multigrid }: GridCosts): MethodCurves {
  const { cycles = 1, precision = "double" } = spatialSolver;
  if (spatialSolver.kind === "cholesky" || multigrid === undefined) {
    const curves = exactCosts(cholesky);
    return precision === "double" ? curves : { ...curves, windows: [[1, { one: cholesky.schur.iteration.one, eight: cholesky.singleWindows }]] };
  }
  const { iteration, nextCycle, windows }: CycleCosts = multigrid[precision];
  const further = [cycles - 1, nextCycle] as const;
  return {
    reduced: multigrid.reduced,
    schur: { iteration: [[1, iteration], further], rest: multigrid.schurRest },
    windows: [[1, { one: iteration.one, eight: windows }], further],
  };
}

/** Times that the KKT residual of a candidate is measured before it is known to be small enough, each by one time integration: half an iteration of `reduced`. */
export const MEASURED_CANDIDATES = 1;
/** Basis vectors of (F)GMRES before it restarts. */
const RESTART = 30;

/** Nanoseconds an entry that a full-space iteration takes more than one on S, on the average over so many: K and the block elimination, and the orthogonalisation against the basis so far. */
export function fullSpaceExcess({ fullSpace }: SolveCosts, size: number, iterations: number): number {
  const columns = (Math.min(Math.max(1, iterations), RESTART) + 1) / 2;
  return costAt(fullSpace.iteration, size) + columns * costAt(fullSpace.column, size);
}

/** Iteration and rest, nanoseconds an entry; in full space the iteration is that on S. */
function methodCost({ formulation, preconditioner }: SolveChoice, { size, steps }: CompleteFacts, { reduced, schur, windows }: MethodCurves) {
  const integration = costAt(reduced.iteration, size) / 2;
  if (formulation === "reduced") return { iteration: 2 * integration, rest: costAt(reduced.rest, size) };
  const { kind, subdomains = 1, overlap = 0 } = preconditioner;
  const inWindows = kind === "overlapping-matching";
  const extended = subdomains === 1 ? 1 : 1 + (inWindows ? overlap * (subdomains - 1) : 2 * subdomains) / steps;
  const coarse = subdomains === 1 || inWindows || kind === "one-level" ? 0 : 2 * (subdomains / steps) * integration;
  const sweeps = (inWindows ? windows : schur.iteration).reduce((sum, [times, costs]) => sum + times * costInLanes(costs, size, subdomains), 0);
  const measured = formulation === "full-space" ? 0 : MEASURED_CANDIDATES * integration;
  return { iteration: extended * sweeps + coarse, rest: costAt(schur.rest, size) + measured };
}
