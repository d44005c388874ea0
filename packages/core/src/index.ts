// errors
export { InvalidArgumentError, NonFiniteError, requireArgument, type MistakeReport } from "./errors.js";

// linalg
export type { LinearOperator } from "./linalg/linear-operator.js";
export { heapArena, type Arena } from "./linalg/arena.js";
export { createVector, euclideanSpace, norm, type VectorSpace } from "./linalg/vector-space.js";

// krylov
export type { Preconditioner } from "./krylov/preconditioner.js";
export type {
  KrylovCounts,
  KrylovMethod,
  KrylovObserver,
  KrylovProgress,
  KrylovResult,
  KrylovSystem,
  StopReason,
  StoppingCriteria,
} from "./krylov/krylov-method.js";

// time
export type { TimeStep } from "./time/time-step.js";
export { timeGrid, uniformTimeGrid, type TimeGrid } from "./time/time-grid.js";

// integrators
export type { TimeIntegrator } from "./integrators/time-integrator.js";

// space
export type { ShiftedSolve, SpatialSolver } from "./space/spatial-solver.js";
