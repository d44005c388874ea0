import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import { axpy, subtract } from "../linalg/vector-kernels.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { KktSystem } from "./kkt-system.js";
import { kktFields } from "./kkt-vector.js";
import type { ProblemData } from "./problem-data.js";
import { kktRightHandSide } from "./problem-data.js";
import { reducedHessian } from "./reduced-hessian.js";
import { schurComplement } from "./schur-complement.js";
import { timeIntegration } from "./time-integration.js";

/** A linear system equivalent to (KKT.1), and the way back from its solution to (u, z, λ). */
export interface Formulation {
  readonly name: "full-space" | "schur" | "reduced";
  readonly operator: LinearOperator;
  readonly space: VectorSpace;
  readonly rhs: Float64Array;
  /** (u, z, λ) ← the KKT vector that belongs to x */
  recover(x: Float64Array, kkt: Float64Array): void;
}

export interface FormulationInput {
  readonly discretization: SpaceTimeDiscretization;
  readonly system: KktSystem;
  readonly data: ProblemData;
}

/** K x = (Wũ, 0, b) as it stands. */
export function fullSpaceFormulation({ discretization, system, data }: FormulationInput): Formulation {
  const rhs = discretization.arena.allocate(system.rows);
  kktRightHandSide(discretization, data, rhs);
  return { name: "full-space", operator: system, space: system.space, rhs, recover: (x, kkt) => kkt.set(x) };
}

/**
 * S λ = J ũ − b (SCH.1). z = W⁻¹Bᵀλ/ω and u by one forward integration of the constraint: recovering the state as
 * u = ũ − W⁻¹Jᵀλ would stall at the rounding error of that cancellation.
 */
export function schurFormulation({ discretization, data }: FormulationInput): Formulation {
  const { jacobian, arena } = discretization;
  const operator = schurComplement(discretization);
  const rhs = arena.allocate(operator.rows);
  jacobian.apply(data.target, rhs);
  subtract(rhs, data.source, rhs);
  const integrateState = stateIntegration(discretization, data.source);
  return {
    name: "schur",
    operator,
    space: discretization.stateSpace,
    rhs,
    recover(x, kkt) {
      const { state, control: z, adjoint } = kktFields(discretization, kkt);
      adjoint.set(x);
      discretization.control.applyTranspose(adjoint, z);
      discretization.controlWeights.divide(1 / discretization.regularization, z, z);
      integrateState(z, state);
    },
  };
}

/** H z = Bᵀ J⁻ᵀ W (ũ − J⁻¹b), H the reduced Hessian; u by a forward, λ by an adjoint integration. */
export function reducedFormulation({ discretization, data }: FormulationInput): Formulation {
  const { control, arena } = discretization;
  const operator = reducedHessian(discretization);
  const integrateState = stateIntegration(discretization, data.source);
  const integrateAdjoint = adjointIntegration(discretization, data.target);
  const rhs = arena.allocate(control.cols);
  const state = arena.allocate(control.rows);
  integrateState(rhs, state);
  integrateAdjoint(state, state);
  control.applyTranspose(state, rhs);
  return {
    name: "reduced",
    operator,
    space: discretization.controlSpace,
    rhs,
    recover(x, kkt) {
      const { state: u, control: z, adjoint } = kktFields(discretization, kkt);
      z.set(x);
      integrateState(z, u);
      integrateAdjoint(u, adjoint);
    },
  };
}

/** state ← J⁻¹ (B z + b): one forward integration, sequential in time. */
function stateIntegration(discretization: SpaceTimeDiscretization, source: Float64Array) {
  const { forward } = timeIntegration(discretization);
  return (z: Float64Array, state: Float64Array): void => {
    discretization.control.apply(z, state);
    axpy(1, source, state);
    forward(state);
  };
}

/** adjoint ← J⁻ᵀ W (ũ − u): one adjoint integration; `adjoint` may alias `state`. */
function adjointIntegration(discretization: SpaceTimeDiscretization, target: Float64Array) {
  const { adjoint: integrateBackward } = timeIntegration(discretization);
  return (state: Float64Array, adjoint: Float64Array): void => {
    subtract(target, state, adjoint);
    discretization.stateWeights.multiply(1, adjoint, adjoint);
    integrateBackward(adjoint);
  };
}
