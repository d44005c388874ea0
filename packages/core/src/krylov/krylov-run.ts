import type { CountedSystem, IterationFailure } from "./counted-system.js";
import type { StopReason, StoppingCriteria } from "./krylov-method.js";
import type { ProjectedOperator } from "./projected-operator.js";
import type { KeptState, SolveState } from "./solve-state.js";

/**
 * A Krylov method as the loop sees it. A cycle is `begin`, then `advance` until something ends it, then `conclude`;
 * a norm is the method's own residual norm, and 0 says that its Krylov space is exhausted.
 */
export interface KrylovIteration {
  /** Iterations after which the loop begins a new cycle (Infinity: the recursion is never restarted on purpose). */
  readonly cycleLength: number;
  /** Where the loop writes b − A x before `begin`. */
  residual(): Float64Array;
  /** Keeps the residual in this vector from now on, or again in its own; left out where the residual is a vector among others. */
  keepResidualIn?(vector: Float64Array | undefined): void;
  /** Starts from the residual just written, of positive norm ‖b − A x‖₂ = `residualNorm`. */
  begin(residualNorm: number): number | IterationFailure;
  /** b − A x of the recursion, and a vector that is not needed before the next `advance` (it may be the same); left out where they are not at hand. */
  present?(): { readonly residual: Float64Array; readonly work: Float64Array };
  /** rᵀM⁻¹r of that residual, or about it; left out with `present`. */
  energy?(): number;
  /** Makes x the iterate of that residual and hands out a vector that no later `advance` of a solve in which the residual is kept elsewhere needs; left out where there is none. */
  spare?(x: Float64Array): Float64Array | undefined;
  /** One iteration. A failed one leaves x alone. */
  advance(x: Float64Array): number | IterationFailure;
  /** x ← x + what the cycle has found and not yet added. A failed one leaves x alone. */
  conclude(x: Float64Array): IterationFailure | undefined;
  /** What the next `advance` reads beside x: after any iteration, or at the beginning of a cycle of finite length. */
  readonly state: RecursionState;
  /** The operator on the Krylov spaces so far. */
  readonly record: { reset(): void; longest(): ProjectedOperator };
}

/** The recursion between two iterations as values. */
export interface RecursionState {
  scalars(): readonly number[];
  /** Sets the scalars, and which of the vectors plays which part. */
  restore(scalars: readonly number[]): void;
  vectors(): readonly Float64Array[];
}

/** One solve on its way. */
export interface Run {
  readonly system: CountedSystem;
  readonly iteration: KrylovIteration;
  readonly rhs: Float64Array;
  readonly x: Float64Array;
  readonly criteria: StoppingCriteria;
  /** Whether the residual is kept in rhs. */
  rhsIsLent: boolean;
  readonly norms: number[];
  trueResidualNorm: number;
  threshold: number;
  convergedBy: "relative-tolerance" | "absolute-tolerance";
  /** Own norm of the recomputed residual at the beginning of the cycle. */
  cycleStart: number;
  /** Own norm of the recursion at which the cycle ends, to be verified. */
  settled: number;
  /** Smallest own norm so far, up to 1 %, and the iteration that reached it. */
  best: number;
  bestIteration: number;
  /** The last iteration after which the state was offered, or the one that the solve began with. */
  offered: number;
}

export function newRun(system: CountedSystem, iteration: KrylovIteration, task: Pick<Run, "rhs" | "x" | "criteria">): Run {
  return {
    system,
    iteration,
    ...task,
    norms: [],
    rhsIsLent: false,
    trueResidualNorm: Number.NaN,
    threshold: 0,
    convergedBy: "relative-tolerance",
    cycleStart: 0,
    settled: 0,
    best: 0,
    bestIteration: 0,
    offered: 0,
  };
}

export function completed(run: Run): number {
  return run.norms.length - 1;
}

export function failed(failure: IterationFailure, iteration: number): StopReason {
  return { kind: "failed", ...failure, iteration };
}

/** The run as values; see `RecursionState` for when it is complete. */
export function saveRun(run: Run): SolveState {
  const { system, iteration, x, norms } = run;
  const { operatorApplications, preconditionerApplications, innerProducts, reductions } = system.counts;
  return {
    iteration: completed(run),
    values: {
      norms,
      counts: [operatorApplications, preconditionerApplications, innerProducts, reductions],
      loop: [run.threshold, run.convergedBy === "relative-tolerance" ? 0 : 1, run.cycleStart, run.settled, run.best, run.bestIteration],
      recursion: iteration.state.scalars(),
    },
    vectors: [x, ...iteration.state.vectors()],
  };
}

/** The run goes on where `saveRun` saw it. */
export function restoreRun(run: Run, { values, load }: KeptState): void {
  const { system, iteration, x, norms } = run;
  for (const norm of values["norms"]) norms.push(norm);
  const [operatorApplications, preconditionerApplications, innerProducts, reductions] = values["counts"];
  Object.assign(system.counts, { operatorApplications, preconditionerApplications, innerProducts, reductions });
  const [threshold, absolute, cycleStart, settled, best, bestIteration] = values["loop"];
  Object.assign(run, { threshold, cycleStart, settled, best, bestIteration, offered: completed(run) });
  run.convergedBy = absolute === 0 ? "relative-tolerance" : "absolute-tolerance";
  iteration.state.restore(values["recursion"]);
  [x, ...iteration.state.vectors()].forEach((vector, index) => load(index, vector));
}
