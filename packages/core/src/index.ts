// errors
export { InvalidArgumentError, NonFiniteError, requireArgument, requireName, type MistakeReport } from "./errors.js";

// linalg
export type { LinearOperator } from "./linalg/linear-operator.js";
export { heapArena, type Arena } from "./linalg/arena.js";
export { axpy, scale, subtract, xpay } from "./linalg/vector-kernels.js";
export { gather, gatherAdd, scatter, scatterAdd } from "./linalg/strided.js";
export { seededRandom, type SeededRandom } from "./linalg/seeded-random.js";
export { createVector, euclideanSpace, norm, type VectorSpace } from "./linalg/vector-space.js";
export { csrFromTriplets, csrMatrix, type CsrArrays, type CsrMatrix, type Triplets } from "./linalg/csr-matrix.js";
export { csrIdentity, csrKronecker, csrProduct, csrTranspose } from "./linalg/csr-algebra.js";
export { cosineFrequency, cosineTransform, denseCosineTransform, firstCosineRow, type CosineTransform } from "./linalg/cosine-transform.js";
export { nestedDissection } from "./linalg/nested-dissection.js";
export { symbolicCholesky, type SymbolicCholesky } from "./linalg/symbolic-cholesky.js";
export { choleskyFactor, type CholeskyFactor } from "./linalg/sparse-cholesky.js";

// krylov
export type { FusedConjugateGradients } from "./krylov/fused-conjugate-gradients.js";
export type { DirectionMove, Preconditioner, PreconditionerHalves } from "./krylov/preconditioner.js";
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
export type { KeptState, SolveState, StateValues } from "./krylov/solve-state.js";
export { ritzValues, type ProjectedOperator, type RitzValues } from "./krylov/projected-operator.js";
export { hessenbergEigenvalues, type ComplexNumber } from "./linalg/hessenberg-eigenvalues.js";
export { defaultStoppingCriteria } from "./krylov/stopping-criteria.js";
export { cg } from "./krylov/cg.js";
export { minres } from "./krylov/minres.js";
export { gmres, type RestartOptions } from "./krylov/gmres.js";
export { fgmres } from "./krylov/fgmres.js";

// parallel
export type { Communicator, NeighbourExchange } from "./parallel/communicator.js";
export { serialCommunicator } from "./parallel/serial-communicator.js";
export { rankOrderSum } from "./parallel/rank-order-sum.js";
export { sharedDecision, type SharedDecision } from "./parallel/shared-decision.js";
export { countingCommunicator, type CommunicationEngine } from "./parallel/counting-communicator.js";
export { subtreeStack, type SubtreeStack } from "./parallel/subtree-stack.js";
export { binaryTreeSum, type BinaryTreeSum } from "./parallel/binary-tree-sum.js";

// time
export type { TimeStep } from "./time/time-step.js";
export { timeGrid, uniformTimeGrid, type TimeGrid } from "./time/time-grid.js";

export { timePartition, type StepRange, type TimePartition } from "./time/time-partition.js";
export { coarseSlices, timeSlices, type TimeSlices } from "./time/time-slices.js";

// integrators
export type { TimeIntegrator } from "./integrators/time-integrator.js";
export { backwardEuler, type BackwardEulerOptions } from "./integrators/backward-euler.js";
export { checkTimeIntegrator, type IntegratorCheck, type IntegratorCheckOptions } from "./integrators/integrator-checks.js";
export { countingIntegrator, type SolveCounter } from "./integrators/counting-integrator.js";
export type { Sweep, SweepEnds, SweepLane, SweepRow } from "./integrators/sweep.js";
export { genericSweep } from "./integrators/generic-sweep.js";
export { isPipelined, pipelinedSweep, type LaneContinuation, type PipelineParts } from "./integrators/pipelined-sweep.js";
export { sweepOver, type SweepIngredients } from "./integrators/sweep-over.js";
export { shiftsOf, sweepFactors, type SweepFactors } from "./integrators/lane-sweep.js";
export type { LaneIntegrator, OnLanes } from "./integrators/lane-integrator.js";
export type { Block, Lanes, SolveChain } from "@parakkt/kernels";
export { rowBuffer } from "./space-time/lane-neighbours.js";
export { laneProductSum, type LaneProductSum } from "./space-time/lane-product-sum.js";

