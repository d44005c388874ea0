import {
  optimalControlSolver,
  readStep,
  sineBasisSolver,
  solveDirect,
  type KrylovObserver,
  type OptimalControlSolution,
  type OptimalControlSolver,
  type SolverState,
  type SpaceTimeVector,
} from "@parakkt/core";
import { buildProblem, buildSolveOptions } from "./build.js";
import type { SolveHooks, SolveJob, SolveOutcome, StepField } from "./solve-job.js";

/** Builds problem, preconditioner and solver from the config and solves. */
export const solveJob: SolveJob = (config, inputs, hooks, communicator) => {
  const started = performance.now();
  const problem = buildProblem(config, inputs);
  const { solver } = config;
  if (solver.formulation === "direct") {
    const solution = solveDirect(problem, solver, communicator);
    return outcomeOf(solution, { setup: 0, solve: secondsSince(started) });
  }
  const createSolver = config.spatialSolver.kind === "fast-diagonalization" ? sineBasisSolver : optimalControlSolver;
  const watch = watchSolve(hooks, solver.maxIterations, () => prepared.save());
  const options = buildSolveOptions(config, solver, problem, watch.observer);
  const prepared: OptimalControlSolver = createSolver(problem, { ...options, criteria: { ...options.criteria, checkpoint: watch.checkpoint }, communicator });
  if (hooks.checkpoints?.resume) prepared.restore(hooks.checkpoints.resume);
  const setup = secondsSince(started);
  const iterating = performance.now();
  return outcomeOf(prepared.solve(), { setup, solve: secondsSince(iterating) });
};

/** Progress, the wish to stop and checkpoints: when they are due, and where the iteration is stopped from outside. */
function watchSolve({ progress, shouldStop, checkpoints }: SolveHooks, maxIterations: number, save: () => SolverState): { observer: KrylovObserver; checkpoint(iteration: number): void } {
  let [offered, written] = [-1, -1];
  const write = (iteration: number): void => {
    written = iteration;
    checkpoints?.write(save());
  };
  return {
    checkpoint(iteration) {
      offered = iteration;
      if (checkpoints?.due(iteration)) write(iteration);
    },
    observer(state) {
      progress(state);
      const stop = shouldStop();
      const ends = stop !== undefined || state.iteration >= maxIterations;
      if (ends && checkpoints?.asked && offered === state.iteration && offered !== written) write(offered);
      return stop;
    },
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

function outcomeOf(solution: OptimalControlSolution, timings: SolveOutcome["timings"]): SolveOutcome {
  const { reason, iterations, residualNorms, relativeResidual, roundingFloor, objective, projection } = solution;
  const { spatialSolves, operatorApplications, preconditionerApplications, innerProducts, messages, bytes } = solution.counts;
  const counts = { spatialSolves, operatorApplications, preconditionerApplications, innerProducts, messages, bytes };
  const fields = { steps: solution.state.layout.steps, state: stepField(solution.state), control: stepField(solution.control), adjoint: stepField(solution.adjoint) };
  return { reason, iterations, residualNorms, relativeResidual, roundingFloor, objective, counts, projection, timings, fields };
}

function stepField(vector: SpaceTimeVector): StepField {
  return (step, out) => readStep(vector, step, out);
}
