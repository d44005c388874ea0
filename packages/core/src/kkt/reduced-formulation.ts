import { readStep, writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { FormulationFactory } from "./formulation.js";
import { laneCombination, laneMisfit } from "./lane-state-equation.js";
import { laneStateIntegration } from "./lane-state-integration.js";
import { reducedHessian } from "./reduced-hessian.js";
import { stateIntegration } from "./schur-formulation.js";
import { stepwiseData } from "./stepwise-data.js";
import { timeIntegration } from "./time-integration.js";
import { zeroIterate } from "./zero-iterate.js";

/**
 * H z = Bᵀ J⁻ᵀ W (ũ − J⁻¹ b), H the reduced Hessian. u is one forward integration of J u = b + B z and λ one adjoint integration of
 * Jᵀλ = W (ũ − u), so that only the control row of (KKT.1) is left: a correction of z solves H δ = Bᵀλ − ωW z. Its reduction decides when CG stops, not (KKT.2) alone, in which
 * this row weighs but τω: with a small ω that is met long before the control is accurate.
 *
 * Storage: z, u, λ, which is the right-hand side while that is wanted, a few states and what H needs; a control series more without lanes.
 */
export const reducedFormulation: FormulationFactory = (discretization, problem) => {
  const { controlSpace, arena, stateLayout, controlLayout } = discretization;
  const iterate = zeroIterate(arena, controlLayout.length);
  const control = { layout: controlLayout, data: iterate };
  const state = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const adjoint = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const { adjoint: integrateAdjoint } = timeIntegration(discretization);
  const integrateState = controlledState(discretization, problem, control);
  const writeMisfit = weightedMisfit(discretization, problem);
  const controlResidual = controlResidualOf(discretization, adjoint.data);
  const rhs = discretization.lanes ? adjoint.data : arena.allocate(controlLayout.length);
  /** Whether the candidate is that of the iterate since the residual was asked for. */
  let completed = false;
  const recover = (): void => {
    integrateState(state);
    writeMisfit(state, adjoint);
    integrateAdjoint(adjoint.data);
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
      recover();
    },
    defect() {
      completed = false;
      controlResidual(iterate, rhs);
      return rhs;
    },
    residual(x, out) {
      if (x !== iterate) return false;
      recover();
      controlResidual(x, out);
      completed = true;
      return true;
    },
    complete() {
      if (!completed) recover();
      completed = false;
    },
    ...(discretization.lanes && { scratch: state.data }),
  };
};

/** The function x ← J⁻¹ (b + B z) */
function controlledState(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, control: SpaceTimeVector): (x: SpaceTimeVector) => void {
  const { lanes } = discretization;
  if (!lanes) return stateIntegration(discretization, problem, control);
  const integrate = laneStateIntegration(discretization, lanes, { problem, factor: ({ size }) => lanes.controlScale * size });
  return ({ data }) => integrate(control.data, data);
}

/** The function out ← Bᵀλ − ωW z; on lanes `out` may be λ. */
function controlResidualOf(discretization: SpaceTimeDiscretization, adjoint: Float64Array): (z: Float64Array, out: Float64Array) => void {
  const { lanes, control: B, controlWeights, regularization } = discretization;
  if (lanes) {
    const combine = laneCombination(discretization, lanes, { a: ({ size }) => lanes.controlScale * size, b: ({ size }) => -regularization * size });
    return (z, out) => combine(adjoint, z, out);
  }
  return (z, out) => {
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
