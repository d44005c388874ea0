import type { Block, CombinationBlocks, CombinationFactors, ConstantStencilData, LaneOperator, Lanes, StencilData } from "../lane-kernels.js";
import { isConstantStencil, stencilShape } from "../stencil-shape.js";
import type { KernelMemory } from "./kernel-memory.js";
import type { WasmExports } from "./wasm-exports.js";

const MAX_LANES = 8;

/** Storage: variable coefficients one double a point for the diagonal and for each axis; constant ones a few lines. */
export function simdStencil(wasm: WasmExports, memory: KernelMemory, data: StencilData | ConstantStencilData): LaneOperator {
  const { size, strides } = stencilShape(data.points);
  const constant = isConstantStencil(data);
  const signsAndFactors = memory.doubles(2 + 4 * MAX_LANES);
  const [signs, factors] = [signsAndFactors.subarray(0, 2), signsAndFactors.subarray(2)];
  const sums = memory.doubles(2 * MAX_LANES);
  const frame = memory.words(frameWords(memory, data, [factors, sums]));
  return {
    size,
    combine(lanes: Lanes, { a, b, c, d }: CombinationFactors, { x, y, z, out }: CombinationBlocks, products?: Float64Array) {
      // Without products a lone z is a term like y.
      const [first, second, firstFactor] = y === undefined && products === undefined ? [z, undefined, d] : [y, z, c];
      for (let l = 0; l < lanes; l++) {
        factors[l] = a[l];
        factors[lanes + l] = b[l];
        factors[2 * lanes + l] = first === undefined ? 0 : firstFactor[l];
        factors[3 * lanes + l] = second === undefined ? 0 : d[l];
      }
      frame[0] = address(x);
      frame[1] = address(first ?? x);
      frame[2] = address(second ?? x);
      frame[3] = address(out);
      sums.fill(0);
      signs.fill(first === undefined ? -0 : 0);
      wasm.combineStencil(frame.byteOffset, lanes, strides.length, constant, first !== undefined, second !== undefined, products !== undefined);
      if (products === undefined) return;
      for (let l = 0; l < lanes; l++) {
        products[2 * l] = sums[l];
        products[2 * l + 1] = sums[lanes + l];
      }
    },
  };
}

function address({ data, offset }: Block): number {
  return data.byteOffset + 8 * offset;
}

/** The frame as assembly/stencil.ts describes it. */
function frameWords(memory: KernelMemory, data: StencilData | ConstantStencilData, [factors, sums]: readonly Float64Array[]): number[] {
  const { strides } = stencilShape(data.points);
  const runs = isConstantStencil(data) ? lineRuns(data.points) : longRuns(data.points);
  const zeros = memory.doubles(isConstantStencil(data) ? data.points[0] * MAX_LANES : 1);
  const cells = memory.doubles(3 * MAX_LANES);
  const [line, plane] = [strides[1] ?? 0, strides[2] ?? 0];
  return [
    ...[0, 0, 0, 0, memory.words(runs.flat()).byteOffset, runs.length, factors.byteOffset, sums.byteOffset, zeros.byteOffset, cells.byteOffset],
    ...(isConstantStencil(data) ? constantTables(memory, data) : variableTables(memory, data)),
    ...[line, plane],
  ];
}

/** Addresses of the diagonal and of the couplings on x, y, z; those along a line are 0 at both ends. */
function constantTables(memory: KernelMemory, { points, diagonal, coupling }: ConstantStencilData): number[] {
  const alongLine = memory.doubles(points[0] + 1);
  alongLine.fill(coupling[0], 1, points[0]);
  const constants = memory.doubles(3);
  constants.set([diagonal, coupling[1] ?? 0, coupling[2] ?? 0]);
  return [constants.byteOffset, alongLine.byteOffset, constants.byteOffset + 8, constants.byteOffset + 16];
}

/** Arrays with one stride of zeros behind the last point; for an axis that is not there the diagonal, whose entries are read but not used. */
function variableTables(memory: KernelMemory, { points, diagonal, couplings }: StencilData): number[] {
  const { size, strides } = stencilShape(points);
  const ownDiagonal = memory.doubles(size);
  ownDiagonal.set(diagonal.subarray(0, size));
  const ownCouplings = [0, 1, 2].map((axis) => {
    if (axis >= points.length) return ownDiagonal.byteOffset;
    const own = memory.doubles(size + strides[axis]);
    own.set(couplings[axis].subarray(0, size));
    return own.byteOffset;
  });
  return [ownDiagonal.byteOffset, ...ownCouplings];
}

/** First dof, number of dofs, missing neighbours (left, right, below, above, lower, upper), first x coupling. */
type Run = readonly [first: number, count: number, missing: number, coupling: number];

/** Cut where a neighbour would lie outside the block: elsewhere a missing one is some other dof with coupling 0. */
function longRuns(points: readonly number[]): Run[] {
  const { size, strides } = stencilShape(points);
  const cuts = [...new Set([0, size, ...strides, ...strides.map((stride) => size - stride)])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, k) => {
    const first = cuts[k];
    const missing = strides.reduce((bits, stride, axis) => bits | (first < stride ? 1 << (2 * axis) : 0) | (end > size - stride ? 2 << (2 * axis) : 0), 0);
    return [first, end - first, missing, first];
  });
}

/** One a line, cut also behind the first and before the last dof of the block. */
function lineRuns(points: readonly number[]): Run[] {
  const [length, rows = 1] = points;
  const { size, strides } = stencilShape(points);
  const cuts = new Set([1, size - 1]);
  for (let first = 0; first <= size; first += length) cuts.add(first);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, k) => {
    const first = sorted[k];
    const row = Math.floor(first / length);
    const inRow = row % rows;
    const missing =
      (first === 0 ? 1 : 0) | (end === size ? 2 : 0) | (inRow === 0 ? 4 : 0) | (inRow === rows - 1 ? 8 : 0) |
      (first < (strides[2] ?? 0) ? 16 : 0) | (end > size - (strides[2] ?? 0) ? 32 : 0);
    return [first, end - first, missing, first - row * length];
  });
}
