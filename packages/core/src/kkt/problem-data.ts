import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { writeStep } from "../space-time/space-time-vector.js";
import { kktFields } from "./kkt-vector.js";
import { stepwiseData } from "./stepwise-data.js";

/** The data of a problem as space-time vectors: the target ũ and the right-hand side b = (R₁u₀ + f₁, f₂, …) of the state equation. */
export interface ProblemData {
  readonly target: Float64Array;
  readonly source: Float64Array;
}

/** Evaluates target, forcing and initial state on this rank's steps. Throws `NonFiniteError` at the first bad value. Storage: two state series. */
export function problemData(problem: OptimalControlProblem, { stateLayout, arena }: SpaceTimeDiscretization): ProblemData {
  const data = stepwiseData(problem);
  const target = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const source = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const state = new Float64Array(stateLayout.dofs);
  for (let n = stateLayout.steps.first; n <= stateLayout.steps.last; n++) {
    const step = problem.grid.step(n);
    data.target(step, state);
    writeStep(target, n, state);
    data.source(step, state);
    writeStep(source, n, state);
  }
  return { target: target.data, source: source.data };
}

/** out ← (Wũ, 0, b), the right-hand side of (KKT.1). */
export function kktRightHandSide(discretization: SpaceTimeDiscretization, { target, source }: ProblemData, out: Float64Array): void {
  const { state, control, adjoint } = kktFields(discretization, out);
  discretization.stateWeights.multiply(1, target, state);
  control.fill(0);
  adjoint.set(source);
}
