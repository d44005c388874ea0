import type { StepRange } from "@parakkt/core";
import { mgrit, type InitialGuess, type Mgrit, type MgritOptions } from "../mgrit/mgrit.js";
import type { HaltingCriteria, MgritResult } from "../mgrit/halting.js";
import type { MgritCounts } from "../mgrit/counts.js";
import type { StepFunction } from "../mgrit/step-function.js";
import type { DifferentiableStepFunction } from "./differentiable-step-function.js";

/** Find λₙ₋₁ = (∂Φₙ/∂u)ᵀ λₙ + gₙ₋₁, n = N … 1, from λ_N. */
export interface AdjointTask {
  /** λ_N = ∂ℓ/∂u_N; only that of the last rank counts. */
  readonly finalAdjoint: Float64Array;
  /** Writes gₙ = ∂ℓ/∂uₙ, n = 0 … N − 1, where the loss sees states before the last; none is zero. */
  readonly source?: (n: number, out: Float64Array) => void;
  /** "constant" = λ_N everywhere (default); a function writes λₙ, n = 0 … N − 1. Zeros cost accuracy that only iterations give back. */
  readonly guess?: InitialGuess;
}

/** Multigrid reduction in time for the adjoint of a march. */
export interface AdjointMgrit {
  /** Solves, linearised at the states that the forward solver holds now. */
  solve(task: AdjointTask, criteria?: Partial<HaltingCriteria>): MgritResult;
  /** λₙ of the last solve, n = held.first − 1 … held.last of the forward solver: a view, valid until the next one. */
  adjoint(n: number): Float64Array;
  /** Steps whose adjoints are on this rank: those of the forward solver. */
  readonly held: StepRange;
  /** Vector–Jacobian products by level. */
  readonly counts: MgritCounts;
  dispose(): void;
}

/**
 * The adjoint march (MGR.7) on the levels, intervals and ranks of the forward one, read from the end: the same solver, point N − n
 * for point n. It is linear; each step is linearised at the forward state that it starts from, on every level.
 */
export function adjointMgrit(forward: Mgrit, stepFunction: DifferentiableStepFunction, options: MgritOptions = {}): AdjointMgrit {
  const backward = mgrit(forward.hierarchy.reversed(), adjointSteps(stepFunction, forward), options);
  const last = forward.hierarchy.levels[0].steps;
  const mirrored = (write: (n: number, out: Float64Array) => void) => (m: number, out: Float64Array) => write(last - m, out);
  return {
    held: forward.held,
    counts: backward.counts,
    adjoint: (n) => backward.state(last - n),
    solve({ finalAdjoint, source, guess = "constant" }, criteria) {
      forward.injectStates();
      return backward.solve(
        {
          initialState: finalAdjoint,
          guess: typeof guess === "function" ? mirrored(guess) : guess,
          ...(source && { rightHandSide: mirrored(source) }),
        },
        criteria,
      );
    },
    dispose: backward.dispose,
  };
}

/** λₙ ↦ (∂Φₙ/∂u)ᵀ λₙ at the state before step n. */
function adjointSteps(stepFunction: DifferentiableStepFunction, { stateBefore }: Mgrit): StepFunction {
  const { stateSize, stateProductMany } = stepFunction;
  return {
    stateSize,
    step: (at, adjoint, previous) => stepFunction.stateProduct(at, stateBefore(at), adjoint, previous),
    ...(stateProductMany && { stepMany: (at, adjoints, previous) => stateProductMany(at, at.map(stateBefore), adjoints, previous) }),
  };
}
