import { NonFiniteError } from "../errors.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { TimeStep } from "../time/time-step.js";

/** The data of a problem, evaluated one step at a time whenever they are asked for, so that nobody needs to hold them. */
export interface StepwiseData {
  /** Whether bₙ is zero for n > 1. */
  readonly sources: "first" | "all";
  /** out ← ũₙ */
  target(step: TimeStep, out: Float64Array): void;
  /** out ← bₙ = fₙ, and at the first step f₁ + R₁u₀ */
  source(step: TimeStep, out: Float64Array): void;
}

/** Throws `NonFiniteError` at the first bad value. */
export function stepwiseData(problem: OptimalControlProblem): StepwiseData {
  return {
    sources: problem.forcing ? "all" : "first",
    target(step, out) {
      problem.target(step, out);
      requireFinite("target", step, out);
    },
    source(step, out) {
      out.fill(0);
      problem.forcing?.(step, out);
      if (step.index === 1) addInitialState(problem, step, out);
      if (problem.forcing || step.index === 1) requireFinite("forcing", step, out);
    },
  };
}

/** out ← out + R₁u₀ */
function addInitialState({ integrator, initialState }: OptimalControlProblem, step: TimeStep, out: Float64Array): void {
  const transported = new Float64Array(out.length);
  integrator.residual(step, initialState, new Float64Array(out.length), transported);
  for (let j = 0; j < out.length; j++) out[j] -= transported[j];
}

/** x − x is zero unless x is infinite or not a number; four sums do not wait for each other. */
function requireFinite(name: string, step: TimeStep, x: Float64Array): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  const inFours = x.length & ~3;
  for (let j = 0; j < inFours; j += 4) {
    a += x[j] - x[j];
    b += x[j + 1] - x[j + 1];
    c += x[j + 2] - x[j + 2];
    d += x[j + 3] - x[j + 3];
  }
  for (let j = inFours; j < x.length; j++) a += x[j] - x[j];
  if (a + b + c + d !== 0) throw new NonFiniteError(name, step.index, x.findIndex((value) => !Number.isFinite(value)));
}
