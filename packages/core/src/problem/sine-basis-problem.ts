import type { Kernels, Lanes } from "@parakkt/kernels";
import { requireArgument } from "../errors.js";
import { backwardEuler } from "../integrators/backward-euler.js";
import { boxGrid, type BoxGrid } from "../space/box-grid.js";
import { diagonalOperator, diagonalSolver } from "../space/diagonal-operator.js";
import { laplacianEigenvalues } from "../space/sine-transform.js";
import type { HeatProblem } from "./heat-problem.js";
import type { OptimalControlProblem } from "./optimal-control-problem.js";

/** A heat problem in the basis of sine modes, and the way back. */
export interface SineBasisProblem {
  readonly problem: OptimalControlProblem;
  /** Values at the grid points ← coefficients of the modes, in place; one state. */
  toGridPoints(state: Float64Array): void;
  /** The same for blocks of lanes one behind the other in the kernels' own memory, without a copy. */
  seriesToGridPoints(blocks: Float64Array, lanes: Lanes): void;
  /** Coefficients of the modes ← values at the grid points, as the two above. */
  toModes(state: Float64Array): void;
  seriesToModes(blocks: Float64Array, lanes: Lanes): void;
}

/**
 * The same problem with u, z, λ replaced by V u, V z, V λ, where L = Vᵀ diag(µ) V: every spatial solve is a division.
 * V is orthonormal, so that norms, objective, Krylov iterates and iteration counts are those of the original up to rounding.
 * The modes are numbered with the axes in reverse order, as the kernels' sine transform leaves them.
 *
 * One transform of each datum a step. `lanes`: of the widest block that is transformed. Errors: `InvalidArgumentError` for a variable diffusivity.
 */
export function sineBasisProblem(problem: HeatProblem, kernels: Kernels, lanes: Lanes = 1): SineBasisProblem {
  const { space, operator, integrator, forcing } = problem;
  const diffusivity = operator.constantDiffusivity;
  requireArgument(diffusivity !== undefined, () => ({
    what: "diffusivity",
    where: "sineBasisProblem",
    expected: "a constant, so that sine transforms diagonalise the operator",
    got: "one that varies in space",
    hint: "Solve the problem itself, with choleskySolver or multigridSolver.",
  }));
  const forward = orthonormalTransform(kernels, space.points, lanes);
  const toModes = forward.ofState;
  const backward = orthonormalTransform(kernels, [...space.points].reverse(), lanes);
  const eigenvalues = laplacianEigenvalues(reversedAxes(space), diffusivity);
  const initialState = problem.initialState.slice();
  toModes(initialState);
  return {
    toGridPoints: backward.ofState,
    seriesToGridPoints: backward.inPlace,
    toModes,
    seriesToModes: forward.inPlace,
    problem: {
      ...problem,
      integrator: {
        ...backwardEuler({ operator: diagonalOperator(eigenvalues), solver: diagonalSolver(eigenvalues), controlScale: integrator.controlScale }),
        slowestDecay: integrator.slowestDecay ?? 0,
      },
      initialState,
      target(step, out) {
        problem.target(step, out);
        toModes(out);
      },
      ...(forcing && {
        forcing(step: Parameters<typeof forcing>[0], out: Float64Array) {
          forcing(step, out);
          toModes(out);
        },
      }),
    },
  };
}

/** The same box with its axes in reverse order. */
export function reversedAxes({ extent, cells }: BoxGrid): BoxGrid {
  return boxGrid({ extent: [...extent].reverse(), cells: [...cells].reverse() });
}

/** The orthonormal sine transform; the axes come out in reverse order. `inPlace` for vectors of the kernels. Storage: one state more than the kernel. */
function orthonormalTransform(kernels: Kernels, points: readonly number[], widest: Lanes) {
  const transform = kernels.sineTransform(points, widest);
  const size = points.reduce((a, b) => a * b, 1);
  const work = kernels.allocate(size);
  const factors = { a: Float64Array.of(Math.sqrt(transform.scale)), b: new Float64Array(1) };
  const inPlace = (blocks: Float64Array, lanes: Lanes): void => {
    const block = { data: blocks, offset: 0 };
    kernels.vectors.combine(1, blocks.length, factors, { x: block, y: block, out: block });
    transform.apply(blocks, lanes);
  };
  return {
    inPlace(blocks: Float64Array, lanes: Lanes): void {
      // One-dimensional states are transformed several at a time.
      const length = points.length === 1 ? blocks.length : lanes * size;
      for (let offset = 0; offset < blocks.length; offset += length) inPlace(blocks.subarray(offset, offset + length), lanes);
    },
    ofState(state: Float64Array): void {
      work.set(state);
      inPlace(work, 1);
      state.set(work);
    },
  };
}
