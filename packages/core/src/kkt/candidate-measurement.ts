import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeVector } from "../space-time/space-time-vector.js";
import { laneWeightedNorm } from "../space-time/weighted-norm.js";
import { recoveryAhead } from "./recovery-ahead.js";
import { rowScales } from "./row-scales.js";
import { stateRowExpectation } from "./state-row-expectation.js";
import { subdomainIntegration } from "./subdomain-integration.js";
import { timeIntegration } from "./time-integration.js";

/**
 * Part of the tolerance at which a candidate is accepted. Rounding, and the drift of the residual in the recursion, must have room; subdomains by themselves take the residual for up
 * to a tenth too small, and a V-cycle a step in place of the solve for up to a third (measured).
 */
const ACCEPTABLE_SHARE = { exact: 0.95, rounded: 0.9, approximate: 0.5 };

/**
 * What a candidate of the Schur complement system is judged by before it is certified: the state row W e = W J⁻¹r of its KKT residual, in the unit of the certificate;
 * the other two rows are zero but for rounding.
 */
export interface CandidateMeasurement {
  readonly acceptableShare: number;
  /** ‖W J⁻¹r‖; the state of the iterate is recovered meanwhile where that saves waiting. `work`: overwritten; may be r. */
  stateRow(residual: Float64Array, work: Float64Array, spare: (() => Float64Array | undefined) | undefined): number;
  /** The same to be expected from rᵀM⁻¹r (KKT.5). */
  expectedStateRow(energy: number): number;
  /** The candidate measured last is accepted. */
  settle(): void;
  /** state ← that of the accepted candidate, where it was recovered while it was measured; otherwise `false`. */
  takeState(state: SpaceTimeVector): boolean;
}

export function candidateMeasurement(discretization: SpaceTimeDiscretization, recoverState: (state: SpaceTimeVector) => void): CandidateMeasurement {
  const { integrate, independent, acceptableShare } = integrationForEstimates(discretization);
  const ahead = recoveryAhead(discretization, recoverState, independent);
  const norm = stateRowNorm(discretization);
  return {
    acceptableShare,
    stateRow(residual, work, spare) {
      if (work !== residual) work.set(residual);
      ahead.measure(() => integrate(work), spare);
      return norm(work);
    },
    expectedStateRow: stateRowExpectation(discretization),
    settle: ahead.settle,
    takeState: ahead.take,
  };
}

/** x ← J⁻¹ x as far as an estimate wants it, and how much of the tolerance an estimate by it may be. */
interface EstimatingIntegration {
  readonly integrate: (x: Float64Array) => void;
  /** No rank waits for another one. */
  readonly independent: boolean;
  readonly acceptableShare: number;
}

/** By the sweeps of the preconditioner where these are inexact, interval by interval where these forget what enters them. */
function integrationForEstimates(exact: SpaceTimeDiscretization): EstimatingIntegration {
  const discretization = { ...exact, ...exact.inexact };
  const byIntervals = subdomainIntegration(discretization);
  const { integrate, independent } = byIntervals ?? { integrate: timeIntegration(discretization).forward, independent: false };
  const accuracy = discretization.integrator.exact === false ? "approximate" : byIntervals || exact.inexact ? "rounded" : "exact";
  return { integrate, independent, acceptableShare: ACCEPTABLE_SHARE[accuracy] };
}

/** x ↦ ‖W x‖ in the unit of the certificate's state row. */
function stateRowNorm({ lanes, stateLayout, stateSpace, stateWeights, communicator, partition: { grid }, integrator }: SpaceTimeDiscretization): (x: Float64Array) => number {
  const scale = rowScales(grid, integrator).state;
  if (lanes) return laneWeightedNorm(stateLayout, communicator, lanes.vectors, (n) => scale * grid.step(n).size);
  return (x) => {
    stateWeights.multiply(1, x, x);
    return scale * Math.sqrt(stateSpace.innerProduct(x, x));
  };
}
