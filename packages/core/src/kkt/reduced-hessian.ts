import type { LinearOperator } from "../linalg/linear-operator.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { timeIntegration } from "./time-integration.js";

/**
 * H = ωW + Bᵀ J⁻ᵀ W J⁻¹ B, the Hessian of z ↦ J_h (OBJ.1): symmetric positive definite.
 *
 * One apply: one forward and one adjoint integration, 2N spatial solves, sequential in time. Storage: one state series.
 */
export function reducedHessian(discretization: SpaceTimeDiscretization): LinearOperator {
  const { control, stateWeights, controlWeights, regularization, arena } = discretization;
  const integration = timeIntegration(discretization);
  const state = arena.allocate(control.rows);

  const apply = (z: Float64Array, out: Float64Array): void => {
    control.apply(z, state);
    integration.forward(state);
    stateWeights.multiply(1, state, state);
    integration.adjoint(state);
    control.applyTranspose(state, out);
    controlWeights.addProduct(regularization, z, out);
  };
  return { rows: control.cols, cols: control.cols, symmetric: true, apply, applyTranspose: apply };
}
