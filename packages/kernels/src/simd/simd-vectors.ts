import type { VectorKernels } from "../lane-kernels.js";
import type { KernelMemory } from "./kernel-memory.js";
import { address, laneArguments } from "./lane-arguments.js";
import type { WasmExports } from "./wasm-exports.js";

export function simdVectorKernels(wasm: WasmExports, memory: KernelMemory): VectorKernels {
  const args = laneArguments(memory, 2);
  return {
    axpy(a, x, y, length) {
      wasm.axpy(a, address(x), address(y), length);
    },
    xpay(x, a, y, length) {
      wasm.xpay(address(x), a, address(y), length);
    },
    combine(lanes, size, factors, { x, y, out }) {
      args.setFactors(0, lanes, factors.a);
      args.setFactors(1, lanes, factors.b);
      wasm.combineLanes(lanes * size, args.factors, address(x), address(y), address(out));
    },
    products(lanes, size, x, ...[y, products]) {
      wasm.laneProducts(lanes, size, address(x), address(y), args.sums);
      args.takeSums(lanes, products);
    },
    axpyProducts(lanes, size, a, ...[x, y, products]) {
      wasm.axpyLaneProducts(lanes, size, a, address(x), address(y), args.sums);
      args.takeSums(lanes, products);
    },
  };
}
