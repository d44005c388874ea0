import type { Communicator, KeptSolverState, KrylovProgress, ProjectedOperator, SolverState, StepRange, StopReason } from "@parakkt/core";
import type { ResolvedConfig } from "./config/resolved-config.js";
import type { InputData } from "./data/input-data.js";

/**
 * The part of the program that computes. Synchronous; every rank runs it in a worker of its own.
 * The hooks may be called on all ranks: only rank 0's progress is shown, and all ranks get the same answer from `shouldStop`.
 */
export type SolveJob = (config: ResolvedConfig, inputs: InputData, hooks: SolveHooks, communicator: Communicator) => SolveOutcome;

/** How a running job writes down where it stands, and goes on from there. */
export interface CheckpointHooks {
  /** Checkpoints are wanted: one is written when the solve is stopped, too. */
  readonly asked: boolean;
  /** Where the solve is to go on. */
  readonly resume?: KeptSolverState;
  /** Asked after each iteration that the solve could be resumed from, on all ranks with the same answer. */
  due(iteration: number): boolean;
  write(state: SolverState): void;
}

/** How a running job is watched and ended. */
export interface SolveHooks {
  /** Told once before the first iteration (iteration 0) and after each one. */
  progress(progress: KrylovProgress): void;
  /** Asked after each iteration; anything but `undefined` ends the job with that reason. Also the time limit is judged here. */
  shouldStop(): "observer" | "time-limit" | undefined;
  readonly checkpoints?: CheckpointHooks;
}

/** out ← values of time step n = `step`, one of this rank's; interior points, x fastest. */
export type StepField = (step: number, out: Float64Array) => void;

/** The (last finite) iterate on this rank's time steps. */
export interface SolutionFields {
  /** The first and the last one. */
  readonly steps: StepRange;
  readonly state: StepField;
  readonly control: StepField;
  readonly adjoint: StepField;
}

/** (OBJ.1) with the factor of the mesh width put back. */
export interface Objective {
  readonly total: number;
  readonly tracking: number;
  readonly control: number;
}

/** How often the expensive operations were done. */
export interface SolveCounts {
  readonly spatialSolves: number;
  readonly operatorApplications: number;
  readonly preconditionerApplications: number;
  readonly innerProducts: number;
  /** Of all ranks together, as are bytes. */
  readonly messages: number;
  readonly bytes: number;
}

/** What a job hands back. Whether it converged is a value, never an exception. */
export interface SolveOutcome {
  readonly reason: StopReason;
  readonly iterations: number;
  /** The method's own residual norms of iterations 0 … `iterations`. */
  readonly residualNorms: readonly number[];
  /** relKKT, recomputed from the fields (KKT.2). */
  readonly relativeResidual: number;
  /** What rounding alone makes of it (FLOOR.1), where it kept the tolerance from being met. */
  readonly roundingFloor?: number | undefined;
  readonly objective: Objective;
  readonly counts: SolveCounts;
  /** The preconditioned operator on the largest Krylov space. */
  readonly projection?: ProjectedOperator;
  /** Seconds: set-up and factorisation; the iteration or the direct solve. */
  readonly timings: { readonly setup: number; readonly solve: number };
  readonly fields: SolutionFields;
}
