import { axpy, kktFields, kktSpace, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";

/**
 * K⁻¹ by block elimination with M⁻¹ ≈ S⁻¹ (KKT.3): exact when M = S.
 *
 *     u = W⁻¹ r_u,  z = (ωW)⁻¹ r_z,  λ = −M⁻¹ (r_λ − J u + B z),  u −= W⁻¹ Jᵀλ,  z += (ωW)⁻¹ Bᵀλ
 *
 * Not symmetric: for GMRES and FGMRES. One M⁻¹ an application. Storage: three state series and one control series.
 */
export function kktBlockElimination(discretization: SpaceTimeDiscretization, schurInverse: Preconditioner): Preconditioner {
  const { jacobian, control, stateWeights, controlWeights, regularization, arena } = discretization;
  const work = arena.allocate(jacobian.rows);
  const reduced = arena.allocate(jacobian.rows);
  const controlWork = arena.allocate(control.cols);

  return {
    size: kktSpace(discretization).size,
    stationary: schurInverse.stationary,
    symmetric: false,
    apply(residual, correction) {
      const r = kktFields(discretization, residual);
      const { state: u, control: z, adjoint } = kktFields(discretization, correction);
      stateWeights.divide(1, r.state, u);
      controlWeights.divide(1 / regularization, r.control, z);

      jacobian.apply(u, reduced);
      control.apply(z, work);
      axpy(-1, work, reduced);
      axpy(-1, r.adjoint, reduced);
      schurInverse.apply(reduced, adjoint);

      jacobian.applyTranspose(adjoint, work);
      stateWeights.divide(1, work, work);
      axpy(-1, work, u);
      control.applyTranspose(adjoint, controlWork);
      controlWeights.divide(1 / regularization, controlWork, controlWork);
      axpy(1, controlWork, z);
    },
  };
}
