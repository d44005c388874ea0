import type { ModalProducts } from "@parakkt/kernels";
import type { SweepRow } from "../integrators/sweep.js";
import type { FusedConjugateGradients } from "../krylov/fused-conjugate-gradients.js";
import type { Preconditioner } from "../krylov/preconditioner.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { factorOperator, pipelinedMatching } from "./pipelined-matching.js";
import { rankInvariantSums } from "../space-time/space-time-space.js";

/** M = FFᵀ on the whole interval by a forward and an adjoint sweep with these rows. */
export interface MatchingPreconditioner extends Preconditioner {
  readonly factor: readonly SweepRow[];
}

/**
 * Conjugate gradients for S and matching on the whole interval, where L is diagonal (the sine basis) and all steps lie in one lane: two passes
 * over three vectors an iteration in place of sixteen over four, on one rank. `undefined` for anything else.
 */
export function fusedMatching(discretization: SpaceTimeDiscretization, preconditioner: Preconditioner): FusedConjugateGradients | undefined {
  const { lanes, stateLayout, communicator, regularization } = discretization;
  const { grid, subdomains } = stateLayout.partition;
  if (!lanes?.operator.conjugateGradients || !isMatching(preconditioner) || subdomains !== 1) return undefined;
  const { reaction, controlScale } = lanes;
  const rows = preconditioner.factor.map((row) => ({
    size: row.step.size,
    control: (controlScale ** 2 * row.step.size) / regularization,
    shift: 1 / row.step.size + reaction + row.reaction,
    rhs: row.scale / row.step.size,
    neighbour: row.coupling / row.step.size,
  }));
  if (communicator.size > 1) return pipelinedMatching(discretization, lanes, rows);
  const fused = lanes.operator.conjugateGradients(rows);
  const factor = factorOperator(lanes.operator, rows);
  const sumOverSteps = rankInvariantSums(stateLayout, communicator);
  const total = new Float64Array(1);
  const sumOf = (products: Float64Array): number => {
    sumOverSteps(total, () => (step) => products[2 * step - 2] + products[2 * step - 1]);
    return total[0];
  };
  const first = new Float64Array(2 * grid.steps);
  const products: ModalProducts = { preconditioned: first, residual: new Float64Array(2 * grid.steps) };
  return {
    begin(residual) {
      fused.begin(residual, first);
      return sumOf(first);
    },
    turn(beta, y, p) {
      fused.turn(beta, y, p, first);
      return sumOf(first);
    },
    advance(alpha, iterates) {
      fused.advance(alpha, iterates, products);
      return { preconditioned: sumOf(products.preconditioned), residual: sumOf(products.residual) };
    },
    residual: (y, out) => factor(y, out),
  };
}

function isMatching(preconditioner: Preconditioner): preconditioner is MatchingPreconditioner {
  return "factor" in preconditioner;
}
