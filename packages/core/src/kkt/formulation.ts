import type { Preconditioner } from "../krylov/preconditioner.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import { axpy } from "../linalg/vector-kernels.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { KktSystem } from "./kkt-system.js";
import { kktFields } from "./kkt-vector.js";
import { blockScales, type BlockScales } from "./row-scales.js";
import { reducedHessian } from "./reduced-hessian.js";
import { schurComplement } from "./schur-complement.js";
import { timeIntegration } from "./time-integration.js";

/**
 * A linear system equivalent to K (u, z, λ) = (r_u, r_z, r_λ): how its right-hand side follows from r, and (u, z, λ) from its solution.
 * Both maps are linear, so the same formulation solves the problem and refines an approximate solution.
 */
export interface Formulation {
  readonly name: "full-space" | "schur" | "reduced";
  readonly operator: LinearOperator;
  readonly space: VectorSpace;
  /** rhs ← what the operator must map to for the KKT right-hand side r */
  reduce(r: Float64Array, rhs: Float64Array): void;
  /** The preconditioner of `operator` that belongs to one of the unscaled system; the same one when left out. */
  precondition?(preconditioner: Preconditioner): Preconditioner;
  /** kkt ← (u, z, λ) that belongs to the operator's solution x */
  recover(x: Float64Array, r: Float64Array, kkt: Float64Array): void;
}

/** Builds a formulation on a discretization; `system` is its KKT matrix. */
export type FormulationFactory = (discretization: SpaceTimeDiscretization, system: KktSystem) => Formulation;

/**
 * K̂ x̂ = E r, K̂ = E K E: (KKT.1) with time in units of its duration and the control scaled to match (`blockScales`), so that the
 * iteration does not depend on units. With T = s = 1 it is K x = r as it stands. Storage: two KKT vectors.
 */
export function fullSpaceFormulation(discretization: SpaceTimeDiscretization, system: KktSystem): Formulation {
  const scales = blockScales(discretization.partition.grid, discretization.integrator);
  const inverse = { state: 1 / scales.state, control: 1 / scales.control, adjoint: 1 / scales.adjoint };
  const [scaledInput, scaledOutput] = [discretization.arena.allocate(system.rows), discretization.arena.allocate(system.rows)];
  const scaled = (factors: BlockScales, x: Float64Array, out: Float64Array): void => {
    const [from, to] = [kktFields(discretization, x), kktFields(discretization, out)];
    for (const field of ["state", "control", "adjoint"] as const) {
      for (let i = 0; i < from[field].length; i++) to[field][i] = factors[field] * from[field][i];
    }
  };
  /** out ← D A D x */
  const between = (factors: BlockScales, apply: LinearOperator["apply"]): LinearOperator["apply"] => (x, out) => {
    scaled(factors, x, scaledInput);
    apply(scaledInput, scaledOutput);
    scaled(factors, scaledOutput, out);
  };
  const apply = between(scales, system.apply);
  return {
    name: "full-space",
    operator: { rows: system.rows, cols: system.cols, symmetric: true, apply, applyTranspose: apply },
    space: system.space,
    precondition: (preconditioner) => ({ ...preconditioner, apply: between(inverse, preconditioner.apply) }),
    reduce: (r, rhs) => scaled(scales, r, rhs),
    recover: (x, _r, kkt) => scaled(scales, x, kkt),
  };
}

/**
 * S λ = J W⁻¹ r_u − B (ωW)⁻¹ r_z − r_λ (SCH.1); then z = (ωW)⁻¹ (r_z + Bᵀλ), and u by one forward integration of
 * J u = r_λ + B z: recovering the state as u = W⁻¹ (r_u − Jᵀλ) would stall at the rounding error of that cancellation.
 *
 * Storage: that of S, two state series and one control series, four states.
 */
export function schurFormulation(discretization: SpaceTimeDiscretization): Formulation {
  const { jacobian, control, stateWeights, controlWeights, regularization, arena } = discretization;
  const weighted = arena.allocate(jacobian.rows);
  const controlled = arena.allocate(jacobian.rows);
  const controlWork = arena.allocate(control.cols);
  const integrateState = stateIntegration(discretization);
  return {
    name: "schur",
    operator: schurComplement(discretization),
    space: discretization.stateSpace,
    reduce(r, rhs) {
      const { state, control: controlResidual, adjoint } = kktFields(discretization, r);
      stateWeights.divide(1, state, weighted);
      jacobian.apply(weighted, rhs);
      controlWeights.divide(1 / regularization, controlResidual, controlWork);
      control.apply(controlWork, controlled);
      axpy(-1, controlled, rhs);
      axpy(-1, adjoint, rhs);
    },
    recover(x, r, kkt) {
      const residual = kktFields(discretization, r);
      const { state, control: z, adjoint } = kktFields(discretization, kkt);
      adjoint.set(x);
      control.applyTranspose(adjoint, z);
      axpy(1, residual.control, z);
      controlWeights.divide(1 / regularization, z, z);
      integrateState(z, residual.adjoint, state);
    },
  };
}

/**
 * H z = r_z + Bᵀ J⁻ᵀ (r_u − W J⁻¹ r_λ), H the reduced Hessian; then u by a forward integration of J u = r_λ + B z and λ by an
 * adjoint integration of Jᵀλ = r_u − W u.
 *
 * Storage: that of H, one state series and eight states.
 */
export function reducedFormulation(discretization: SpaceTimeDiscretization): Formulation {
  const { control, arena } = discretization;
  const integrateState = stateIntegration(discretization);
  const integrateAdjoint = adjointIntegration(discretization);
  const work = arena.allocate(control.rows);
  return {
    name: "reduced",
    operator: reducedHessian(discretization),
    space: discretization.controlSpace,
    reduce(r, rhs) {
      const { state, control: controlResidual, adjoint } = kktFields(discretization, r);
      rhs.fill(0);
      integrateState(rhs, adjoint, work);
      integrateAdjoint(work, state, work);
      control.applyTranspose(work, rhs);
      axpy(1, controlResidual, rhs);
    },
    recover(x, r, kkt) {
      const residual = kktFields(discretization, r);
      const { state, control: z, adjoint } = kktFields(discretization, kkt);
      z.set(x);
      integrateState(z, residual.adjoint, state);
      integrateAdjoint(state, residual.state, adjoint);
    },
  };
}

/** state ← J⁻¹ (B z + source): one forward integration, sequential in time. */
function stateIntegration(discretization: SpaceTimeDiscretization) {
  const { forward } = timeIntegration(discretization);
  return (z: Float64Array, source: Float64Array, state: Float64Array): void => {
    discretization.control.apply(z, state);
    axpy(1, source, state);
    forward(state);
  };
}

/** adjoint ← J⁻ᵀ (source − W u): one adjoint integration, sequential in time; `adjoint` may alias `state`. */
function adjointIntegration(discretization: SpaceTimeDiscretization) {
  const { adjoint: integrateBackward } = timeIntegration(discretization);
  return (state: Float64Array, source: Float64Array, adjoint: Float64Array): void => {
    discretization.stateWeights.multiply(-1, state, adjoint);
    axpy(1, source, adjoint);
    integrateBackward(adjoint);
  };
}
