import { kktFields, kktSpace, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";

/**
 * blkdiag(W, ωW, M)⁻¹ with M ≈ S: the symmetric positive definite preconditioner of (KKT.1) for MINRES.
 * `schurInverse` must be symmetric. One M⁻¹ an application, no storage.
 */
export function kktBlockDiagonal(discretization: SpaceTimeDiscretization, schurInverse: Preconditioner): Preconditioner {
  const { stateWeights, controlWeights, regularization } = discretization;
  return {
    size: kktSpace(discretization).size,
    stationary: schurInverse.stationary,
    symmetric: schurInverse.symmetric,
    apply(residual, correction) {
      const from = kktFields(discretization, residual);
      const to = kktFields(discretization, correction);
      stateWeights.divide(1, from.state, to.state);
      controlWeights.divide(1 / regularization, from.control, to.control);
      schurInverse.apply(from.adjoint, to.adjoint);
    },
  };
}
