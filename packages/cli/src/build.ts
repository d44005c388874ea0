import {
  backwardEuler,
  cg,
  choleskySolver,
  fastDiagonalizationSolver,
  fgmres,
  frequencySchurFormulation,
  fullSpaceFormulation,
  gmres,
  heatProblem,
  minres,
  multigridSolver,
  reducedFormulation,
  schurFormulation,
  type FormulationFactory,
  type HeatProblem,
  type KrylovMethod,
  type KrylovObserver,
  type KrylovSystem,
  type Preconditioner,
  type SolveOptions,
  type SpaceTimeDiscretization,
  type SpatialOperator,
  type SpatialSolver,
  type StoppingCriteria,
  type TimeIntegrator,
} from "@parakkt/core";
import { frequencyBlocks, kktBlockDiagonal, kktBlockElimination, matching, multilevel, oneLevel, overlappingMatching, timeDiagonalization, twoLevel, type FrequencyShifts, type MatchingFactorKind } from "@parakkt/precond";
import { defaultSubdomains } from "./config/resolve-defaults.js";
import { stepCount } from "./config/resolved-config.js";
import type { IterativeSolverSettings, LocalSolve, PreconditionerSettings, ResolvedConfig, SpatialSolverSettings } from "./config/resolved-config.js";
import type { InputData, SpaceTimeField } from "./data/input-data.js";

/** The discrete problem of a config. */
export function buildProblem(config: ResolvedConfig, inputs: InputData): HeatProblem {
  const { controlScale, regularization } = config.problem;
  const { grid, time, diffusivity, initialState, source, target } = inputs;
  const fieldOf = (field: SpaceTimeField) => ({ at: ({ index }: { index: number }, out: Float64Array) => field.fill(index, out) });
  const problem = heatProblem({
    space: grid,
    time,
    diffusivity,
    initialState,
    target: fieldOf(target),
    regularization,
    controlScale,
    spatialSolver: spatialSolverOf(config),
    ...(!source.zero && { source: fieldOf(source) }),
  });
  return { ...problem, integrator: asMatched(problem.integrator, config) };
}

/** The matching takes the classical reaction for an integrator that does not say how fast it decays (RAT.1). */
function asMatched(integrator: TimeIntegrator, { preconditioner }: ResolvedConfig): TimeIntegrator {
  const classical = preconditioner.kind !== "none" && preconditioner.reaction === "classical";
  return classical ? { ...integrator, slowestDecay: 0 } : integrator;
}

/** Formulation, Krylov method and preconditioner of a config: the only place where names become constructors. */
export function buildSolveOptions(config: ResolvedConfig, settings: IterativeSolverSettings, problem: HeatProblem, observer: KrylovObserver): SolveOptions {
  const { preconditioner, spatialSolver } = config;
  const schurInverse = schurPreconditioner(preconditioner, settings, spatialSolver);
  return {
    formulation: formulationOf(settings, preconditioner),
    method: krylovMethod(settings),
    criteria: stoppingCriteria(settings, observer),
    decomposition: decompositionOf(config),
    ...(settings.method === "cg" && { series: CG_SERIES }),
    ...(schurInverse && { preconditioner: settings.formulation === "full-space" ? kktPreconditioner(settings, schurInverse) : schurInverse }),
    ...inexactSweeps(config, problem),
  };
}

/** State series of conjugate gradients on S or H with any preconditioner. */
const CG_SERIES = 10;

/** Makes the spatial solver of integrations. */
export function spatialSolverOf({ spatialSolver }: ResolvedConfig): (operator: SpatialOperator) => SpatialSolver {
  return exactSolvers[spatialSolver.kind];
}

const exactSolvers: Record<SpatialSolverSettings["kind"], (operator: SpatialOperator) => SpatialSolver> = {
  "fast-diagonalization": fastDiagonalizationSolver,
  cholesky: choleskySolver,
  multigrid: (operator) => (factorsFast(operator) ? choleskySolver(operator) : multigridSolver(operator)),
};

/** Up to here a factor of the one shift that exact integrations need is smaller and faster than multigrid to rounding. */
function factorsFast({ grid: { points } }: SpatialOperator): boolean {
  return points.length === 2 ? Math.max(...points) <= 255 : points.reduce((product, count) => product * count, 1) <= 32 ** 3;
}

const formulations: Record<IterativeSolverSettings["formulation"], FormulationFactory> = {
  "full-space": fullSpaceFormulation,
  schur: schurFormulation,
  reduced: reducedFormulation,
};

