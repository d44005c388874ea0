import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { laneProductSum, measuredOperator } from "../space-time/lane-product-sum.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { groupFactors } from "../space-time/lane-jacobian.js";
import { timeIntegration, wholeIntervalSweep } from "./time-integration.js";

/**
 * H = ωW + Bᵀ J⁻ᵀ W J⁻¹ B, the Hessian of z ↦ J_h (OBJ.1): symmetric positive definite.
 *
 * One apply: one forward and one adjoint integration, 2N spatial solves, sequential in time. Storage: one state series; on lanes none.
 */
export function reducedHessian(discretization: SpaceTimeDiscretization): LinearOperator {
  return discretization.lanes ? laneReducedHessian(discretization, discretization.lanes) : composedReducedHessian(discretization);
}

/** With B = sW the weights are the scales of the two sweeps: out ← ωW z + sW J⁻ᵀ W J⁻¹ sW z, in place. Brings ⟨z, H z⟩ along, of rows that are in the cache. */
function laneReducedHessian(discretization: SpaceTimeDiscretization, { vectors, controlScale }: LaneIntegrator): LinearOperator {
  const { stateLayout: layout, communicator, regularization } = discretization;
  const sweep = wholeIntervalSweep(discretization, (step) => ({
    ...{ step, reaction: 0, coupling: 1, adjointCoupling: 1 },
    ...{ scale: controlScale * step.size, adjointScale: step.size },
  }));
  const factors = groupFactors(layout, { a: ({ size }) => controlScale * size, b: ({ size }) => regularization * size, c: () => 0, d: () => 0 });
  const innerProduct = laneProductSum(layout, communicator);
  const products = new Float64Array(16);
  const applyTo = (z: Float64Array, out: Float64Array, measured: boolean): void => {
    sweep.forward(z, out);
    sweep.adjoint(out);
    layout.groups.forEach((group, g) => {
      for (let k = 0; k < group.rows; k++) {
        const offset = group.offset + k * layout.dofs * group.lanes;
        const [image, of] = [{ data: out, offset }, { data: z, offset }];
        vectors.combine(group.lanes, layout.dofs, factors[g][k], { x: image, y: of, out: image });
        if (!measured) continue;
        vectors.products(group.lanes, layout.dofs, of, image, products);
        innerProduct.set(group, k, products);
      }
    });
  };
  return measuredOperator(layout.length, innerProduct, applyTo);
}

function composedReducedHessian(discretization: SpaceTimeDiscretization): LinearOperator {
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
