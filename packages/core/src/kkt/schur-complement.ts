import { axpy } from "../linalg/vector-kernels.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { laneSchurComplement } from "./lane-schur-complement.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";

/**
 * S = J W⁻¹ Jᵀ + (1/ω) B W⁻¹ Bᵀ, the Schur complement of (KKT.1) on the adjoint (SCH.1): symmetric positive definite, elliptic in time.
 *
 * One apply: Jᵀ, J, Bᵀ, B once each. Storage: two state series and one control series; on lanes no series.
 */
export function schurComplement(discretization: SpaceTimeDiscretization): LinearOperator {
  return discretization.lanes ? laneSchurComplement(discretization, discretization.lanes) : composedSchurComplement(discretization);
}

function composedSchurComplement({ jacobian, control, stateWeights, controlWeights, regularization, arena }: SpaceTimeDiscretization): LinearOperator {
  const state = arena.allocate(jacobian.rows);
  const controlled = arena.allocate(jacobian.rows);
  const z = arena.allocate(control.cols);

  const apply = (adjoint: Float64Array, out: Float64Array): void => {
    jacobian.applyTranspose(adjoint, state);
    stateWeights.divide(1, state, state);
    jacobian.apply(state, out);
    control.applyTranspose(adjoint, z);
    controlWeights.divide(1 / regularization, z, z);
    control.apply(z, controlled);
    axpy(1, controlled, out);
  };
  return { rows: jacobian.rows, cols: jacobian.rows, symmetric: true, apply, applyTranspose: apply };
}