/** With diagonalization in time, S is iterated on in frequencies, so that no iteration transforms. */
function formulationOf({ formulation }: IterativeSolverSettings, { kind }: PreconditionerSettings): FormulationFactory {
  return kind === "time-diagonalization" && formulation === "schur" ? frequencySchurFormulation : formulations[formulation];
}

/** Frequencies need no subdomains; they lie side by side in lanes as steps would. */
function decompositionOf({ preconditioner, problem }: ResolvedConfig): { subdomains: number; overlap: number } {
  if ("subdomains" in preconditioner) return preconditioner;
  return { subdomains: preconditioner.kind === "time-diagonalization" ? defaultSubdomains(stepCount(problem.time)) : 1, overlap: 0 };
}

/** A cycle is never longer than the iterations that are allowed. */
function krylovMethod({ method, maxIterations, ...settings }: IterativeSolverSettings): (system: KrylovSystem) => KrylovMethod {
  const restart = Math.min(settings.restart, maxIterations);
  const methods = { cg, minres, gmres: (system: KrylovSystem) => gmres(system, { restart }), fgmres: (system: KrylovSystem) => fgmres(system, { restart }) };
  return methods[method];
}

function stoppingCriteria(settings: IterativeSolverSettings, observer: KrylovObserver): StoppingCriteria {
  const { relativeTolerance, absoluteTolerance, maxIterations, stagnationWindow } = settings;
  return { relativeTolerance, absoluteTolerance, maxIterations, stagnationWindow, observer };
}

type SchurInverse = (discretization: SpaceTimeDiscretization) => Preconditioner;

/** S⁻¹ approximately, or `undefined` for none. */
function schurPreconditioner(settings: PreconditionerSettings, { formulation }: IterativeSolverSettings, spatialSolver: SpatialSolverSettings): SchurInverse | undefined {
  switch (settings.kind) {
    case "none":
      return undefined;
    case "matching":
      return (discretization) => matching(discretization, matchingFactor(settings.local, spatialSolver));
    case "overlapping-matching":
      return (discretization) => overlappingMatching(discretization, windowFactor(settings.local));
    case "one-level":
      return (discretization) => oneLevel(discretization, { combination: settings.combination, factor: matchingFactor(settings.local, spatialSolver) });
    case "two-level":
    case "multilevel": {
      const decomposition = settings.kind === "two-level" ? twoLevel : multilevel;
      const options = { combination: settings.combination, factor: matchingFactor(settings.local, spatialSolver), ...settings.coarse };
      return (discretization) => decomposition(discretization, options);
    }
    case "time-diagonalization": {
      const inverse = formulation === "schur" ? frequencyBlocks : timeDiagonalization;
      return (discretization) => inverse(discretization, frequencyShifts(settings.local, spatialSolver));
    }
  }
}

function frequencyShifts(local: LocalSolve, { kind }: SpatialSolverSettings): FrequencyShifts {
  return local === "tapered" && kind === "cholesky" ? "shared" : "exact";
}

/** Dyadic where each new shift costs a factorisation. */
function matchingFactor(local: LocalSolve, { kind }: SpatialSolverSettings): MatchingFactorKind {
  if (local === "matching") return "classical";
  return local === "tapered" && kind === "cholesky" ? "dyadic" : "exact";
}

/** One shift for all windows wherever it is not asked for otherwise: they are swept side by side with it. */
function windowFactor(local: LocalSolve): MatchingFactorKind {
  if (local === "matching") return "classical";
  return local === "tapered" ? "stationary" : "exact";
}

function kktPreconditioner({ method }: IterativeSolverSettings, schurInverse: SchurInverse): SchurInverse {
  const around = method === "minres" ? kktBlockDiagonal : kktBlockElimination;
  return (discretization) => around(discretization, schurInverse(discretization));
}

/** With multigrid the preconditioner's sweeps take a fixed number of V-cycles a step, with Cholesky factors in single precision if asked for. */
function inexactSweeps(config: ResolvedConfig, { operator }: HeatProblem): Pick<SolveOptions, "sweepIntegrator"> {
  const solver = sweepSolver(config.spatialSolver, operator);
  if (solver === undefined) return {};
  return { sweepIntegrator: asMatched(backwardEuler({ operator, solver, controlScale: config.problem.controlScale }), config) };
}

function sweepSolver(settings: SpatialSolverSettings, operator: SpatialOperator): SpatialSolver | undefined {
  if (settings.kind === "cholesky") return settings.precision && choleskySolver(operator, { precision: settings.precision });
  return settings.kind === "multigrid" ? multigridSolver(operator, { cycles: settings.cycles, precision: settings.precision }) : undefined;
}
