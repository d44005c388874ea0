import { requireArgument } from "../errors.js";
import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { TimeGrid } from "../time/time-grid.js";
import type { TimeStep } from "../time/time-step.js";

/**
 * minimise J_h = (v/2) Σₙ τₙ ( ‖uₙ − ũₙ‖² + ω‖zₙ‖² )  subject to  Lₙ uₙ − Rₙ uₙ₋₁ = Bₙ zₙ + fₙ, u₀ given.   (OBJ.1)
 */
export interface OptimalControlProblem {
  readonly grid: TimeGrid;
  readonly integrator: TimeIntegrator;
  /** ω > 0 */
  readonly regularization: number;
  /** u₀, `stateSize` entries. */
  readonly initialState: Float64Array;
  /** out ← ũₙ */
  target(step: TimeStep, out: Float64Array): void;
  /** out ← fₙ (backward Euler: τₙ f(·, tₙ)); zero when absent. */
  forcing?(step: TimeStep, out: Float64Array): void;
  /** v = Πᵢ hᵢ, the volume of a grid cell: left out of the linear algebra, put back when J_h is reported. Default 1. */
  readonly cellVolume?: number;
}

/** Throws `InvalidArgumentError` where the pieces of a problem do not fit together. */
export function checkProblem({ integrator, regularization, initialState }: OptimalControlProblem): void {
  requireArgument(Number.isFinite(regularization) && regularization > 0, () => ({
    what: "regularization",
    where: "OptimalControlProblem",
    expected: "a positive finite number",
    got: String(regularization),
    hint: "Without regularization the control is not determined; try 1e-4.",
  }));
  requireArgument(initialState.length === integrator.stateSize, () => ({
    what: "length of the initial state",
    where: "OptimalControlProblem",
    expected: `the integrator's stateSize ${integrator.stateSize}`,
    got: String(initialState.length),
  }));
  const bad = initialState.findIndex((value) => !Number.isFinite(value));
  requireArgument(bad < 0, () => ({
    what: `initial state at degree of freedom ${bad}`,
    where: "OptimalControlProblem",
    expected: "finite numbers",
    got: String(initialState[bad]),
  }));
}
