import { requireArgument } from "../errors.js";
import { backwardEuler } from "../integrators/backward-euler.js";
import { diagonalOperator, diagonalSolver } from "../space/diagonal-operator.js";
import { laplacianEigenvalues, sineTransform, type SineTransform } from "../space/sine-transform.js";
import type { HeatProblem } from "./heat-problem.js";
import type { OptimalControlProblem } from "./optimal-control-problem.js";

/** A heat problem in the basis of sine modes, and the transform that leads there and back. */
export interface SineBasisProblem {
  readonly problem: OptimalControlProblem;
  /** V of one state, orthonormal, V² = I. */
  readonly transform: SineTransform;
}

/**
 * The same problem with u, z, λ replaced by V u, V z, V λ, where L = V diag(µ) V: every spatial solve is a division.
 * V is orthonormal, so that norms, objective, Krylov iterates and iteration counts are those of the original up to rounding.
 *
 * One transform of each datum a step. Errors: `InvalidArgumentError` for a variable diffusivity.
 */
export function sineBasisProblem(problem: HeatProblem): SineBasisProblem {
  const { space, operator, integrator, forcing } = problem;
  const diffusivity = operator.constantDiffusivity;
  requireArgument(diffusivity !== undefined, () => ({
    what: "diffusivity",
    where: "sineBasisProblem",
    expected: "a constant, so that sine transforms diagonalise the operator",
    got: "one that varies in space",
    hint: "Solve the problem itself, with choleskySolver or multigridSolver.",
  }));
  const transform = sineTransform(space);
  const eigenvalues = laplacianEigenvalues(space, diffusivity);
  const initialState = new Float64Array(space.size);
  transform.apply(problem.initialState, initialState);
  return {
    transform,
    problem: {
      ...problem,
      integrator: backwardEuler({ operator: diagonalOperator(eigenvalues), solver: diagonalSolver(eigenvalues), controlScale: integrator.controlScale }),
      initialState,
      target(step, out) {
        problem.target(step, out);
        transform.apply(out, out);
      },
      ...(forcing && {
        forcing(step: Parameters<typeof forcing>[0], out: Float64Array) {
          forcing(step, out);
          transform.apply(out, out);
        },
      }),
    },
  };
}
