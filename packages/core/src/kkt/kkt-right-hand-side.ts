import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { writeStep } from "../space-time/space-time-vector.js";
import { kktFields } from "./kkt-vector.js";
import { stepwiseData } from "./stepwise-data.js";

/** out ← (Wũ, 0, b), the right-hand side of (KKT.1). Throws `NonFiniteError` at the first bad value. */
export function kktRightHandSide(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, out: Float64Array): void {
  const { stateLayout: layout } = discretization;
  const data = stepwiseData(problem);
  const { state, control, adjoint } = kktFields(discretization, out);
  const values = new Float64Array(layout.dofs);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) {
    const step = problem.grid.step(n);
    data.target(step, values);
    for (let j = 0; j < values.length; j++) values[j] *= step.size;
    writeStep({ layout, data: state }, n, values);
    data.source(step, values);
    writeStep({ layout, data: adjoint }, n, values);
  }
  control.fill(0);
}