// space
export type { ShiftedSolve, SpatialSolver } from "./space/spatial-solver.js";
export { boxGrid, type BoxGrid, type BoxSpecification, type PointFunction } from "./space/box-grid.js";
export type { SpatialOperator } from "./space/spatial-operator.js";
export { diffusionOperator } from "./space/diffusion-operator.js";
export { nodalDiffusivity, type Diffusivity } from "./space/diffusivity.js";
export { diffusivityProfile, type DiffusivityProfile } from "./space/diffusivity-profile.js";
export { laplacianEigenvalues, sineTransform, type SineTransform } from "./space/sine-transform.js";
export { diagonalOperator, diagonalSolver } from "./space/diagonal-operator.js";
export { fastDiagonalizationSolver } from "./space/fast-diagonalization.js";
export { choleskySolver, type CholeskySolver } from "./space/cholesky-solver.js";
export { multigridSolver, type MultigridOptions } from "./space/multigrid-solver.js";

// space-time
export { spaceTimeLayout, type LaneGroup, type RankPlace, type SpaceTimeLayout } from "./space-time/space-time-layout.js";
export { readStep, writeStep, zeroSpaceTimeVector, type SpaceTimeVector } from "./space-time/space-time-vector.js";
export { spaceTimeSpace } from "./space-time/space-time-space.js";
export { spaceTimeHalo, type HaloWidth, type SpaceTimeHalo } from "./space-time/space-time-halo.js";
export {
  spaceTimeDiscretization,
  type SpaceTimeDiscretization,
  type SpaceTimeIngredients,
} from "./space-time/space-time-discretization.js";
export { timeTransform, type TimeTransform } from "./space-time/time-transform.js";
export { rankInvariantStateSum, stateSumMessage, type StateSum, type StateSumOptions } from "./space-time/rank-invariant-state-sum.js";
export type { StepWeights } from "./space-time/step-weights.js";

// problem
export {
  heatProblem,
  type HeatProblem,
  type HeatProblemSpecification,
  type SpaceField,
  type SpaceTimeField,
} from "./problem/heat-problem.js";
export { sineBasisProblem, type SineBasisProblem } from "./problem/sine-basis-problem.js";
export type { OptimalControlProblem } from "./problem/optimal-control-problem.js";

// kkt
export { kktFields, kktSpace, type KktFields } from "./kkt/kkt-vector.js";
export { kktSystem, type KktSystem } from "./kkt/kkt-system.js";
export type { MatchingPreconditioner } from "./kkt/fused-matching.js";
export { schurComplement } from "./kkt/schur-complement.js";
export { reducedHessian } from "./kkt/reduced-hessian.js";
export { timeIntegration, wholeIntervalSweep } from "./kkt/time-integration.js";
export { FORGOTTEN_BY_SUBDOMAINS, subdomainIntegration, type IntervalIntegration } from "./kkt/subdomain-integration.js";
export { kktRightHandSide } from "./kkt/kkt-right-hand-side.js";
export { certify, type KktCandidate } from "./kkt/certificate.js";
export type { Certificate, ObjectiveValue } from "./kkt/certificate-sums.js";
export { laneCertificate, type JudgingLanes } from "./kkt/lane-certificate.js";
export { inSineBasis, sineBasisSolver } from "./kkt/sine-basis-solver.js";
export { solveDirect } from "./kkt/direct.js";
export { certifiedSolver, type CertifiedResult, type CertifiedSolver } from "./kkt/certified-solve.js";
export type { Formulation, FormulationFactory } from "./kkt/formulation.js";
export { fullSpaceFormulation } from "./kkt/full-space-formulation.js";
export { schurFormulation } from "./kkt/schur-formulation.js";
export { requireDiagonalizableTime } from "./kkt/diagonalizable-time.js";
export { frequencySchurComplement } from "./kkt/frequency-schur-complement.js";
export { frequencySchurFormulation } from "./kkt/frequency-schur-formulation.js";
export { reducedFormulation } from "./kkt/reduced-formulation.js";
export {
  optimalControlSolver,
  solveOptimalControl,
  solverParts,
  type OptimalControlSolution,
  type KeptSolverState,
  type OptimalControlSolver,
  type SolverState,
  type SolveCounts,
  type SolveOptions,
} from "./kkt/solve-optimal-control.js";

// verification
export type { VerificationCheck } from "./verification/verification-check.js";
export { verifyDiscretization, verifySolution, type VerificationOptions, type VerifiedSolve } from "./verification/verify-optimal-control.js";
export { verifyOrders, type OrderStudy } from "./verification/observed-orders.js";
export { fieldErrors, manufacturedProblem, type Course, type FieldErrors, type Manufactured, type Shape } from "./verification/manufactured-problem.js";
