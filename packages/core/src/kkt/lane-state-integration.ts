import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { StepFactors } from "../space-time/lane-jacobian.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { laneForcing } from "./lane-state-equation.js";
import { stepwiseData } from "./stepwise-data.js";
import { timeIntegration, wholeIntervalSweep } from "./time-integration.js";

/** What the state equation is integrated with: the data b and the factor of the control's series. */
interface StateEquation {
  readonly problem: OptimalControlProblem;
  readonly factor: StepFactors["a"];
}

/**
 * The function x ← J⁻¹ (b + factor(step) y) on lanes. Where b is zero but in the first step, it enters the sweep as the state before, and no right-hand side is formed.
 * N spatial solves. Storage: that of a sweep, and a state or a row of the widest lane group.
 */
export function laneStateIntegration(discretization: SpaceTimeDiscretization, lanes: LaneIntegrator, { problem, factor }: StateEquation): (y: Float64Array, x: Float64Array) => void {
  const data = stepwiseData(problem);
  if (data.sources === "all") {
    const writeForcing = laneForcing(discretization, lanes, problem, factor);
    const { forward } = timeIntegration(discretization);
    return (y, x) => {
      writeForcing(y, x);
      forward(x);
    };
  }
  const { partition, stateLayout, arena } = discretization;
  const sweep = wholeIntervalSweep(discretization, (step) => ({ step, reaction: 0, scale: factor(step), coupling: 1, adjointCoupling: 1 }));
  if (stateLayout.steps.first > 1) return (y, x) => sweep.forward(y, x);
  const entering = arena.allocate(stateLayout.dofs);
  return (y, x) => {
    data.source(partition.grid.step(1), entering);
    sweep.forward(y, x, { entering });
  };
}
