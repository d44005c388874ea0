import type { LaneOperator } from "@parakkt/kernels";
import type { OnLanes } from "./lane-integrator.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { requireArgument } from "../errors.js";
import type { ShiftedSolve, SpatialSolver } from "../space/spatial-solver.js";
import type { TimeStep } from "../time/time-step.js";
import type { TimeIntegrator } from "./time-integrator.js";

export interface BackwardEulerOptions {
  /** L of ∂ₜu + Lu = s z + f, symmetric; a lower bound of its eigenvalues, where known, makes the preconditioners better. */
  readonly operator: LinearOperator & OnLanes<LaneOperator> & { readonly smallestEigenvalue?: number };
  /** Solves with L + σI. */
  readonly solver: SpatialSolver;
  /** s, default 1. */
  readonly controlScale?: number;
}

/**
 * Backward Euler for ∂ₜu + Lu = s z + f: (I + τL) uₙ − uₙ₋₁ = τ s zₙ + τ fₙ (STEP.1). Order 1, L-stable.
 *
 * One application of L a residual, one solve with L + (1/τ + ρ) I a step.
 */
export function backwardEuler({ operator, solver, controlScale = 1 }: BackwardEulerOptions): TimeIntegrator {
  requireArgument(operator.symmetric, () => ({
    what: "spatial operator",
    where: "backwardEuler",
    expected: "a symmetric operator",
    got: "one that says it is not",
    hint: "Write a TimeIntegrator of your own for a non-symmetric operator (examples/custom-integrator.ts).",
  }));
  return reactingBackwardEuler(operator, solver, { controlScale, reaction: 0 });
}

function reactingBackwardEuler(operator: BackwardEulerOptions["operator"], solver: SpatialSolver, coefficients: { controlScale: number; reaction: number }): TimeIntegrator {
  const { controlScale, reaction } = coefficients;
  const size = operator.rows;
  const rhs = new Float64Array(size);
  const shiftedSolve = (step: TimeStep): ShiftedSolve => solver.shifted(1 / step.size + reaction);
  /** out ← (I + τ(L + ρI)) x = τ (L + (1/τ + ρ)I) x */
  const applyImplicit = (step: TimeStep, x: Float64Array, out: Float64Array): void => {
    operator.apply(x, out);
    const diagonal = 1 + step.size * reaction;
    for (let j = 0; j < size; j++) out[j] = diagonal * x[j] + step.size * out[j];
  };
  const applyScaledControl = (step: TimeStep, x: Float64Array, out: Float64Array): void => multiply(controlScale * step.size, x, out);
  return {
    name: "backward-euler",
    order: 1,
    stateSize: size,
    controlSize: size,
    controlScale,
    exact: solver.exact,
    get slowestDecay() {
      return Math.max(0, (operator.smallestEigenvalue ?? 0) + reaction);
    },
    residual(step, previous, current, out) {
      applyImplicit(step, current, out);
      for (let j = 0; j < size; j++) out[j] -= previous[j];
    },
    residualAdjoint(step, multiplier, previous, current) {
      applyImplicit(step, multiplier, current);
      for (let j = 0; j < size; j++) previous[j] = -multiplier[j];
    },
    applyControl: applyScaledControl,
    applyControlAdjoint: applyScaledControl,
    step(step, previous, forcing, next) {
      const inverse = 1 / step.size;
      for (let j = 0; j < size; j++) rhs[j] = inverse * (previous[j] + forcing[j]);
      shiftedSolve(step).solve(rhs, next);
    },
    stepAdjoint(step, sensitivity, multiplier, previousSensitivity) {
      const inverse = 1 / step.size;
      for (let j = 0; j < size; j++) rhs[j] = inverse * sensitivity[j];
      shiftedSolve(step).solve(rhs, multiplier);
      previousSensitivity.set(multiplier);
    },
    lanes(kernels) {
      if (!operator.lanes || !solver.lanes) return undefined;
      return { operator: operator.lanes(kernels), solver: solver.lanes(kernels), vectors: kernels.vectors, reaction, controlScale };
    },
    withReaction: (more) => reactingBackwardEuler(operator, solver, { controlScale, reaction: reaction + more }),
  };
}

function multiply(factor: number, x: Float64Array, out: Float64Array): void {
  for (let j = 0; j < x.length; j++) out[j] = factor * x[j];
}
