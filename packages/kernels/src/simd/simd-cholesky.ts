import type { CholeskyData, CholeskyOptions } from "../cholesky-data.js";
import type { Block, Lanes, LaneSolver, SolveBlocks, SolveFactors } from "../lane-kernels.js";
import { choleskyChain } from "./cholesky-chain.js";
import { choleskyFactors } from "./cholesky-factors.js";
import { laneGroup } from "./lane-group.js";
import type { KernelMemory } from "./kernel-memory.js";
import type { WasmExports } from "./wasm-exports.js";

/** A call handles so many supernodes: the engine exchanges slow first code for fast code between calls only. */
const SUPERNODES_A_CALL = 1024;

/**
 * `Kernels.cholesky` in wasm: lanes of equal shift are solved together; a lane has the same bits among any others, but not those of one that is `alone`. Storage: the pattern, one
 * block and the factors. Cost: nnz(L) multiply-adds a lane in each of two passes over a factor.
 */
export function simdCholesky(wasm: WasmExports, memory: KernelMemory, data: CholeskyData, options: CholeskyOptions = {}): LaneSolver {
  const single = options.precision === "single";
  const { size, supernodes } = data.pattern;
  const factors = choleskyFactors(wasm, memory, { data, single });
  const places = memory.words(placesOf(data.pattern.order)).byteOffset;
  const group = laneGroup(memory);
  const [gather, scatter] = single ? [wasm.gatherLanesSingle, wasm.scatterLanesSingle] : [wasm.gatherLanes, wasm.scatterLanes];
  let work = memory.doubles(0);
  let entries: Float64Array | Float32Array = work;
  const lanesOfVector = single ? 4 : 2;
  const solveTriangles = (panels: number, vectors: number, block = work.byteOffset): void => {
    const [forward, backward] = single ? [wasm.solveForwardSingle, wasm.solveBackwardSingle] : [wasm.solveForward, wasm.solveBackward];
    for (let s = 0; s < supernodes; s += SUPERNODES_A_CALL) forward(factors.pattern, s, Math.min(supernodes, s + SUPERNODES_A_CALL), panels, block, vectors);
    for (let s = supernodes; s > 0; s -= SUPERNODES_A_CALL) backward(factors.pattern, Math.max(0, s - SUPERNODES_A_CALL), s, panels, block, vectors);
  };
  /** Solves with the factor of a shift in a block of so many vectors a row. */
  const solveBlock = (shift: number, vectors: number, block: number): void => solveTriangles(factors.panels(shift), vectors, block);

  /** The lanes whose shift is that of lane `first`, `count` of them. */
  const solveGroup = (lanes: Lanes, { first, count }: { first: number; count: number }, factorsOfLanes: SolveFactors, { x, y, out }: SolveBlocks): void => {
    const [pairs, lane] = count === 1 ? [0, first] : [lanes / 2, 0];
    const [source, neighbour] = [address(x, lane), y === undefined ? 0 : address(y, lane)];
    group.select(lanes, { first, count }, factorsOfLanes);
    gather(places, size, source, neighbour, 8 * lanes, group.address, work.byteOffset, pairs);
    if (single && group.rescale(pairs === 0 ? 1 : lanes)) gather(places, size, source, neighbour, 8 * lanes, group.address, work.byteOffset, pairs);
    const alone = factorsOfLanes.alone === true;
    const widened = pairs === 0 && !alone;
    if (widened) widen(entries, size, lanesOfVector);
    solveTriangles(factors.panels(factorsOfLanes.shift[first]), alone ? 0 : Math.max(1, single ? Math.ceil(pairs / 2) : pairs));
    if (widened) narrow(entries, size, lanesOfVector);
    scatter(places, size, address(out, lane), 8 * lanes, group.address, work.byteOffset, pairs, Number(count === lanes));
  };
  return {
    size,
    prepare(lanes, shifts) {
      const doubles = Math.ceil((size * rowBytes(single, lanes)) / 8);
      if (doubles > work.length) work = memory.doubles(doubles);
      entries = single ? new Float32Array(work.buffer, work.byteOffset, 2 * work.length) : work;
      for (const shift of shifts) factors.prepare(shift);
    },
    solve(lanes, factorsOfLanes, blocks) {
      const { shift } = factorsOfLanes;
      for (let first = 0; first < lanes; first++) {
        const count = lanesFrom(shift, first, lanes);
        if (count > 0) solveGroup(lanes, { first, count }, factorsOfLanes, blocks);
      }
    },
    ...(single && { chain: (lanes) => (lanes >= 4 && size * lanes >= 16 ? choleskyChain({ wasm, memory, size, places, solveBlock }, lanes) : undefined) }),
  };
}

/** A single lane becomes the first of a vector: the order of its sums, and so its bits, must not tell whether others were solved beside it. */
function widen(entries: Float64Array | Float32Array, size: number, width: number): void {
  for (let p = size - 1; p >= 0; p--) {
    const value = entries[p];
    for (let l = 1; l < width; l++) entries[width * p + l] = 0;
    entries[width * p] = value;
  }
}

function narrow(entries: Float64Array | Float32Array, size: number, width: number): void {
  for (let p = 0; p < size; p++) entries[p] = entries[width * p];
}

/** Position in the elimination order of each dof. */
function placesOf(order: ArrayLike<number>): number[] {
  const places = new Array<number>(order.length);
  for (let p = 0; p < order.length; p++) places[order[p]] = p;
  return places;
}

/** How many lanes have the shift of lane `first`; 0 if one before it has. */
function lanesFrom(shift: Float64Array, first: number, lanes: number): number {
  let count = 0;
  for (let l = 0; l < lanes; l++) {
    if (shift[l] !== shift[first]) continue;
    if (l < first) return 0;
    count++;
  }
  return count;
}

/** Lanes fill whole vectors. */
function rowBytes(single: boolean, lanes: Lanes): number {
  return Math.max(16, (single ? 4 : 8) * lanes);
}

function address({ data, offset }: Block, lane: number): number {
  return data.byteOffset + 8 * (offset + lane);
}
