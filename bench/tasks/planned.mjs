import {
  backwardEuler,
  cg,
  choleskySolver,
  fastDiagonalizationSolver,
  multigridSolver,
  optimalControlSolver,
  reducedFormulation,
  schurFormulation,
  sineBasisSolver,
  solveDirect,
} from "@parakkt/core";
import { matching, overlappingMatching, twoLevel } from "@parakkt/precond";
import { plannedProblem } from "../planner-problems.mjs";

const spatialSolvers = { "fast-diagonalization": fastDiagonalizationSolver, cholesky: choleskySolver, multigrid: (operator) => multigridSolver(operator) };
const criteria = { relativeTolerance: 1e-8, maxIterations: 2000 };

/**
 * One alternative of a plan in a fresh process, as the command line runs it. Metrics: `wholeCpu`, `wholeWall` of everything but the start of the process.
 * A solve that takes longer than `limitSeconds` is stopped there; its figures are lower bounds then, and `details.reason` is `time-limit`.
 */
export function run({ problem: size, choice, limitSeconds, predicted }) {
  const started = { cpu: cpuSeconds(), wall: performance.now() };
  const problem = plannedProblem(size, spatialSolvers[choice.spatialSolver.kind]);
  const solution = choice.formulation === "direct" ? solveDirect(problem, criteria) : solverOf(problem, choice, limitSeconds).solve();
  const metrics = { wholeCpu: cpuSeconds() - started.cpu, wholeWall: (performance.now() - started.wall) / 1e3 };
  const { reason, iterations, relativeResidual } = solution;
  if (reason.kind === "failed") throw new Error(`${choice.formulation} says ${JSON.stringify(reason)}`);
  return { metrics, details: { ...size, ...choice, predicted, iterations, relativeResidual, reason: reason.by } };
}

function solverOf(problem, { formulation, preconditioner, spatialSolver }, limitSeconds) {
  const deadline = cpuSeconds() + limitSeconds;
  const observer = () => (cpuSeconds() > deadline ? "time-limit" : undefined);
  const factor = spatialSolver.kind === "cholesky" ? "dyadic" : "exact";
  const { kind, subdomains = 1, overlap = subdomains === 1 ? 0 : 1 } = preconditioner;
  const made = {
    matching: (discretization) => matching(discretization, factor),
    "overlapping-matching": (discretization) => overlappingMatching(discretization, "stationary"),
    "two-level": (discretization) => twoLevel(discretization, { combination: "additive", factor }),
  };
  const schur = { formulation: schurFormulation, preconditioner: made[kind], decomposition: { subdomains, overlap } };
  const create = spatialSolver.kind === "fast-diagonalization" ? sineBasisSolver : optimalControlSolver;
  const method = formulation === "reduced" ? { formulation: reducedFormulation } : schur;
  return create(problem, { method: cg, criteria: { ...criteria, observer }, ...method, ...inexactSweeps(problem, spatialSolver) });
}

function inexactSweeps({ operator }, { kind, cycles, precision }) {
  if (kind === "cholesky" && precision === "single") return { sweepIntegrator: backwardEuler({ operator, solver: choleskySolver(operator, { precision }) }) };
  return cycles === undefined ? {} : { sweepIntegrator: backwardEuler({ operator, solver: multigridSolver(operator, { cycles, precision }) }) };
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
