import { requireArgument } from "../errors.js";
import type { CountedSystem, IterationFailure } from "./counted-system.js";
import type { KrylovMethod, KrylovResult, StopReason } from "./krylov-method.js";
import { completed, failed, newRun, restoreRun, saveRun, type KrylovIteration, type Run } from "./krylov-run.js";
import type { KeptState } from "./solve-state.js";
import { completeCriteria } from "./stopping-criteria.js";

/** A recursion that has shrunk the residual by a machine precision since the cycle began only reports its own rounding. */
const MEANINGFUL_REDUCTION = Number.EPSILON;
/** After a replacement a few iterations tell whether it helps: enough to see that the residual has not been halved. */
const PROBING_REDUCTION = 1 / 8;

/** A method made of its iteration and the shared loop. `storage`: doubles held after set-up, basis columns apart. */
export function krylovMethod(system: CountedSystem, storage: number, iteration: KrylovIteration): KrylovMethod {
  const { name, size } = system;
  let disposed = false;
  let run: Run | undefined;
  let kept: KeptState | undefined;
  return {
    name,
    storage,
    solve(rhs, x, given = {}) {
      requireUsable(name, disposed);
      requireVectors(name, size, { rhs, x });
      system.reset();
      run = newRun(system, iteration, { rhs, x, criteria: completeCriteria(given, name) });
      const from = kept;
      kept = undefined;
      return solveWith(run, from);
    },
    save() {
      requireRunning(name, run);
      return saveRun(run);
    },
    restore(state) {
      kept = state;
    },
    dispose() {
      disposed = true;
      system.dispose();
    },
  };
}

/** From the initial guess in x, or from a kept state of an earlier solve of the same system. */
function solveWith(run: Run, from: KeptState | undefined): KrylovResult {
  const { system, iteration, norms } = run;
  iteration.record.reset();
  iteration.keepResidualIn?.(undefined);
  let reason = from === undefined ? open(run) : resume(run, from);
  while (reason === undefined) reason = verify(run, runCycle(run));
  const projection = iteration.record.longest();
  if (reason.kind === "failed" && reason.by === "non-finite") system.clear();
  const { trueResidualNorm } = run;
  return { reason, iterations: norms.length - 1, residualNorms: norms, trueResidualNorm, projection, counts: { ...system.counts } };
}

/** The rest of the cycle that the state was kept in. */
function resume(run: Run, from: KeptState): StopReason | undefined {
  restoreRun(run, from);
  if (run.iteration.cycleLength < Infinity) return undefined;
  const verdict = judgeIterate(run, run.norms[completed(run)]);
  return verdict === undefined ? undefined : verify(run, concluded(run, verdict));
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
  return concluded(run, advanceCycle(run));
}

function concluded(run: Run, verdict: Verdict | undefined): StopReason | undefined {
  const reason = verdict === "settled" ? undefined : verdict;
  const failure = run.iteration.conclude(run.x);
  return reason?.kind === "failed" || failure === undefined ? reason : failed(failure, completed(run));
}

/** Why a cycle ends: by its own recursion, or for good. */
type Verdict = StopReason | "settled";

/** Advances until the recursion says converged, a cycle is full or a reason to stop turns up. */
function advanceCycle(run: Run): Verdict | undefined {
  const { cycleLength } = run.iteration;
  if (cycleLength < Infinity) offerState(run);
  for (let step = 0; step < cycleLength; step++) {
    const norm = run.iteration.advance(run.x);
    if (typeof norm !== "number") return failed(norm, completed(run) + 1);
    run.norms.push(norm);
    if (cycleLength === Infinity) offerState(run);
    const verdict = judgeIterate(run, norm);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function offerState(run: Run): void {
  if (run.offered === completed(run)) return;
  run.offered = completed(run);
  run.criteria.checkpoint?.(run.offered);
}

function judgeIterate(run: Run, norm: number): Verdict | undefined {
  const stop = stopRequest(run);
  if (stop !== undefined) return stop;
  if (norm <= run.settled) return "settled";
  return isAccepted(run, norm) ? { kind: "converged", by: run.convergedBy } : undefined;
}

function isAccepted({ iteration, criteria, norms, x }: Run, residualNorm: number): boolean {
  if (!criteria.accept || !iteration.present || !iteration.energy) return false;
  return criteria.accept({ residualNorm, initialResidualNorm: norms[0], energy: iteration.energy(), present: iteration.present, spare: () => iteration.spare?.(x) });
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
function recomputeResidual(run: Run): number {
  const { system, iteration, rhs, x, norms, criteria } = run;
  const fromZero = norms.length === 0 && criteria.zeroInitialGuess === true;
  lendRhs(run, fromZero);
  const residual = iteration.residual();
  if (!fromZero) system.residual(rhs, x, residual);
  else if (residual !== rhs) residual.set(rhs);
  return system.norm(residual);
}

/** The residual of a zero initial guess is b itself and may stay where it lies, if it can be had again: a vector less to pass through and to keep. */
function lendRhs(run: Run, fromZero: boolean): void {
  const { iteration, rhs, criteria } = run;
  if (!iteration.keepResidualIn || !criteria.restoreRhs) return;
  if (run.rhsIsLent) criteria.restoreRhs();
  run.rhsIsLent = fromZero;
  iteration.keepResidualIn(fromZero ? rhs : undefined);
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

function requireRunning(name: string, run: Run | undefined): asserts run is Run {
  requireArgument(run !== undefined, () => ({ what: "save", where: name, expected: "a call while the method solves", got: "one before the first solve" }));
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
