import {
  inSineBasis,
  optimalControlSolver,
  sineBasisSolver,
  solveDirect,
  verifyDiscretization,
  verifyOrders,
  verifySolution,
  type HeatProblem,
  type OptimalControlSolver,
  type SolveOptions,
  type VerificationCheck,
} from "@parakkt/core";
import { buildProblem, buildSolveOptions, spatialSolverOf } from "../build.js";
import { defaultSubdomains } from "../config/resolve-defaults.js";
import type { IterativeSolverSettings, ResolvedConfig } from "../config/resolved-config.js";
import type { InputData } from "../data/input-data.js";

/** Rounding of a preconditioner whose V-cycles compute in single precision. */
const SINGLE_PRECISION = 1e-4;
/** Relative residual that orders are measured with. */
const ORDER_TOLERANCE = 1e-10;

/** What is verified: the problem, and how it is solved with certain settings. */
export interface VerifiedModel {
  readonly problem: HeatProblem;
  optionsFor(settings: IterativeSolverSettings): SolveOptions;
}

/** The model that `solve` would build. */
export function configuredModel(config: ResolvedConfig, inputs: InputData): VerifiedModel {
  const problem = buildProblem(config, inputs);
  return { problem, optionsFor: (settings) => buildSolveOptions(config, settings, problem, () => undefined) };
}

/** All checks of a config, in groups that are made one after the other; what is made next is said before. */
export function verifyConfig(config: ResolvedConfig, inputs: InputData, says: (what: string) => void): VerificationCheck[] {
  const checks = verifyModel(config, configuredModel(config, inputs), says);
  says("orders in time and space on manufactured solutions");
  return [...checks, ...ordersOf(config, inputs)];
}

/** The checks of operators, preconditioner and solution. */
export function verifyModel(config: ResolvedConfig, model: VerifiedModel, says: (what: string) => void): VerificationCheck[] {
  const { problem } = model;
  const options = model.optionsFor(iterativeSettings(config));
  const basis = config.spatialSolver.kind === "fast-diagonalization" ? inSineBasis(problem, options) : { problem, options };
  const { relativeTolerance } = config.solver;
  const solver = (tolerance: number): Pick<OptimalControlSolver, "solve"> => configuredSolver(config, model, tolerance);
  const single = "precision" in config.spatialSolver && config.spatialSolver.precision === "single";

  says("operators, gradient, Hessian and preconditioner");
  const laws = verifyDiscretization(basis.problem, basis.options, single ? { preconditionerTolerance: SINGLE_PRECISION } : {});
  says("residual and optimality of the solution");
  const solution = verifySolution({ problem, options: withoutPreconditioner(options), solver, relativeTolerance: Math.max(relativeTolerance, Number.EPSILON) });
  return [...laws, ...solution];
}

/** How the operators of a direct solve are looked at: S with conjugate gradients. */
function iterativeSettings({ solver }: ResolvedConfig): IterativeSolverSettings {
  if (solver.formulation !== "direct") return solver;
  return { ...solver, formulation: "schur", method: "cg", maxIterations: 200, restart: 30, stagnationWindow: 50 };
}

function withoutPreconditioner({ formulation, method, decomposition }: SolveOptions): Omit<SolveOptions, "preconditioner"> {
  return { formulation, method, ...(decomposition && { decomposition }) };
}

/** The solver that `solve` would run, with another tolerance. */
function configuredSolver({ solver, spatialSolver }: ResolvedConfig, { problem, optionsFor }: VerifiedModel, relativeTolerance: number): Pick<OptimalControlSolver, "solve"> {
  if (solver.formulation === "direct") return { solve: () => solveDirect(problem, { relativeTolerance }) };
  const options = optionsFor({ ...solver, relativeTolerance });
  return spatialSolver.kind === "fast-diagonalization" ? sineBasisSolver(problem, options) : optimalControlSolver(problem, options);
}

function ordersOf(config: ResolvedConfig, { time, diffusivity }: InputData): VerificationCheck[] {
  const { extent } = config.problem.domain;
  const varies = typeof diffusivity !== "number";
  const size = varies ? diffusivity.reduce((sum, value) => sum + value, 0) / diffusivity.length : diffusivity;
  return verifyOrders({
    extent,
    final: time.time(time.steps),
    diffusivity: { size, varies },
    regularization: config.problem.regularization,
    controlScale: config.problem.controlScale,
    spatialSolver: spatialSolverOf(config),
    solve: (problem) => {
      const fitting = configOn(config, problem);
      return configuredSolver(fitting, { problem, optionsFor: (settings) => buildSolveOptions(fitting, settings, problem, () => undefined) }, ORDER_TOLERANCE).solve();
    },
  });
}

/** The config's method on the grids of another problem: no more subdomains than these have room for. */
function configOn(config: ResolvedConfig, { grid, space }: HeatProblem): ResolvedConfig {
  const { preconditioner } = config;
  const subdomains = "subdomains" in preconditioner ? Math.min(preconditioner.subdomains, Math.max(1, defaultSubdomains(grid.steps))) : 1;
  const overlap = "overlap" in preconditioner ? Math.min(preconditioner.overlap, Math.floor(grid.steps / subdomains)) : 0;
  return {
    ...config,
    problem: { ...config.problem, domain: { extent: space.extent, cells: space.cells }, time: { final: grid.time(grid.steps), steps: grid.steps } },
    preconditioner: "subdomains" in preconditioner ? { ...preconditioner, subdomains, overlap: subdomains === 1 ? 0 : overlap } : preconditioner,
  };
}
