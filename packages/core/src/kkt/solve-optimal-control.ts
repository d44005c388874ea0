import { kernels as fastestKernels, type Kernels } from "@parakkt/kernels";
import { requireArgument } from "../errors.js";
import { countingIntegrator, type SolveCounter } from "../integrators/counting-integrator.js";
import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { KrylovMethod, KrylovSystem, StopReason, StoppingCriteria } from "../krylov/krylov-method.js";
import type { Preconditioner } from "../krylov/preconditioner.js";
import { heapArena, type Arena } from "../linalg/arena.js";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { Communicator } from "../parallel/communicator.js";
import { checkProblem, type OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { spaceTimeDiscretization, type SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeLayout } from "../space-time/space-time-layout.js";
import type { ProjectedOperator } from "../krylov/projected-operator.js";
import type { SolveState, StateValues } from "../krylov/solve-state.js";
import { computedVector, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { timePartition } from "../time/time-partition.js";
import { certifiedSolver, type CertifiedSolver } from "./certified-solve.js";
import type { Formulation, FormulationFactory } from "./formulation.js";
import { laneCertificate } from "./lane-certificate.js";
import { certify, type KktCandidate } from "./certificate.js";
import type { Certificate, ObjectiveValue } from "./certificate-sums.js";
import { stepwiseData } from "./stepwise-data.js";

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
  /** Owner of the vectors of a solver without kernels: with it the plain code is run, one state at a time. */
  readonly arena?: Arena;
  /** Series of states that the vectors of the solve take up at most, default 24: whether they fit one memory of kernels. Conjugate gradients on S or H need fewer than 10. */
  readonly series?: number;
  /** The kernels to run on; by default the fastest ones for the size, where the integrator comes on lanes. */
  readonly kernels?: Kernels;
}

/** What was counted during the solve, all levels together. */
export interface SolveCounts {
  readonly spatialSolves: number;
  readonly operatorApplications: number;
  readonly preconditionerApplications: number;
  readonly innerProducts: number;
  /** All-reduces: inner products that travel together count once. */
  readonly reductions: number;
  /** Sent by this rank. */
  readonly messages: number;
  readonly bytes: number;
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
  /** What rounding alone makes of (KKT.2) (FLOOR.1), where it kept the tolerance from being met. */
  readonly roundingFloor?: number | undefined;
  readonly counts: SolveCounts;
  /** The preconditioned operator on the largest Krylov space: `ritzValues` estimates its spectrum. Empty for a direct solve. */
  readonly projection: ProjectedOperator;
}

/** Where a running solve stands: numbers, and time series that are written and read step by step, on any number of ranks. */
export interface SolverState extends Omit<SolveState, "vectors"> {
  /** The live series: to be copied before the solve goes on. */
  readonly series: readonly SpaceTimeVector[];
}

/** A `SolverState` that was kept. */
export interface KeptSolverState {
  readonly values: StateValues;
  /** series ← series `index` of the state, the steps that are held here */
  load(index: number, series: SpaceTimeVector): void;
}

/** A solver set up for one problem: everything is allocated, factorised and evaluated. */
export interface OptimalControlSolver {
  /** Solves from a zero initial guess. The vectors of the solution are the solver's own: the next solve overwrites them. */
  solve(): OptimalControlSolution;
  /** Where the running solve stands; to be called from `criteria.checkpoint` only. */
  save(): SolverState;
  /** The next `solve` goes on from a kept state of a solver for the same problem and options: the same bits as without the break. */
  restore(state: KeptSolverState): void;
  /** Doubles held by the solver's arena, basis columns of (F)GMRES included once they were used. */
  readonly storage: number;
  dispose(): void;
}

/**
 * Sets up a solver; `solve` allocates nothing of the size of a time series but basis columns of (F)GMRES, once, on first use.
 *
 * Storage on one rank, with S and Z the doubles of a state and a control series, method and preconditioner and a few states apart:
 * `schur` 2S (without lanes 4S + Z) · `reduced` 2S + Z (without lanes 3S + 2Z) · `full-space` 11S + 6Z, and one vector of the formulation when a solve takes a second round.
 * Where the integrator comes on lanes, all vectors live in the memory of the kernels.
 * Throws `InvalidArgumentError` for a malformed problem; `solve` throws `NonFiniteError` for bad data.
 */
export function optimalControlSolver(problem: OptimalControlProblem, options: SolveOptions): OptimalControlSolver {
  return solverWithCertificate(problem, options, (discretization) => {
    const { lanes, communicator } = discretization;
    return lanes ? laneCertificate(problem, lanes, discretization) : (candidate) => certify(problem, candidate, communicator);
  });
}

/** Makes the judge of a solver's candidates. */
export type CertificateFactory = (discretization: SpaceTimeDiscretization) => (candidate: KktCandidate) => Certificate;

/** The same, judged by the given certificate. */
export function solverWithCertificate(
  problem: OptimalControlProblem,
  options: SolveOptions,
  certificate: CertificateFactory,
): OptimalControlSolver {
  const parts = solverParts(problem, options);
  const { discretization, formulation, preconditioner, counter, arena } = parts;
  const { communicator } = discretization;
  const { operator, space } = formulation;
  const fused = preconditioner && formulation.fuse?.(preconditioner);
  const { residual, scratch } = formulation;
  const method = options.method({ operator, space, arena, ...(preconditioner && { preconditioner }), ...(fused && { fused }), ...(residual && { residual }), ...(scratch && { scratch }) });
  const certified = certifiedSolver(formulation, method, certificate(discretization), arena);

  const solve = (): OptimalControlSolution => {
    counter.spatialSolves = 0;
    const before = { messages: communicator.messages, bytes: communicator.bytes };
    const { counts, ...result } = certified.solve(options.criteria);
    const { state, control, adjoint } = formulation.candidate;
    return {
      state,
      control: control.read ? computedVector(control.layout, control.read) : control,
      adjoint,
      target: targetOf(problem, discretization.stateLayout),
      ...result,
      counts: { ...counts, ...counter, messages: communicator.messages - before.messages, bytes: communicator.bytes - before.bytes },
    };
  };
  return {
    solve,
    ...stateOfSolve(certified, parts),
    get storage() {
      return arena.allocatedDoubles;
    },
    dispose() {
      method.dispose();
      arena.dispose();
    },
  };
}

/** What a solver is made of. */
export interface SolverParts {
  readonly discretization: SpaceTimeDiscretization;
  readonly formulation: Formulation;
  /** That of the formulation's operator. */
  readonly preconditioner: Preconditioner | undefined;
  readonly counter: SolveCounter;
  /** Owner of all vectors. */
  readonly arena: Arena;
}

/** Discretization, formulation and preconditioner as the options have them. Throws `InvalidArgumentError` for a malformed problem. */
export function solverParts(problem: OptimalControlProblem, options: SolveOptions): SolverParts {
  checkProblem(problem);
  checkFactories(options);
  const counter = { spatialSolves: 0 };
  const { discretization, kernels } = countedDiscretization(problem, options, counter);
  const sweeps = options.sweepIntegrator ? countingIntegrator(options.sweepIntegrator, counter) : undefined;
  const inexact = sweeps && { integrator: sweeps, lanes: kernels && sweeps.lanes?.(kernels) };
  const formulation = options.formulation({ ...discretization, inexact }, problem);
  const unscaled = options.preconditioner?.({ ...discretization, ...inexact });
  const preconditioner = unscaled && (formulation.precondition?.(unscaled) ?? unscaled);
  return { discretization, formulation, preconditioner, counter, arena: discretization.arena };
}

/** Names are for configs: `schurFormulation`, not "schur". */
function checkFactories({ formulation, method, preconditioner }: SolveOptions): void {
  for (const [what, factory] of Object.entries({ formulation, method, ...(preconditioner && { preconditioner }) })) {
    requireArgument(typeof factory === "function", () => ({
      what,
      where: "optimalControlSolver",
      expected: "a function that makes it, such as schurFormulation, cg or (discretization) => twoLevel(discretization, …)",
      got: typeof factory === "string" ? `"${factory}"` : typeof factory,
    }));
  }
}

/** The state of a solve as time series, and the spatial solves of all ranks with it, which rank 0 goes on counting from. */
function stateOfSolve(certified: CertifiedSolver, { formulation: { series }, discretization, counter }: SolverParts): Pick<OptimalControlSolver, "save" | "restore"> {
  const { communicator } = discretization;
  return {
    save() {
      const { vectors, values, iteration } = certified.save();
      const solves = Float64Array.of(counter.spatialSolves);
      communicator.allReduce(solves);
      return { iteration, values: { ...values, solves: [...solves] }, series: vectors.flatMap(series) };
    },
    restore({ values, load }) {
      const loadVector = (index: number, out: Float64Array): void => {
        const parts = series(out);
        parts.forEach((part, k) => load(index * parts.length + k, part));
        // Nothing is solved between the last vector and the next iteration, and what came before was counted already.
        counter.spatialSolves = communicator.rank === 0 ? values["solves"][0] : 0;
      };
      certified.restore({ values, load: loadVector });
    },
  };
}

/** ũ, evaluated step by step whenever it is read. */
export function targetOf(problem: OptimalControlProblem, layout: SpaceTimeLayout): SpaceTimeVector {
  const data = stepwiseData(problem);
  return computedVector(layout, (n, out) => data.target(problem.grid.step(n), out));
}

/** On lanes where the problem's integrator (and that of the sweeps) can be had on them. */
function countedDiscretization(problem: OptimalControlProblem, options: SolveOptions, counter: SolveCounter) {
  const { subdomains, overlap } = options.decomposition ?? { subdomains: 1, overlap: 0 };
  const integrator = countingIntegrator(problem.integrator, counter);
  const kernels = kernelsFor(problem, options);
  const lanes = kernels && integrator.lanes?.(kernels);
  const discretization = spaceTimeDiscretization({
    integrator,
    lanes,
    partition: timePartition(problem.grid, subdomains, overlap),
    regularization: problem.regularization,
    communicator: options.communicator ?? serialCommunicator(),
    arena: kernels ?? options.arena ?? heapArena(),
  });
  return { discretization, kernels };
}

/** Room in the kernels' memory for so many series of states. */
const SERIES = 24;

/** The fastest kernels for one rank's share of N states; the same ones on all ranks. */
export function kernelsOfRank(steps: number, stateSize: number, { communicator = serialCommunicator(), series = SERIES }: Pick<SolveOptions, "communicator" | "series">): Kernels {
  return fastestKernels(series * Math.ceil(steps / communicator.size) * stateSize);
}

/** The kernels to run on: given, or the fastest ones; none where an integrator does not come on lanes. */
function kernelsFor({ integrator, grid }: OptimalControlProblem, options: SolveOptions): Kernels | undefined {
  const onLanes = integrator.lanes && (options.sweepIntegrator ?? integrator).lanes;
  if (!onLanes || options.arena) return undefined;
  return options.kernels ?? kernelsOfRank(grid.steps, integrator.stateSize, options);
}

/** Sets up a solver and solves. */
export function solveOptimalControl(problem: OptimalControlProblem, options: SolveOptions): OptimalControlSolution {
  return optimalControlSolver(problem, options).solve();
}
