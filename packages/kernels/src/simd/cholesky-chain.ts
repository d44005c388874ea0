import type { Block, Lanes, SolveChain, SolveFactors } from "../lane-kernels.js";
import type { KernelMemory } from "./kernel-memory.js";
import { address, laneArguments } from "./lane-arguments.js";
import { allOnes, laneGroup } from "./lane-group.js";
import type { WasmExports } from "./wasm-exports.js";

/** A Cholesky solver in single precision, as its chain needs it. */
export interface ChainedCholesky {
  readonly wasm: WasmExports;
  readonly memory: KernelMemory;
  readonly size: number;
  /** Address of the position in the elimination order of each dof. */
  readonly places: number;
  /** Solves with the factor of a shift in place: `block` is the address of [position][lane], `vectors` a row. */
  solveBlock(shift: number, vectors: number, block: number): void;
}

/** Doubles before a kept solution: the reciprocal scales of its lanes. */
const SCALES = 8;

/**
 * For four or eight lanes. A kept solution is the reciprocal scales and the work block. Right-hand sides from the caller's blocks are made in place; a copy of the solution
 * before is there to make them again with scales. Storage: two blocks in single precision.
 */
export function choleskyChain({ wasm, memory, size, places, solveBlock }: ChainedCholesky, lanes: Lanes): SolveChain {
  const vectors = lanes / 4;
  const group = laneGroup(memory);
  const args = laneArguments(memory, 0);
  let [work, spare] = [memory.doubles((size * lanes) / 2).byteOffset, memory.doubles((size * lanes) / 2).byteOffset];
  /** Where the solution stands a second time. */
  let copy = spare;
  /** The next solution. `gather` writes its right-hand side with s at `source`, and once more where that needs scales. */
  const advance = (factors: SolveFactors, keptIsScaled: boolean, gather: (scaled: number, first: boolean) => void): void => {
    const scaled = group.retire() || keptIsScaled;
    group.select(lanes, { first: 0, count: lanes }, factors);
    gather(Number(scaled), true);
    if (group.rescale(lanes)) gather(1, false);
    solveBlock(factors.shift[0], vectors, work);
  };
  const keep = (kept: Block | undefined, products?: Float64Array): void => {
    kept?.data.set(group.reciprocals, kept.offset);
    copy = kept ? address(kept) + 8 * SCALES : spare;
    wasm.keepBlock(size, work, copy, vectors);
    if (!products) return;
    wasm.chainSquares(places, size, work, group.address, args.sums, vectors, Number(!allOnes(group.reciprocals)));
    args.takeSums(lanes, products);
  };
  return {
    solve(factors, { x, kept }, ...[coupled, products]) {
      const source = address(x);
      advance(factors, false, (scaled, first) => {
        if (coupled) wasm.chainLanes(places, size, source, first ? work : copy, group.address, work, vectors, scaled);
        else wasm.gatherLanesSingle(places, size, source, 0, 8 * lanes, group.address, work, lanes / 2);
      });
      keep(kept, products);
    },
    solveKept(factors, kept, coupled) {
      const scales = kept === undefined ? 0 : address(kept);
      const from = kept === undefined ? 0 : scales + 8 * SCALES;
      const keptIsScaled = kept !== undefined && !allOnes(kept.data.subarray(kept.offset, kept.offset + SCALES));
      [work, spare] = [spare, work];
      advance(factors, keptIsScaled, (scaled) => wasm.chainKept(size, from, scales, coupled ? spare : 0, group.address, work, vectors, scaled));
    },
    read: (out) => wasm.scatterLanesSingle(places, size, address(out), 8 * lanes, group.address, work, lanes / 2, 1),
    advance({ a, b }, { x, p }) {
      wasm.chainAdvance(places, size, work, group.address, a, b, address(p), address(x), vectors);
    },
  };
}
