import { writeSync } from "node:fs";
import type { SolveJob, SolveOutcome, StepField } from "@parakkt/cli";

const [ITERATING, SETTING_UP, WRITING] = [0, 1, 2];

/**
 * Stands in for the numerics: state = target, control = 2, adjoint = step + index/10; each iteration has one reduction. Parameters of the
 * config choose what happens: `iterations`, `delay` (milliseconds each), `fails`, `throws`, `exhausts` memory, and in the second
 * iteration of rank `culprit`: `throwsThere`, `exitsThere`, `killsThere`, `stallsThere`, `computesThere` (for that many seconds); with `phase: 1` in the set-up in place
 * of it, with `phase: 2` when it writes the last step of the last field.
 */
export const solveJob: SolveJob = (config, inputs, hooks, communicator): SolveOutcome => {
  const { iterations = 3, delay = 0, fails = 0, throws = 0, exhausts = 0 } = config.problem.parameters;
  if (throws > 0) throw new TypeError("a deliberate mistake");
  if (exhausts > 0) exhaustMemory();
  const misbehaveIn = (phase: number): void => {
    const { culprit, phase: chosen = 0 } = config.problem.parameters;
    if (communicator.rank !== culprit || phase !== chosen) return;
    if (phase !== ITERATING) writeSync(2, phase === SETTING_UP ? "setting up\n" : "writing\n");
    misbehave(config.problem.parameters);
  };
  misbehaveIn(SETTING_UP);
  const residualNorms = [1];
  let reason: SolveOutcome["reason"] = { kind: "converged", by: "relative-tolerance" };
  for (let iteration = 0; iteration <= iterations; iteration++) {
    if (iteration > 0) residualNorms.push(10 ** (-2 * iteration));
    if (iteration === 2) misbehaveIn(ITERATING);
    communicator.allGather(Float64Array.of(iteration), new Float64Array(communicator.size));
    hooks.progress({ iteration, residualNorm: residualNorms.at(-1)!, initialResidualNorm: 1 });
    const stop = hooks.shouldStop();
    if (stop !== undefined) {
      reason = { kind: "stopped", by: stop };
      break;
    }
    if (iteration === 0 && delay > 0) writeSync(2, "iterating\n");
    wait(delay);
  }
  if (fails > 0) reason = { kind: "failed", by: "breakdown", iteration: 2, evidence: "a deliberate breakdown" };
  const adjoint: StepField = (step, out) => {
    if (step === inputs.time.steps) misbehaveIn(WRITING);
    out.forEach((_, i) => (out[i] = step + i / 10));
  };
  return {
    reason,
    iterations: residualNorms.length - 1,
    residualNorms,
    relativeResidual: residualNorms.at(-1)!,
    objective: { total: 3, tracking: 1, control: 2 },
    counts: { spatialSolves: 12, operatorApplications: 4, preconditionerApplications: 3, innerProducts: 9, messages: 0, bytes: 0 },
    timings: { setup: 0.01, solve: 0.02 },
    fields: { steps: { first: 1, last: inputs.time.steps }, state: (step, out) => inputs.target.fill(step, out), control: (_step, out) => out.fill(2), adjoint },
  };
};

function misbehave({ throwsThere, exitsThere, killsThere, stallsThere, computesThere = 0 }: Readonly<Record<string, number>>): void {
  if (throwsThere) throw new TypeError("a deliberate mistake");
  if (exitsThere) process.exit();
  if (killsThere) process.kill(process.pid, "SIGKILL");
  if (stallsThere) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  for (const end = performance.now() + 1000 * computesThere; performance.now() < end; );
}

function wait(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function exhaustMemory(): void {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(1e6).fill(Math.PI));
}
