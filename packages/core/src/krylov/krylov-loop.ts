import { requireArgument } from "../errors.js";
import { subtract } from "../linalg/vector-kernels.js";
import type { CountedSystem, IterationFailure } from "./counted-system.js";
import type { KrylovMethod, KrylovResult, StopReason, StoppingCriteria } from "./krylov-method.js";
import { completeCriteria } from "./stopping-criteria.js";

/**
 * A Krylov method as the loop sees it. A cycle is `begin`, then `advance` until something ends it, then `conclude`;
 * a norm is the method's own residual norm, and 0 says that its Krylov space is exhausted.
 */
export interface KrylovIteration {
  /** Iterations after which the loop begins a new cycle (Infinity: the recursion is never restarted on purpose). */
  readonly cycleLength: number;
  /** Where the loop writes b − A x before `begin`. */
  residual(): Float64Array;
  /** Starts from the residual just written, of positive norm ‖b − A x‖₂ = `residualNorm`. */
  begin(residualNorm: number): number | IterationFailure;
  /** b − A x of the recursion, and a vector that is not needed before the next `advance` (it may be the same); left out where they are not at hand. */
  present?(): { readonly residual: Float64Array; readonly work: Float64Array };
  /** One iteration. A failed one leaves x alone. */
  advance(x: Float64Array): number | IterationFailure;
  /** x ← x + what the cycle has found and not yet added. A failed one leaves x alone. */
  conclude(x: Float64Array): IterationFailure | undefined;
}

/** A recursion that has shrunk the residual by a machine precision since the cycle began only reports its own rounding. */
const MEANINGFUL_REDUCTION = Number.EPSILON;
/** After a replacement a few iterations tell whether it helps: enough to see that the residual has not been halved. */
const PROBING_REDUCTION = 1 / 8;

interface Run {
  readonly system: CountedSystem;
  readonly iteration: KrylovIteration;
  readonly rhs: Float64Array;
  readonly x: Float64Array;
  readonly criteria: StoppingCriteria;
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
}

/** A method made of its iteration and the shared loop. `storage`: doubles held after set-up, basis columns apart. */
export function krylovMethod(system: CountedSystem, storage: number, iteration: KrylovIteration): KrylovMethod {
  const { name, size } = system;
  let disposed = false;
  return {
    name,
    storage,
    solve(rhs, x, given = {}) {
      requireUsable(name, disposed);
      requireVectors(name, size, { rhs, x });
      return solveWith(system, iteration, { rhs, x, criteria: completeCriteria(given, name) });
    },
    dispose() {
      disposed = true;
      system.dispose();
    },
  };
}

function solveWith(system: CountedSystem, iteration: KrylovIteration, task: Pick<Run, "rhs" | "x" | "criteria">): KrylovResult {
  system.reset();
  const run = newRun(system, iteration, task);
  let reason = open(run);
  while (reason === undefined) reason = verify(run, runCycle(run));
  if (reason.kind === "failed" && reason.by === "non-finite") system.clear();
  const { norms, trueResidualNorm } = run;
  return { reason, iterations: norms.length - 1, residualNorms: norms, trueResidualNorm, counts: { ...system.counts } };
}

/** Measures the initial residual, fixes the threshold and asks the observer for the first time. */
function open(run: Run): StopReason | undefined {
  const norm = measure(run);
  if (typeof norm !== "number") {
    run.norms.push(Number.NaN);
    return failed(norm, 0);
  }
  const { relativeTolerance, absoluteTolerance } = run.criteria;
  const relative = relativeTolerance * norm;
  run.threshold = Math.max(relative, absoluteTolerance);
  run.convergedBy = relative > absoluteTolerance ? "relative-tolerance" : "absolute-tolerance";
  run.norms.push(norm);
  beginCycle(run, norm, MEANINGFUL_REDUCTION);
  run.best = norm;
  const stop = stopRequest(run);
  return norm <= run.threshold ? { kind: "converged", by: run.convergedBy } : stop;
}

/** One cycle. `undefined`: it converged by its own recursion, or is to be restarted; the recomputed residual decides. */
function runCycle(run: Run): StopReason | undefined {
  const reason = advanceCycle(run);
  const failure = run.iteration.conclude(run.x);
  return reason?.kind === "failed" || failure === undefined ? reason : failed(failure, completed(run));
}

/** Advances until the recursion says converged, a cycle is full or a reason to stop turns up. */
function advanceCycle(run: Run): StopReason | undefined {
  for (let step = 0; step < run.iteration.cycleLength; step++) {
    const norm = run.iteration.advance(run.x);
    if (typeof norm !== "number") return failed(norm, completed(run) + 1);
    run.norms.push(norm);
    const stop = stopRequest(run);
    if (stop !== undefined || norm <= run.settled) return stop;
    if (isAccepted(run, norm)) return { kind: "converged", by: run.convergedBy };
  }
  return undefined;
}

function isAccepted({ iteration, criteria }: Run, residualNorm: number): boolean {
  if (!criteria.accept || !iteration.present) return false;
  return criteria.accept({ residualNorm, present: iteration.present });
}

