import { optimalControlSolver, readStep, sineBasisSolver, solveDirect, type OptimalControlSolution, type SpaceTimeVector } from "@parakkt/core";
import { buildProblem, buildSolveOptions } from "./build.js";
import type { SolveHooks, SolveJob, SolveOutcome, StepField } from "./solve-job.js";

/** Builds problem, preconditioner and solver from the config and solves. */
export const solveJob: SolveJob = (config, inputs, hooks, communicator) => {
  const started = performance.now();
  const problem = buildProblem(config, inputs);
  const { solver } = config;
  if (solver.formulation === "direct") {
    const solution = solveDirect(problem, solver);
    return outcomeOf(solution, { setup: 0, solve: secondsSince(started) });
  }
  const createSolver = config.spatialSolver.kind === "fast-diagonalization" ? sineBasisSolver : optimalControlSolver;
  const prepared = createSolver(problem, { ...buildSolveOptions(config, solver, problem, observer(hooks)), communicator });
  const setup = secondsSince(started);
  const iterating = performance.now();
  return outcomeOf(prepared.solve(), { setup, solve: secondsSince(iterating) });
};

function observer({ progress, shouldStop }: SolveHooks) {
  return (state: Parameters<SolveHooks["progress"]>[0]): ReturnType<SolveHooks["shouldStop"]> => {
    progress(state);
    return shouldStop();
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

function outcomeOf(solution: OptimalControlSolution, timings: SolveOutcome["timings"]): SolveOutcome {
  const { reason, iterations, residualNorms, relativeResidual, objective } = solution;
  const { spatialSolves, operatorApplications, preconditionerApplications, innerProducts, messages, bytes } = solution.counts;
  const counts = { spatialSolves, operatorApplications, preconditionerApplications, innerProducts, messages, bytes };
  const fields = { state: stepField(solution.state), control: stepField(solution.control), adjoint: stepField(solution.adjoint) };
  return { reason, iterations, residualNorms, relativeResidual, objective, counts, timings, fields };
}

function stepField(vector: SpaceTimeVector): StepField {
  return (step, out) => readStep(vector, step, out);
}
