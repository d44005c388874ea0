import { plainKernels, type LaneSolver, type MultigridData } from "@parakkt/kernels";
import { requireArgument, requireName } from "../errors.js";
import { multigridHierarchy } from "./multigrid-hierarchy.js";
import { shiftCache } from "./shift-cache.js";
import type { SpatialOperator } from "./spatial-operator.js";
import type { ShiftedSolve, SpatialSolver } from "./spatial-solver.js";

export interface MultigridOptions {
  /** So many V(1,1)-cycles per solve, from a zero initial guess; left out: conjugate gradients with one cycle, to rounding. */
  readonly cycles?: number;
  /** Arithmetic inside the cycles on blocks of lanes; default double. Single precision halves their time, and B is symmetric to its rounding only. */
  readonly precision?: "single" | "double";
}

/**
 * Solves with any ν by geometric multigrid: V(1,1)-cycles, damped Jacobi 0.8, (bi-, tri-)linear interpolation, Galerkin coarse operators.
 *
 * With `cycles` the solve is one fixed symmetric positive definite linear map, (I − (I − BA)ᵏ) A⁻¹, A = L + σI; for constant or smooth ν a cycle
 * shrinks the error in the norm of A to 0.36 in 1-D and 2-D, 0.54 in 3-D (the smoothing factor squared) on equal cells, at most 0.57 and
 * about 0.7 on unequal ones, whatever n and σ; measured 0.74 with an inclusion of ν = 1e4. Without, `exact`: conjugate gradients preconditioned by one cycle until the residual is below 1e-15 of
 * the right-hand side or stops falling; then the map is linear and symmetric up to rounding only.
 *
 * Cost: a cycle is about three operator applications and the interpolation, times 1/(1 − 2⁻ᵈ). `lanes`: the same maps on blocks, by the kernels'
 * multigrid, with tables and work space of their own. Storage without them: on each level two vectors and below the finest the matrix,
 * with n = 2ʲ − 1 points per axis in d dimensions Σ 2 nₗᵈ + Σ (3 nₗ₊₁ − 2)ᵈ doubles and 2 nₗ weights an axis that is coarsened; from the first
 * `shifted` on three more vectors a level, those of the interpolation, below the finest (and on it when ν is constant) the stencil again; four
 * vectors; per shift one small factor.
 * Errors: `InvalidArgumentError` unless `cycles` is a whole number ≥ 1, or for a shift that is negative or not finite.
 */
export function multigridSolver(operator: SpatialOperator, { cycles, precision = "double" }: MultigridOptions = {}): SpatialSolver {
  requireArgument(cycles === undefined || (Number.isInteger(cycles) && cycles >= 1), () => ({
    what: "number of cycles",
    where: "multigridSolver",
    expected: "a whole number of at least 1",
    got: String(cycles),
  }));
  requireName(precision, ["single", "double"], { what: "precision", where: "multigridSolver" });
  const data = multigridHierarchy(operator);
  const options = { ...(cycles === undefined ? {} : { cycles }), precision };
  let storage = hierarchyStorage(data);
  let solver: LaneSolver | undefined;
  const oneLane = (): LaneSolver => {
    storage += oneLaneStorage(data);
    return plainKernels().multigrid(data, options);
  };
  return {
    name: "multigrid",
    factors: false,
    exact: cycles === undefined,
    get storage() {
      return storage;
    },
    shifted: shiftCache((shift) => {
      solver ??= oneLane();
      storage += factorStorage(data);
      return oneLaneSolve(solver, shift);
    }),
    lanes: (kernels) => kernels.multigrid(data, options),
  };
}

function oneLaneSolve(solver: LaneSolver, shift: number): ShiftedSolve {
  const factors = { shift: Float64Array.of(shift), rhs: Float64Array.of(1), neighbour: Float64Array.of(0) };
  solver.prepare(1, [shift]);
  return {
    solve: (rhs, out) => solver.solve(1, factors, { x: { data: rhs, offset: 0 }, out: { data: out, offset: 0 } }),
  };
}

const product = (counts: readonly number[]): number => counts.reduce((a, b) => a * b, 1);
const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0);

/** Two vectors a level, matrices and weights. */
function hierarchyStorage({ levels }: MultigridData): number {
  return sum(levels.map(({ points, matrix, interpolation = [] }) => 2 * product(points) + (matrix?.values.length ?? 0) + 2 * sum(interpolation.map((weights) => weights?.lower.length ?? 0))));
}

/** Three vectors a level, the stencil where it is not the operator's own, the vectors between the axes of an interpolation; four vectors. */
function oneLaneStorage({ finest, levels }: MultigridData): number {
  const size = product(levels[0].points);
  const constant = "coupling" in finest ? (1 + finest.points.length) * size : 0;
  const levelStorage = levels.map(({ points, matrix, interpolation = [] }) => {
    const stencil = matrix === undefined ? 0 : (1 + (3 ** points.length - 1) / 2) * product(points);
    const steps = points.map((_, axis) => (interpolation[axis] === undefined ? 0 : product(points.map((n, other) => (other < axis && interpolation[other] !== undefined ? Math.floor(n / 2) : n)))));
    return 3 * product(points) + stencil + sum(steps);
  });
  return sum(levelStorage) + constant + 4 * size;
}

/** Unknowns of the coarsest level times one more than the width of their band. */
function factorStorage({ levels }: MultigridData): number {
  const { points } = levels.at(-1)!;
  const width = sum(points.map((_, axis) => product(points.slice(0, axis))));
  return product(points) * (Math.min(product(points) - 1, width) + 1);
}
