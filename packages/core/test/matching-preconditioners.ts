import { genericSweep, kktFields, kktSpace, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";

/**
 * Classical matching (J + cI)⁻ᵀ (J + cI)⁻¹ up to the weights (SCH.3), for equal steps: what these tests need of a preconditioner,
 * written out here because the core does not know the package of preconditioners.
 */
export function classicalMatching({ integrator, regularization, partition, stateLayout, arena }: SpaceTimeDiscretization): Preconditioner {
  const { grid } = partition;
  const reaction = integrator.controlScale / Math.sqrt(regularization);
  const steps = Array.from({ length: grid.steps }, (_, k) => grid.step(k + 1));
  const lane = {
    rows: steps.map((step) => ({ step, reaction, scale: Math.sqrt(step.size), coupling: 1, adjointCoupling: 1 })),
    offsets: steps.map(({ index }) => stateLayout.offsetOf(index)),
    strides: steps.map(({ index }) => stateLayout.strideOf(index)),
  };
  const sweep = genericSweep(integrator, [lane], arena);
  return {
    size: stateLayout.length,
    stationary: true,
    symmetric: true,
    apply(residual, correction) {
      correction.set(residual);
      sweep.forward(correction);
      sweep.adjoint(correction);
    },
  };
}

/** blkdiag(W, ωW, Ŝ)⁻¹ for MINRES on K. */
export function blockDiagonalMatching(discretization: SpaceTimeDiscretization): Preconditioner {
  const { stateWeights, controlWeights, regularization } = discretization;
  const schurInverse = classicalMatching(discretization);
  return {
    size: kktSpace(discretization).size,
    stationary: true,
    symmetric: true,
    apply(residual, correction) {
      const from = kktFields(discretization, residual);
      const to = kktFields(discretization, correction);
      stateWeights.divide(1, from.state, to.state);
      controlWeights.divide(1 / regularization, from.control, to.control);
      schurInverse.apply(from.adjoint, to.adjoint);
    },
  };
}
