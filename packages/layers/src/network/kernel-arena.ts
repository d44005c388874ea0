import type { Arena } from "@parakkt/core";
import type { Kernels } from "@parakkt/kernels";

/**
 * An arena in the memory of kernels, so that their products need no copies: for the parameters of a network and the states of its propagation,
 * with kernels that the layers are given too. `dispose` ends these kernels.
 */
export function kernelArena(kernels: Kernels): Arena {
  return {
    allocate: kernels.allocate,
    get allocatedDoubles() {
      return kernels.allocatedDoubles;
    },
    dispose: kernels.dispose,
  };
}
