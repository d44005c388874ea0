import type { Kernels } from "./kernels.js";
import { plainKernels } from "./reference/plain-kernels.js";
import { MEMORY_BYTES } from "./simd/kernel-memory.js";
import { simdKernels, simdSupported } from "./simd/simd-kernels.js";

/** The fastest kernels there are for vectors of so many doubles altogether: one WebAssembly memory ends at 4 GiB. */
export function kernels(doubles: number): Kernels {
  return simdSupported() && 8 * doubles < MEMORY_BYTES ? simdKernels() : plainKernels();
}
