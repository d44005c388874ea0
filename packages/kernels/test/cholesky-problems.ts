import { csrFromTriplets, diffusionOperator, boxGrid, nestedDissection, symbolicCholesky, type CsrMatrix } from "@parakkt/core";
import type { Block, CholeskyData, Kernels, Lanes, LaneSolver, SolveFactors } from "@parakkt/kernels";
import type { SeededRandom } from "@parakkt/testing";

/** A symmetric positive definite matrix, analysed; ‖A‖∞ ≤ `norm`. */
export interface CholeskyProblem {
  readonly name: string;
  readonly matrix: CsrMatrix;
  readonly data: CholeskyData;
  readonly norm: number;
}

function problem(name: string, matrix: CsrMatrix, order?: Int32Array): CholeskyProblem {
  const rowSums = Array.from({ length: matrix.rows }, (_, i) =>
    matrix.values.subarray(matrix.rowPointers[i], matrix.rowPointers[i + 1]).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  return { name, matrix, data: { pattern: symbolicCholesky(matrix, order), values: matrix.values }, norm: Math.max(...rowSums) };
}

/** Symmetric with independent entries where `coupled`, and a diagonal that exceeds the row sums by ½. */
function dominant(size: number, random: SeededRandom, coupled: () => boolean): CsrMatrix {
  const entries: [number, number, number][] = [];
  const diagonal = new Float64Array(size).fill(0.5);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      if (!coupled()) continue;
      const value = random.normal();
      entries.push([i, j, value], [j, i, value]);
      for (const k of [i, j]) diagonal[k] += Math.abs(value);
    }
  }
  diagonal.forEach((value, i) => entries.push([i, i, value]));
  return csrFromTriplets({ rows: size, cols: size, rowIndices: entries.map((e) => e[0]), columnIndices: entries.map((e) => e[1]), values: entries.map((e) => e[2]) });
}

/** One supernode as wide as the matrix. */
export function denseProblem(size: number, random: SeededRandom): CholeskyProblem {
  return problem(`dense ${size}`, dominant(size, random, () => true));
}

/** In a random order, with supernodes of all widths. */
export function sparseProblem(size: number, random: SeededRandom): CholeskyProblem {
  const keys = random.normalVector(size);
  const order = Int32Array.from({ length: size }, (_, i) => i).sort((a, b) => keys[a] - keys[b]);
  return problem(`sparse ${size}`, dominant(size, random, () => random.uniform() < 2.5 / size), order);
}

/** −∇·(ν∇) with ν between 1 and about 1000. */
export function diffusionProblem(points: readonly number[], random: SeededRandom): CholeskyProblem {
  const nu = Array.from({ length: 64 }, () => 1000 ** random.uniform());
  const grid = boxGrid({ extent: points.map(() => 1), cells: points.map((n) => n + 1) });
  const operator = diffusionOperator(grid, (x, y, z) => nu[Math.floor(4 * x) + 4 * Math.floor(3.99 * y) + 16 * Math.floor(3.99 * z)] ?? 1);
  return problem(`diffusion ${points.join("×")}`, operator.toCsr(), nestedDissection(points, "axes"));
}

/** A block inside memory that holds NaN everywhere else; it begins at an odd index. */
export function blockAmongNaN(kernels: Kernels, length: number, values?: Float64Array): Block {
  const data = kernels.allocate(length + 9).fill(NaN);
  const block = { data, offset: 3 };
  data.set(values ?? new Float64Array(length).fill(NaN), block.offset);
  return block;
}

export function laneOf({ data, offset }: Block, { lanes, lane, size }: { lanes: Lanes; lane: number; size: number }): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => data[offset + i * lanes + lane]);
}

/** Solves into memory of its own and hands back the block of results. */
export function solveLanes(kernels: Kernels, { solver, lanes, factors }: { solver: LaneSolver; lanes: Lanes; factors: SolveFactors }, x: Float64Array, y?: Float64Array): Block {
  const length = solver.size * lanes;
  const out = blockAmongNaN(kernels, length);
  solver.prepare(lanes, [...factors.shift]);
  solver.solve(lanes, factors, { x: blockAmongNaN(kernels, length, x), y: y && blockAmongNaN(kernels, length, y), out });
  return out;
}

/** ‖(A + σI)u − b‖∞ / (‖A + σI‖∞ ‖u‖∞) */
export function relativeResidual({ matrix, norm }: CholeskyProblem, shift: number, u: Float64Array, b: Float64Array): number {
  const image = new Float64Array(u.length);
  matrix.apply(u, image);
  const residual = image.map((value, i) => Math.abs(value + shift * u[i] - b[i]));
  return Math.max(...residual) / ((norm + shift) * Math.max(...u.map(Math.abs)));
}
