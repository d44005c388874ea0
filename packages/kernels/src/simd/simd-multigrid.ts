import type { LaneSolver } from "../lane-kernels.js";
import type { MultigridData, MultigridOptions } from "../multigrid-data.js";
import type { KernelMemory } from "./kernel-memory.js";
import { simdCycle } from "./multigrid-cycle.js";
import { conjugateGradients, fixedCycles, type LaneIteration } from "./multigrid-iterations.js";
import { simdStencil } from "./simd-stencil.js";
import type { WasmExports } from "./wasm-exports.js";

/** With larger ones sums over coarse cells leave the range of the numbers. */
const LARGEST_SHIFT = { double: 1e300, single: 1e30 } as const;

/** Storage: that of the cycle, in half as many doubles in single precision; unless `cycles` is 1, the stencil, two blocks or (to rounding) four. */
export function simdMultigrid(wasm: WasmExports, memory: KernelMemory, data: MultigridData, { cycles, precision = "double" }: MultigridOptions): LaneSolver {
  const cycle = simdCycle(wasm, { memory, real: precision === "single" ? 4 : 8 }, data);
  const iteration = cycles === 1 ? undefined : repeated();
  const largest = LARGEST_SHIFT[precision];
  function repeated(): LaneIteration {
    const parts = { wasm, memory, cycle, operator: simdStencil(wasm, memory, data.finest) };
    return cycles === undefined ? conjugateGradients(parts) : fixedCycles(parts, cycles);
  }
  return {
    size: data.finest.points.reduce((a, b) => a * b, 1),
    prepare(lanes, shifts) {
      const wrong = shifts.find((shift) => !(shift >= 0 && shift <= largest));
      if (wrong !== undefined) throw new RangeError(`multigrid: shift ${wrong}, expected 0 … ${largest} in ${precision} precision`);
      cycle.prepare(lanes, shifts);
      iteration?.prepare(lanes);
    },
    solve: (lanes, factors, blocks) => (iteration ?? { solve: cycle.apply }).solve(lanes, factors, blocks),
  };
}
