import { boxGrid, type BoxGrid } from "./box-grid.js";
import { choleskySolver } from "./cholesky-solver.js";
import { diffusionOperator } from "./diffusion-operator.js";
import { resolveDiffusivity, type Diffusivity } from "./diffusivity.js";
import { laplacianEigenvalues } from "./sine-transform.js";

/** A few numbers about ν: what the cost of a solve depends on. */
export interface DiffusivityProfile {
  /** ν where it is the same everywhere. */
  readonly constant?: number;
  readonly smallest: number;
  readonly largest: number;
  /** The constant ν with the same smallest eigenvalue of L. */
  readonly effective: number;
  /** Geometric mean. */
  readonly typical: number;
  /** Largest ratio of ν between neighbouring nodes. */
  readonly jump: number;
}

/** Cells an axis at most where ν is sampled, by dimension. */
const SAMPLED_CELLS = [256, 32, 12] as const;
/** Steps of inverse iteration: enough for µ₁ within a few percent. */
const INVERSE_ITERATIONS = 8;

/**
 * The profile of ν from samples on a grid of at most 256, 32², 12³ cells: milliseconds whatever the grid.
 * Features smaller than its cells may be missed; that changes a prediction, not a result. A function counts as variable, whatever its values.
 * Errors: `InvalidArgumentError` where ν is not positive.
 */
export function diffusivityProfile(grid: BoxGrid, diffusivity: Diffusivity): DiffusivityProfile {
  if (typeof diffusivity === "number") return constantProfile(diffusivity);
  if (typeof diffusivity !== "function" && diffusivity.every((value) => value === diffusivity[0])) return constantProfile(diffusivity[0]);
  const sampled = boxGrid({ extent: grid.extent, cells: grid.cells.map((count) => Math.min(count, SAMPLED_CELLS[grid.dimension - 1])) });
  const nodal = typeof diffusivity === "function" ? sampled.evaluateAtNodes(diffusivity) : nearestNodes(grid, diffusivity, sampled);
  resolveDiffusivity(sampled, nodal);
  const [smallest, largest] = nodal.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, 0]);
  const effective = largest * effectiveFraction(sampled, nodal.map((value) => value / largest));
  const typical = Math.exp(nodal.reduce((sum, value) => sum + Math.log(value), 0) / nodal.length);
  return { smallest, largest, typical, effective, jump: largestJump(sampled, nodal) };
}

function constantProfile(constant: number): DiffusivityProfile {
  return { constant, smallest: constant, largest: constant, effective: constant, typical: constant, jump: 1 };
}

/** Smaller fractions of the largest ν count as this, so that squares stay in range. */
const SMALLEST_FRACTION = 1e-100;

/** µ₁ of the operator with diffusivities of at most 1, over that with 1 everywhere. */
function effectiveFraction(grid: BoxGrid, fractions: Float64Array): number {
  const operator = diffusionOperator(grid, fractions.map((value) => Math.max(value, SMALLEST_FRACTION)));
  const inverse = choleskySolver(operator).shifted(0);
  return rayleighQuotient((x, y) => inverse.solve(x, y), grid.size) / Math.min(...laplacianEigenvalues(grid, 1));
}

/** Values at the nodes of the finer grid that lie nearest to those of the coarser one. */
function nearestNodes(fine: BoxGrid, nodal: Float64Array, coarse: BoxGrid): Float64Array {
  const indices = coarse.cells.map((cells, axis) => Array.from({ length: cells + 1 }, (_, i) => Math.round((i * fine.cells[axis]) / cells)));
  const [xs, ys = [0], zs = [0]] = indices;
  const [width, height] = [fine.cells[0] + 1, (fine.cells[1] ?? 0) + 1];
  return Float64Array.from(zs.flatMap((z) => ys.flatMap((y) => xs.map((x) => nodal[(z * height + y) * width + x]))));
}

/** µ₁ of L from above, by inverse iteration. */
function rayleighQuotient(solve: (x: Float64Array, y: Float64Array) => void, size: number): number {
  const x = new Float64Array(size).fill(1);
  const y = new Float64Array(size);
  let quotient = Infinity;
  for (let k = 0; k < INVERSE_ITERATIONS; k++) {
    solve(x, y);
    const mixed = y.reduce((sum, value, j) => sum + value * x[j], 0);
    const square = y.reduce((sum, value) => sum + value * value, 0);
    quotient = mixed / square;
    y.forEach((value, j) => (x[j] = value / Math.sqrt(square)));
  }
  return quotient;
}

function largestJump(grid: BoxGrid, nodal: Float64Array): number {
  let largest = 1;
  let stride = 1;
  for (const cells of grid.cells) {
    for (let i = stride; i < nodal.length; i++) {
      if (Math.floor(i / stride) % (cells + 1) === 0) continue;
      const ratio = nodal[i] / nodal[i - stride];
      largest = Math.min(Number.MAX_VALUE, Math.max(largest, ratio, 1 / ratio));
    }
    stride *= cells + 1;
  }
  return largest;
}
