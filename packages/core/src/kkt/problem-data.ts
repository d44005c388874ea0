import { scatter } from "../linalg/strided.js";
import { NonFiniteError } from "../errors.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeLayout } from "../space-time/space-time-layout.js";
import type { TimeStep } from "../time/time-step.js";
import { kktFields } from "./kkt-vector.js";

/** The data of a problem as space-time vectors: the target ũ and the right-hand side b = (R₁u₀ + f₁, f₂, …) of the state equation. */
export interface ProblemData {
  readonly target: Float64Array;
  readonly source: Float64Array;
}

/** Evaluates target, forcing and initial state on this rank's steps. Throws `NonFiniteError` at the first bad value. Storage: two state series. */
export function problemData(problem: OptimalControlProblem, { stateLayout, integrator, arena }: SpaceTimeDiscretization): ProblemData {
  const target = arena.allocate(stateLayout.length);
  const source = arena.allocate(stateLayout.length);
  fillSteps(stateLayout, target, { name: "target", evaluate: (step, out) => problem.target(step, out) });
  fillSteps(stateLayout, source, { name: "forcing", evaluate: (step, out) => sourceAt(problem, integrator, step, out) });
  return { target, source };
}

/** out ← fₙ, and at the first step also R₁u₀. */
function sourceAt(problem: OptimalControlProblem, integrator: ProblemIntegrator, step: TimeStep, out: Float64Array): void {
  out.fill(0);
  problem.forcing?.(step, out);
  if (step.index > 1) return;
  const transported = new Float64Array(out.length);
  integrator.residual(step, problem.initialState, new Float64Array(out.length), transported);
  for (let j = 0; j < out.length; j++) out[j] -= transported[j];
}

type ProblemIntegrator = SpaceTimeDiscretization["integrator"];

interface StepField {
  readonly name: string;
  evaluate(step: TimeStep, out: Float64Array): void;
}

function fillSteps(layout: SpaceTimeLayout, x: Float64Array, field: StepField): void {
  const state = new Float64Array(layout.dofs);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) {
    field.evaluate(layout.partition.grid.step(n), state);
    const bad = state.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new NonFiniteError(field.name, n, bad);
    scatter(state, x, layout.offsetOf(n), layout.strideOf(n));
  }
}

/** out ← (Wũ, 0, b), the right-hand side of (KKT.1). */
export function kktRightHandSide(discretization: SpaceTimeDiscretization, { target, source }: ProblemData, out: Float64Array): void {
  const { state, control, adjoint } = kktFields(discretization, out);
  discretization.stateWeights.multiply(1, target, state);
  control.fill(0);
  adjoint.set(source);
}
