import type { Block, CombinationBlocks, CombinationFactors, ConstantStencilData, LaneOperator, Lanes, StencilData } from "../lane-kernels.js";
import { isConstantStencil, stencilShape } from "../stencil-shape.js";
import type { KernelMemory } from "./kernel-memory.js";
import type { WasmExports } from "./wasm-exports.js";

const MAX_LANES = 8;

/** Storage: variable coefficients one double a point for the diagonal and for each axis; constant ones a line of zeros. */
export function simdStencil(wasm: WasmExports, memory: KernelMemory, data: StencilData | ConstantStencilData): LaneOperator {
  const { size } = stencilShape(data.points);
  const sums = memory.doubles(2 * MAX_LANES);
  const { frame, setFactors, run } = isConstantStencil(data) ? constantProgram(wasm, memory, data, sums) : variableProgram(wasm, memory, data, sums);
  return {
    size,
    combine(lanes: Lanes, { a, b, c, d }: CombinationFactors, { x, y, z, out }: CombinationBlocks, products?: Float64Array) {
      // Without products a lone z is a term like y.
      const [first, second, firstFactor] = y === undefined && products === undefined ? [z, undefined, d] : [y, z, c];
      setFactors(lanes, { a, b, c: firstFactor, d });
      frame[0] = address(x);
      frame[1] = address(first ?? x);
      frame[2] = address(second ?? x);
      frame[3] = address(out);
      sums.fill(0);
      run(lanes, first !== undefined, second !== undefined, products !== undefined);
      if (products === undefined) return;
      for (let l = 0; l < lanes; l++) {
        products[2 * l] = sums[l];
        products[2 * l + 1] = sums[lanes + l];
      }
    },
  };
}

/** One of the two wasm functions with its frame, whose first four words are the addresses of the blocks. */
interface StencilProgram {
  readonly frame: Uint32Array;
  setFactors(lanes: Lanes, factors: CombinationFactors): void;
  run(lanes: Lanes, y: boolean, z: boolean, products: boolean): void;
}

function address({ data, offset }: Block): number {
  return data.byteOffset + 8 * offset;
}

/** The frame is that of assembly/constant-stencil.ts. */
function constantProgram(wasm: WasmExports, memory: KernelMemory, { points, diagonal, coupling }: ConstantStencilData, sums: Float64Array): StencilProgram {
  const factors = memory.doubles(6 * MAX_LANES);
  const zeros = memory.doubles(points[0] * MAX_LANES);
  const [columns, rows = 1, planes = 1] = points;
  const frame = memory.words([0, 0, 0, 0, columns, rows, planes, factors.byteOffset, sums.byteOffset, zeros.byteOffset]);
  const [onLine, onPlane = 0, betweenPlanes = 0] = coupling;
  return {
    frame,
    setFactors(lanes, { a, b, c, d }) {
      // One lane: two equal entries each, for two dofs.
      const row = Math.max(2, lanes);
      for (let i = 0; i < row; i++) {
        const l = i % lanes;
        factors[i] = a[l] + b[l] * diagonal;
        factors[row + i] = b[l] * onLine;
        factors[2 * row + i] = b[l] * onPlane;
        factors[3 * row + i] = b[l] * betweenPlanes;
        factors[4 * row + i] = c[l];
        factors[5 * row + i] = d[l];
      }
    },
    run: (lanes, y, z, products) => wasm.combineConstantStencil(frame.byteOffset, lanes, y, z, products),
  };
}

/** The frame is that of assembly/stencil.ts. */
function variableProgram(wasm: WasmExports, memory: KernelMemory, data: StencilData, sums: Float64Array): StencilProgram {
  const { strides } = stencilShape(data.points);
  const factors = memory.doubles(4 * MAX_LANES);
  const cells = memory.doubles(3 * MAX_LANES);
  const runs = longRuns(data.points);
  const frame = memory.words([
    ...[0, 0, 0, 0, memory.words(runs.flat()).byteOffset, runs.length, factors.byteOffset, sums.byteOffset, cells.byteOffset],
    ...coefficientTables(memory, data),
    ...[strides[1] ?? 0, strides[2] ?? 0],
  ]);
  return {
    frame,
    setFactors(lanes, { a, b, c, d }) {
      for (let l = 0; l < lanes; l++) {
        factors[l] = a[l];
        factors[lanes + l] = b[l];
        factors[2 * lanes + l] = c[l];
        factors[3 * lanes + l] = d[l];
      }
    },
    run: (lanes, y, z, products) => wasm.combineStencil(frame.byteOffset, lanes, strides.length, y, z, products),
  };
}

/** Diagonal and the couplings on x, y, z, with one stride of zeros behind the last point; zeros for an axis that is not there. */
function coefficientTables(memory: KernelMemory, { points, diagonal, couplings }: StencilData): number[] {
  const { size, strides } = stencilShape(points);
  const ownDiagonal = memory.doubles(size);
  ownDiagonal.set(diagonal.subarray(0, size));
  const ownCouplings = strides.map((stride, axis) => {
    const own = memory.doubles(size + stride);
    own.set(couplings[axis].subarray(0, size));
    return own.byteOffset;
  });
  // A line is taken for a plane of one line; a third axis is not read where there are two.
  if (ownCouplings.length === 1) ownCouplings.push(memory.doubles(size).byteOffset);
  return [ownDiagonal.byteOffset, ...ownCouplings, ownDiagonal.byteOffset].slice(0, 4);
}

/** First dof, number of dofs, missing neighbours (left, right, below, above, lower, upper: bits 0 to 5). */
type Run = readonly [first: number, count: number, missing: number];

/** Cut where a neighbour would lie outside the block: elsewhere a missing one is some other dof with coupling 0. */
function longRuns(points: readonly number[]): Run[] {
  const { size, strides } = stencilShape(points);
  const cuts = [...new Set([0, size, ...strides, ...strides.map((stride) => size - stride)])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, k) => {
    const first = cuts[k];
    const missing = strides.reduce((bits, stride, axis) => bits | (first < stride ? 1 << (2 * axis) : 0) | (end > size - stride ? 2 << (2 * axis) : 0), 0);
    return [first, end - first, missing];
  });
}
