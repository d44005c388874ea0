import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { TimeGrid } from "../time/time-grid.js";

/** A factor for each of the three block rows, or fields, of (KKT.1). */
export interface BlockScales {
  readonly state: number;
  readonly control: number;
  readonly adjoint: number;
}

/**
 * e of K̂ = E K E, E = diag(e): the symmetric scaling that turns (KKT.1) into the system in which time is measured in units of the
 * duration T and the control in units of state/(|s|T). With T = s = 1 every factor is 1.
 *
 *     u = û/√T,  z = ẑ/(|s|√T³),  λ = √T λ̂    gives    Ŵ = W/T,  ω̂ = ω/(sT)²,  Ĵ = J,  B̂ = B/(|s|T)
 */
export function blockScales(grid: TimeGrid, { controlScale }: TimeIntegrator): BlockScales {
  const root = Math.sqrt(grid.duration);
  return { state: 1 / root, control: 1 / (Math.abs(controlScale) * grid.duration * root), adjoint: root };
}

/**
 * Factors that bring the residuals of the three rows to one unit, that of the state: e relative to that of the constraint. Without them the
 * state row, which carries the unit of time, would hide behind the constraint wherever T is large, and drown it where T is small.
 */
export function rowScales(grid: TimeGrid, integrator: TimeIntegrator): BlockScales {
  const { state, control, adjoint } = blockScales(grid, integrator);
  return { state: state / adjoint, control: control / adjoint, adjoint: 1 };
}
