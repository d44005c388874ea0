import { axpy, subtract } from "../linalg/vector-kernels.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { kktFields, kktSpace, type KktFields } from "./kkt-vector.js";
import { rowScales } from "./row-scales.js";

/** K of (KKT.1) with its vector space and the residual by which every answer is judged. */
export interface KktSystem extends LinearOperator {
  readonly space: VectorSpace;
  /** ‖x‖ of a KKT vector of residuals, the three rows brought to one unit (`rowScales`); ‖x‖₂ where T = s = 1. */
  residualNorm(x: Float64Array): number;
  /** residual ← rhs − K x; returns ‖residual‖ / ‖rhs‖ (KKT.2) in the norm above, or ‖K x‖ for rhs = 0. */
  relativeResidual(x: Float64Array, rhs: Float64Array, residual: Float64Array): number;
}

/**
 * The KKT matrix of the discrete optimal control problem, for steps of any size, W = diag(τₙ):
 *
 *     ⎡ W    0    Jᵀ ⎤ ⎡u⎤
 *     ⎢ 0   ωW   −Bᵀ ⎥ ⎢z⎥                                                   (KKT.1)
 *     ⎣ J   −B    0  ⎦ ⎣λ⎦
 *
 * Symmetric indefinite. One apply: J, Jᵀ, B, Bᵀ once each. Storage: one state and one control series.
 */
export function kktSystem(discretization: SpaceTimeDiscretization): KktSystem {
  const { jacobian, control, stateWeights, controlWeights, regularization, arena } = discretization;
  const space = kktSpace(discretization);
  const scales = rowScales(discretization.partition.grid, discretization.integrator);
  const stateWork = arena.allocate(jacobian.rows);
  const controlWork = arena.allocate(control.cols);

  /** out ← W u + Jᵀλ */
  const stateRow = ({ state, adjoint }: KktFields, out: Float64Array): void => {
    jacobian.applyTranspose(adjoint, out);
    stateWeights.addProduct(1, state, out);
  };
  /** out ← ωW z − Bᵀλ */
  const controlRow = ({ control: z, adjoint }: KktFields, out: Float64Array): void => {
    control.applyTranspose(adjoint, controlWork);
    controlWeights.multiply(regularization, z, out);
    axpy(-1, controlWork, out);
  };
  /** out ← J u − B z */
  const constraintRow = ({ state, control: z }: KktFields, out: Float64Array): void => {
    jacobian.apply(state, out);
    control.apply(z, stateWork);
    axpy(-1, stateWork, out);
  };
  const apply = (x: Float64Array, out: Float64Array): void => {
    const from = kktFields(discretization, x);
    const to = kktFields(discretization, out);
    stateRow(from, to.state);
    controlRow(from, to.control);
    constraintRow(from, to.adjoint);
  };
  const residualNorm = (x: Float64Array): number => {
    const { stateSpace, controlSpace } = discretization;
    const { state, control: z, adjoint } = kktFields(discretization, x);
    const squares = scales.state ** 2 * stateSpace.innerProduct(state, state) + scales.control ** 2 * controlSpace.innerProduct(z, z);
    return Math.sqrt(squares + scales.adjoint ** 2 * stateSpace.innerProduct(adjoint, adjoint));
  };
  return {
    rows: space.size,
    cols: space.size,
    symmetric: true,
    space,
    apply,
    applyTranspose: apply,
    residualNorm,
    relativeResidual(x, rhs, residual) {
      apply(x, residual);
      subtract(rhs, residual, residual);
      return residualNorm(residual) / (residualNorm(rhs) || 1);
    },
  };
}
