import type { Block, VectorKernels } from "../lane-kernels.js";
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
    advance({ a, b }, { x, p, z }, length) {
      wasm.advance(a, b, address(z), address(p), address(x), length);
    },
    combine(lanes, size, factors, { x, y, out }) {
      args.setFactors(0, lanes, factors.a);
      args.setFactors(1, lanes, factors.b);
      wasm.combineLanes(lanes * size, args.factors, address(x), address(y), address(out));
    },
    separate(lanes, size, x, out) {
      if (lanes === 1) copy(x, out, size);
      else wasm.separateLanes(lanes, size, address(x), address(out));
    },
    join(lanes, size, x, out) {
      if (lanes === 1) copy(x, out, size);
      else wasm.joinLanes(lanes, size, address(x), address(out));
    },
    products(lanes, size, x, ...[y, products]) {
      wasm.laneProducts(lanes, size, address(x), address(y), args.sums);
      args.takeSums(lanes, products);
    },
    multiProducts: simdMultiProducts(wasm, memory),
    axpyProducts(lanes, size, a, ...[x, y, products]) {
      wasm.axpyLaneProducts(lanes, size, a, address(x), address(y), args.sums);
      args.takeSums(lanes, products);
    },
  };
}

function copy(x: Block, out: Block, length: number): void {
  out.data.set(x.data.subarray(x.offset, x.offset + length), out.offset);
}

/** Vectors that one call handles, a multiple of four. */
const VECTORS_A_CALL = 32;

/** Storage: addresses and sums of so many vectors. */
function simdMultiProducts(wasm: WasmExports, memory: KernelMemory): VectorKernels["multiProducts"] {
  const table = memory.words(new Array<number>(VECTORS_A_CALL).fill(0));
  const sums = memory.doubles(16 * VECTORS_A_CALL);
  return (lanes, size, basis, ...[count, y, products]) => {
    for (let first = 0; first < count; first += VECTORS_A_CALL) {
      const vectors = Math.min(VECTORS_A_CALL, count - first);
      const whole = 4 * Math.ceil(vectors / 4);
      for (let k = 0; k < whole; k++) table[k] = basis[first + Math.min(k, vectors - 1)].byteOffset + 8 * y.offset;
      sums.fill(0, 0, 2 * lanes * whole);
      wasm.multiProducts(lanes, size, table.byteOffset, whole, address(y), sums.byteOffset);
      for (let k = 0; k < vectors; k++) takeSums(lanes, sums, 2 * lanes * k, products, 2 * lanes * (first + k));
    }
  };
}

/** The sums of a vector, which are [parity][lane], to [lane][parity]. */
function takeSums(lanes: number, sums: Float64Array, from: number, ...[products, to]: [Float64Array, number]): void {
  for (let l = 0; l < lanes; l++) {
    products[to + 2 * l] = sums[from + l];
    products[to + 2 * l + 1] = sums[from + lanes + l];
  }
}
