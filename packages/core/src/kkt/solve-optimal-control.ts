import { countingIntegrator, type SolveCounter } from "../integrators/counting-integrator.js";
import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { KrylovMethod, KrylovSystem, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
import type { Preconditioner } from "../krylov/preconditioner.js";
import { heapArena, type Arena } from "../linalg/arena.js";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { Communicator } from "../parallel/communicator.js";
import { checkProblem, type OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { spaceTimeDiscretization, type SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeVector } from "../space-time/space-time-vector.js";
import { timePartition } from "../time/time-partition.js";
import { certifiedSolver } from "./certified-solve.js";
import type { FormulationFactory } from "./formulation.js";
import { kktSystem } from "./kkt-system.js";
import { kktFields } from "./kkt-vector.js";
import { objectiveValue, type ObjectiveValue } from "./objective.js";
import { kktRightHandSide, problemData } from "./problem-data.js";

/** How to solve: a formulation, a Krylov method for it, and a preconditioner for the method. */
export interface SolveOptions {
  readonly formulation: FormulationFactory;
  readonly method: (system: KrylovSystem) => KrylovMethod;
  /** Built on the finest discretization: an approximation of S⁻¹ (`schur`) or of K⁻¹ (`full-space`). */
  readonly preconditioner?: (discretization: SpaceTimeDiscretization) => Preconditioner;
  /** Used by the preconditioner's sweeps in place of the problem's integrator: the same scheme with inexact spatial solves. */
  readonly sweepIntegrator?: TimeIntegrator;
  /** Missing ones default to `defaultStoppingCriteria`. */
  readonly criteria?: Partial<StoppingCriteria>;
  /** P and δ, default 1 and 0: what the preconditioner decomposes, and the storage order. */
  readonly decomposition?: { readonly subdomains: number; readonly overlap: number };
  readonly communicator?: Communicator;
  readonly arena?: Arena;
}

/** What was counted during the solve, all levels together. */
export interface SolveCounts {
  readonly spatialSolves: number;
  readonly operatorApplications: number;
  readonly preconditionerApplications: number;
  readonly innerProducts: number;
  /** All-reduces: inner products that travel together count once. */
  readonly reductions: number;
  readonly messages: number;
}

/** The optimal state, control and adjoint with the evidence for them. */
export interface OptimalControlSolution {
  readonly state: SpaceTimeVector;
  readonly control: SpaceTimeVector;
  readonly adjoint: SpaceTimeVector;
  readonly target: SpaceTimeVector;
  readonly reason: StopReason;
  readonly iterations: number;
  readonly residualNorms: readonly number[];
  /** (KKT.2), recomputed from the solution with the plain operators. */
  readonly relativeResidual: number;
  readonly objective: ObjectiveValue;
  readonly counts: SolveCounts;
}

/** A solver set up for one problem: everything is allocated, factorised and evaluated. */
export interface OptimalControlSolver {
  /** Solves from a zero initial guess. The vectors of the solution are the solver's own: the next solve overwrites them. */
  solve(): OptimalControlSolution;
  /** Doubles held by the solver's arena, basis columns of (F)GMRES included once they were used. */
  readonly storage: number;
  dispose(): void;
}

/**
 * Sets up a solver; `solve` allocates nothing but its residual history (and basis columns of (F)GMRES, once, on first use).
 *
 * Storage on one rank, with S and Z the doubles of a state and a control series, d and e those of one step, method and
 * preconditioner apart: 11S + 5Z + 6d + e, and
 * `schur` 6S + 2Z + 4d · `full-space` 8S + 4Z · `reduced` 2S + 3Z + 12d for the formulation.
 * Throws `InvalidArgumentError` for a malformed problem and `NonFiniteError` for bad data.
 */
export function optimalControlSolver(problem: OptimalControlProblem, options: SolveOptions): OptimalControlSolver {
  checkProblem(problem);
  const arena = options.arena ?? heapArena();
  const counter = { spatialSolves: 0 };
  const discretization = countedDiscretization(problem, options, { arena, counter });
  const system = kktSystem(discretization);
  const data = problemData(problem, discretization);
  const formulation = options.formulation(discretization, system);
  const kktRhs = arena.allocate(system.rows);
  kktRightHandSide(discretization, data, kktRhs);
  const sweepIntegrator = options.sweepIntegrator ? countingIntegrator(options.sweepIntegrator, counter) : discretization.integrator;
  const unscaled = options.preconditioner?.({ ...discretization, integrator: sweepIntegrator });
  const preconditioner = unscaled && (formulation.precondition?.(unscaled) ?? unscaled);
  const method = options.method({ operator: formulation.operator, space: formulation.space, arena, ...(preconditioner && { preconditioner }) });
  const certified = certifiedSolver(formulation, method, system, arena);
  const kkt = arena.allocate(system.rows);
  const evaluateObjective = objectiveValue(discretization);
  const { stateLayout, controlLayout, communicator } = discretization;

  const solve = (): OptimalControlSolution => {
    counter.spatialSolves = 0;
    const messagesBefore = communicator.messages;
    const { counts, ...result } = certified.solve(kktRhs, kkt, options.criteria);
    const { state, control, adjoint } = kktFields(discretization, kkt);
    return {
      state: { layout: stateLayout, data: state },
      control: { layout: controlLayout, data: control },
      adjoint: { layout: stateLayout, data: adjoint },
      target: { layout: stateLayout, data: data.target },
      ...result,
      objective: evaluateObjective({ state, control }, { target: data.target, cellVolume: problem.cellVolume ?? 1 }),
      counts: { ...counts, ...counter, messages: communicator.messages - messagesBefore },
    };
  };
  return {
    solve,
    get storage() {
      return arena.allocatedDoubles;
    },
    dispose() {
      method.dispose();
      arena.dispose();
    },
  };
}

function countedDiscretization(problem: OptimalControlProblem, options: SolveOptions, made: { arena: Arena; counter: SolveCounter }): SpaceTimeDiscretization {
  const { subdomains, overlap } = options.decomposition ?? { subdomains: 1, overlap: 0 };
  return spaceTimeDiscretization({
    integrator: countingIntegrator(problem.integrator, made.counter),
    partition: timePartition(problem.grid, subdomains, overlap),
    regularization: problem.regularization,
    communicator: options.communicator ?? serialCommunicator(),
    arena: made.arena,
  });
}

/** Sets up a solver and solves. */
export function solveOptimalControl(problem: OptimalControlProblem, options: SolveOptions): OptimalControlSolution {
  return optimalControlSolver(problem, options).solve();
}
