import { heatProblem, type HeatProblem } from "../problem/heat-problem.js";
import { boxGrid, type BoxGrid, type PointFunction } from "../space/box-grid.js";
import { diffusionOperator, type Diffusivity } from "../space/diffusion-operator.js";
import type { SpatialOperator } from "../space/spatial-operator.js";
import type { SpatialSolver } from "../space/spatial-solver.js";
import { readStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { TimeGrid } from "../time/time-grid.js";
import type { TimeStep } from "../time/time-step.js";

/** φ in space, zero on the boundary, and Lφ = −∇·(ν∇φ); left out, the discrete operator is applied, and space makes no error. */
export interface Shape {
  readonly value: PointFunction;
  readonly image?: PointFunction;
}

/** A function of time and its derivative. */
export interface Course {
  readonly value: (t: number) => number;
  readonly derivative: (t: number) => number;
}

/**
 * A state u = a(t)φ(x) and an adjoint λ = b(t)ψ(x). They solve the optimal control problem (OCP.1) with
 *
 *     z = sλ/ω,   f = ∂ₜu + Lu − sz,   ũ = u − ∂ₜλ + Lλ,   u₀ = u(·, 0)
 *
 * if λ vanishes where the discrete adjoint does: at T, up to first order in τ, or exactly at T⁺ = T + τ.
 */
export interface Manufactured {
  readonly extent: readonly number[];
  readonly cells: readonly number[];
  readonly diffusivity: Diffusivity;
  readonly state: { readonly shape: Shape; readonly course: Course };
  readonly adjoint: { readonly shape: Shape; readonly course: Course };
  /** ω */
  readonly regularization: number;
  /** s */
  readonly controlScale: number;
  readonly spatialSolver: (operator: SpatialOperator) => SpatialSolver;
}

/** The problem that is solved by the manufactured state and adjoint. */
export function manufacturedProblem(manufactured: Manufactured, time: TimeGrid): HeatProblem {
  const { extent, cells, diffusivity, state, adjoint, regularization, controlScale, spatialSolver } = manufactured;
  const space = boxGrid({ extent, cells });
  const operator = diffusionOperator(space, diffusivity);
  const [phi, psi] = [state.shape, adjoint.shape].map((shape) => sampledShape(space, operator, shape));
  const [a, b] = [state.course, adjoint.course];
  const combination = (terms: (t: number) => readonly (readonly [number, Float64Array])[]) => ({
    at({ end }: TimeStep, out: Float64Array) {
      out.fill(0);
      for (const [factor, values] of terms(end)) for (let j = 0; j < out.length; j++) out[j] += factor * values[j];
    },
  });
  return heatProblem({
    space,
    time,
    diffusivity,
    regularization,
    controlScale,
    spatialSolver,
    initialState: phi.value.map((value) => a.value(0) * value),
    source: combination((t) => [[a.derivative(t), phi.value], [a.value(t), phi.image], [-(controlScale ** 2 / regularization) * b.value(t), psi.value]]),
    target: combination((t) => [[a.value(t), phi.value], [-b.derivative(t), psi.value], [b.value(t), psi.image]]),
  });
}

function sampledShape(space: BoxGrid, operator: SpatialOperator, shape: Shape): { value: Float64Array; image: Float64Array } {
  const value = space.evaluate(shape.value);
  if (shape.image) return { value, image: space.evaluate(shape.image) };
  const image = new Float64Array(space.size);
  operator.apply(value, image);
  return { value, image };
}

/** Relative errors of the three fields. */
export interface FieldErrors {
  readonly state: number;
  readonly control: number;
  readonly adjoint: number;
}

/** Relative errors in the norm of L² in space and time. */
export function fieldErrors({ state, adjoint, regularization, controlScale }: Manufactured, { space }: HeatProblem, solution: Readonly<Record<keyof FieldErrors, SpaceTimeVector>>): FieldErrors {
  const exactControl = { ...adjoint, course: { ...adjoint.course, value: (t: number) => (controlScale / regularization) * adjoint.course.value(t) } };
  return {
    state: fieldError(space, solution.state, state),
    control: fieldError(space, solution.control, exactControl),
    adjoint: fieldError(space, solution.adjoint, adjoint),
  };
}

function fieldError(space: BoxGrid, field: SpaceTimeVector, exact: { readonly shape: Shape; readonly course: Course }): number {
  const { grid } = field.layout.partition;
  const shape = space.evaluate(exact.shape.value);
  const values = new Float64Array(space.size);
  let [error, size] = [0, 0];
  for (let n = 1; n <= grid.steps; n++) {
    const { end, size: tau } = grid.step(n);
    readStep(field, n, values);
    values.forEach((value, j) => {
      const expected = exact.course.value(end) * shape[j];
      error += tau * (value - expected) ** 2;
      size += tau * expected ** 2;
    });
  }
  return Math.sqrt(error / size);
}
