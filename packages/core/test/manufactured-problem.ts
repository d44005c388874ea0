import {
  boxGrid,
  heatProblem,
  readStep,
  type BoxGrid,
  type Diffusivity,
  type HeatProblem,
  type OptimalControlSolution,
  type PointFunction,
  type SpaceTimeVector,
  type SpatialOperator,
  type SpatialSolver,
  type TimeGrid,
} from "@parakkt/core";

/** φ in space, zero on the boundary, and Lφ = −∇·(ν∇φ). */
export interface Shape {
  readonly value: PointFunction;
  readonly image: PointFunction;
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

export function manufacturedProblem(manufactured: Manufactured, time: TimeGrid): HeatProblem {
  const { extent, cells, diffusivity, state, adjoint, regularization, controlScale, spatialSolver } = manufactured;
  const [phi, psi, a, b] = [state.shape, adjoint.shape, state.course, adjoint.course];
  return heatProblem({
    space: boxGrid({ extent, cells }),
    time,
    diffusivity,
    regularization,
    controlScale,
    spatialSolver,
    initialState: (x, y, z) => a.value(0) * phi.value(x, y, z),
    source: (x, y, z, t) => a.derivative(t) * phi.value(x, y, z) + a.value(t) * phi.image(x, y, z) - (controlScale ** 2 / regularization) * b.value(t) * psi.value(x, y, z),
    target: (x, y, z, t) => a.value(t) * phi.value(x, y, z) - b.derivative(t) * psi.value(x, y, z) + b.value(t) * psi.image(x, y, z),
  });
}

export interface FieldErrors {
  readonly state: number;
  readonly control: number;
  readonly adjoint: number;
}

/** Relative errors in the norm of L² in space and time. */
export function fieldErrors({ state, adjoint, regularization, controlScale }: Manufactured, problem: HeatProblem, solution: OptimalControlSolution): FieldErrors {
  const { space } = problem;
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
