import { readStep, writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { FormulationFactory } from "./formulation.js";
import { laneCombination, laneForcing, laneMisfit } from "./lane-state-equation.js";
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
  const { controlSpace, arena, stateLayout, controlLayout } = discretization;
  const [iterate, rhs] = [arena.allocate(controlLayout.length), arena.allocate(controlLayout.length)];
  const control = { layout: controlLayout, data: iterate };
  const state = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const adjoint = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const integrate = timeIntegration(discretization);
  const writeForcing = controlledForcing(discretization, problem, control);
  const writeMisfit = weightedMisfit(discretization, problem);
  const writeControlResidual = controlResidual(discretization);
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
    series: (x) => [{ layout: controlLayout, data: x }],
    reset() {
      iterate.fill(0);
      complete();
    },
    defect() {
      writeControlResidual(adjoint.data, iterate, rhs);
      return rhs;
    },
    complete,
  };
};

/** The function x ← b + B z */
function controlledForcing(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, control: SpaceTimeVector): (x: SpaceTimeVector) => void {
  const { lanes } = discretization;
  if (!lanes) return stateForcing(discretization, problem, control);
  const writeForcing = laneForcing(discretization, lanes, problem, ({ size }) => lanes.controlScale * size);
  return ({ data }) => writeForcing(control.data, data);
}

/** The function out ← Bᵀλ − ωW z */
function controlResidual(discretization: SpaceTimeDiscretization): (adjoint: Float64Array, z: Float64Array, out: Float64Array) => void {
  const { lanes, control: B, controlWeights, regularization } = discretization;
  if (lanes) return laneCombination(discretization, lanes, { a: ({ size }) => lanes.controlScale * size, b: ({ size }) => -regularization * size });
  return (adjoint, z, out) => {
    B.applyTranspose(adjoint, out);
    controlWeights.addProduct(-regularization, z, out);
  };
}

/** The function λ ← W (ũ − u) */
function weightedMisfit(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem): (state: SpaceTimeVector, adjoint: SpaceTimeVector) => void {
  if (!discretization.lanes) return plainMisfit(discretization, problem);
  const write = laneMisfit(discretization, discretization.lanes, problem);
  return (state, adjoint) => write(state.data, adjoint.data);
}

/** Step by step. */
function plainMisfit({ partition, stateLayout }: SpaceTimeDiscretization, problem: OptimalControlProblem) {
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
