import { readStep, writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { FormulationFactory } from "./formulation.js";
import { reducedHessian } from "./reduced-hessian.js";
import { stateForcing } from "./schur-formulation.js";
import { stepwiseData } from "./stepwise-data.js";
import { timeIntegration } from "./time-integration.js";

/**
 * H z = Bᵀ J⁻ᵀ W (ũ − J⁻¹ b), H the reduced Hessian. u is one forward integration of J u = b + B z and λ one adjoint integration of
 * Jᵀλ = W (ũ − u), so that only the control row of (KKT.1) is left: a correction of z solves H δ = Bᵀλ − ωW z.
 *
 * Storage: z, u, λ, the right-hand side, a few states and what H needs.
 */
export const reducedFormulation: FormulationFactory = (discretization, problem) => {
  const { control: B, controlSpace, controlWeights, regularization, arena, stateLayout, controlLayout } = discretization;
  const [iterate, rhs] = [arena.allocate(controlLayout.length), arena.allocate(controlLayout.length)];
  const control = { layout: controlLayout, data: iterate };
  const state = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const adjoint = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const integrate = timeIntegration(discretization);
  const writeForcing = stateForcing(discretization, problem, control);
  const writeMisfit = weightedMisfit(discretization, problem);
  const complete = (): void => {
    writeForcing(state);
    integrate.forward(state.data);
    writeMisfit(state, adjoint);
    integrate.adjoint(adjoint.data);
  };
  return {
    name: "reduced",
    operator: reducedHessian(discretization),
    space: controlSpace,
    iterate,
    candidate: { state, control, adjoint },
    reset() {
      iterate.fill(0);
      complete();
    },
    defect() {
      B.applyTranspose(adjoint.data, rhs);
      controlWeights.addProduct(-regularization, iterate, rhs);
      return rhs;
    },
    complete,
  };
};

/** The function λ ← W (ũ − u), step by step. */
function weightedMisfit({ partition, stateLayout }: SpaceTimeDiscretization, problem: OptimalControlProblem) {
  const data = stepwiseData(problem);
  const [u, target] = [new Float64Array(stateLayout.dofs), new Float64Array(stateLayout.dofs)];
  return (state: SpaceTimeVector, adjoint: SpaceTimeVector): void => {
    for (let n = stateLayout.steps.first; n <= stateLayout.steps.last; n++) {
      const step = partition.grid.step(n);
      readStep(state, n, u);
      data.target(step, target);
      for (let j = 0; j < u.length; j++) u[j] = step.size * (target[j] - u[j]);
      writeStep(adjoint, n, u);
    }
  };
}