/**
 * Judges x by its recomputed residual; `undefined`: begin the next cycle from it (residual replacement [vanderVorst2000]).
 *
 * A recursion that promised less than half of what it kept, in a cycle that has not even halved the residual, is down to
 * the rounding of b − A x: this is the attainable accuracy [Greenbaum1997]. A cycle after drift is kept short to find that out.
 */
function verify(run: Run, reason: StopReason | undefined): StopReason | undefined {
  if (reason?.kind === "failed") {
    run.trueResidualNorm = recomputeResidual(run);
    return reason;
  }
  if (reason?.kind === "converged") {
    run.trueResidualNorm = Number.NaN;
    return reason;
  }
  const kept = measure(run);
  if (typeof kept !== "number") return failed(kept, completed(run));
  const promised = run.norms[completed(run)];
  if (kept <= (promised <= run.threshold ? 2 : 1) * run.threshold) return { kind: "converged", by: run.convergedBy };
  if (reason !== undefined) return reason;
  const drifted = kept > 2 * Math.max(promised, run.threshold);
  if (drifted && kept > run.cycleStart / 2) return { kind: "stopped", by: "attainable-accuracy" };
  if (drifted) rememberBest(run, kept);
  beginCycle(run, kept, drifted ? PROBING_REDUCTION : MEANINGFUL_REDUCTION);
  return undefined;
}

function beginCycle(run: Run, norm: number, reduction: number): void {
  run.cycleStart = norm;
  run.settled = Math.max(run.threshold, reduction * norm);
}

/** Own norm of the recomputed residual; the iteration stands ready to advance from it. */
function measure(run: Run): number | IterationFailure {
  const residualNorm = recomputeResidual(run);
  run.trueResidualNorm = residualNorm;
  if (residualNorm === 0) return 0;
  return Number.isFinite(residualNorm) ? run.iteration.begin(residualNorm) : nonFiniteResidual(run);
}

/** r ← b − A x; returns ‖r‖₂. */
function recomputeResidual({ system, iteration, rhs, x, norms, criteria }: Run): number {
  const residual = iteration.residual();
  if (norms.length === 0 && criteria.zeroInitialGuess) {
    residual.set(rhs);
  } else {
    system.apply(x, residual);
    subtract(rhs, residual, residual);
  }
  return system.norm(residual);
}

function nonFiniteResidual({ system, rhs, x }: Run): IterationFailure {
  if (!Number.isFinite(system.norm(rhs))) return system.nonFinite("right-hand side", "‖b‖");
  if (!Number.isFinite(system.norm(x))) return system.nonFinite("initial guess", "‖x‖");
  return system.nonFinite("operator", "A x");
}

/** What the observer, the iteration limit or the stagnation test have to say after an iteration. */
function stopRequest(run: Run): StopReason | undefined {
  const { norms, criteria } = run;
  const iteration = completed(run);
  const residualNorm = norms[iteration];
  const by = criteria.observer?.({ iteration, residualNorm, initialResidualNorm: norms[0] });
  if (by !== undefined) return { kind: "stopped", by };
  if (iteration >= criteria.maxIterations) return { kind: "stopped", by: "max-iterations" };
  if (residualNorm < 0.99 * run.best) rememberBest(run, residualNorm);
  const waited = iteration - run.bestIteration;
  if (waited < criteria.stagnationWindow) return undefined;
  const evidence = `residual norm ${residualNorm.toExponential(2)}, not 1 % below ${run.best.toExponential(2)} for ${waited} iterations`;
  return failed({ by: "stagnation", evidence }, iteration);
}

function rememberBest(run: Run, norm: number): void {
  run.best = norm;
  run.bestIteration = completed(run);
}

function completed(run: Run): number {
  return run.norms.length - 1;
}

function failed(failure: IterationFailure, iteration: number): StopReason {
  return { kind: "failed", ...failure, iteration };
}

function newRun(system: CountedSystem, iteration: KrylovIteration, task: Pick<Run, "rhs" | "x" | "criteria">): Run {
  return {
    system,
    iteration,
    ...task,
    norms: [],
    trueResidualNorm: Number.NaN,
    threshold: 0,
    convergedBy: "relative-tolerance",
    cycleStart: 0,
    settled: 0,
    best: 0,
    bestIteration: 0,
  };
}

function requireUsable(name: string, disposed: boolean): void {
  requireArgument(!disposed, () => ({
    what: "solve after dispose",
    where: name,
    expected: "a live method",
    got: "a disposed one",
    hint: "Create a new method instead of using a disposed one.",
  }));
}

function requireVectors(name: string, size: number, { rhs, x }: Pick<Run, "rhs" | "x">): void {
  requireArgument(rhs.length === size && x.length === size, () => ({
    what: "length of rhs and x",
    where: name,
    expected: `${size}, the size of the vector space`,
    got: `${rhs.length} and ${x.length}`,
  }));
  requireArgument(rhs !== x, () => ({ what: "rhs and x", where: name, expected: "two different vectors", got: "the same one" }));
}
