import type { LaneOperator, LaneSolver } from "../lane-kernels.js";
import type { KernelMemory } from "./kernel-memory.js";
import { address, laneArguments } from "./lane-arguments.js";
import type { WasmExports } from "./wasm-exports.js";

/** Storage: µ. */
export function simdDiagonal(wasm: WasmExports, memory: KernelMemory, eigenvalues: Float64Array): LaneOperator & LaneSolver {
  const size = eigenvalues.length;
  const mu = memory.doubles(size);
  mu.set(eigenvalues);
  const args = laneArguments(memory, 4);
  const combine = { 1: wasm.combineDiagonal1, 2: wasm.combineDiagonal2, 4: wasm.combineDiagonal4, 8: wasm.combineDiagonal8 };
  return {
    size,
    combine(lanes, { a, b, c, d }, { x, y, z, out }, products) {
      args.setFactors(0, lanes, a);
      args.setFactors(1, lanes, b);
      args.setFactors(2, lanes, c);
      args.setFactors(3, lanes, d);
      const sums = products ? args.sums : 0;
      combine[lanes](size, mu.byteOffset, args.factors, address(x), y ? address(y) : 0, z ? address(z) : 0, address(out), sums);
      if (products) args.takeSums(lanes, products);
    },
    prepare() {
      // Nothing depends on the lanes or the shifts.
    },
    solve(lanes, { shift, rhs, neighbour }, { x, y, out }) {
      args.setFactors(0, lanes, shift);
      args.setFactors(1, lanes, rhs);
      args.setFactors(2, lanes, neighbour);
      wasm.solveDiagonal(lanes, size, mu.byteOffset, args.factors, address(x), y ? address(y) : 0, address(out));
    },
  };
}
