import type { Lanes } from "../lane-kernels.js";
import type { Kernels, ModalControlKernel, ModalControlProblem, SineTransformKernel } from "../kernels.js";
import { sideBySide, type LineTransform } from "../sine-passes.js";
import { sineTransformKernel } from "../sine-transform-kernel.js";
import { kernelMemory, type KernelMemory } from "./kernel-memory.js";
import { simdCholesky } from "./simd-cholesky.js";
import { simdDense } from "./simd-dense.js";
import { simdDiagonal } from "./simd-diagonal.js";
import { simdModalSchur } from "./simd-modal-schur.js";
import { simdMultigrid } from "./simd-multigrid.js";
import { simdStencil } from "./simd-stencil.js";
import { simdVectorKernels } from "./simd-vectors.js";
import { sinePlan } from "./sine-plan.js";
import { wasmExports, wasmModule, type WasmExports } from "./wasm-exports.js";

let supported: boolean | undefined;

/** Whether this engine runs the SIMD kernels on shared memory. */
export function simdSupported(): boolean {
  supported ??= typeof WebAssembly === "object" && compiles();
  return supported;
}

function compiles(): boolean {
  try {
    wasmModule();
    return true;
  } catch {
    return false;
  }
}

/** The kernels in WebAssembly, in a memory of their own that grows up to 4 GiB. */
export function simdKernels(): Kernels {
  const memory = kernelMemory();
  const wasm = wasmExports(memory.memory);
  return {
    kind: "simd",
    allocate: memory.doubles,
    get allocatedDoubles() {
      return memory.allocatedDoubles;
    },
    sineTransform: (points, lanes = 1) => simdSineTransform(wasm, memory, points, lanes),
    modalControl: (problem) => simdModalControl(wasm, memory, problem),
    modalConjugateGradients: (problem) => simdModalSchur(wasm, memory, problem),
    vectors: simdVectorKernels(wasm, memory),
    dense: simdDense(wasm, memory),
    diagonal: (eigenvalues) => simdDiagonal(wasm, memory, eigenvalues),
    stencil: (data) => simdStencil(wasm, memory, data),
    cholesky: (data, options) => simdCholesky(wasm, memory, data, options),
    multigrid: (data, options) => simdMultigrid(wasm, memory, data, options),
    dispose: memory.dispose,
  };
}

function simdSineTransform(wasm: WasmExports, memory: KernelMemory, points: readonly number[], most: Lanes): SineTransformKernel {
  const size = points.reduce((a, b) => a * b, 1);
  const work = points.slice(1).map(() => memory.doubles(sideBySide(most) * size));
  const tiles = memory.doubles(16 * (Math.max(...points) + 1));
  const transforms = new Map<number, LineTransform>();
  for (const n of points) if (!transforms.has(n)) transforms.set(n, simdSineLines(wasm, sinePlan(memory, n), tiles));
  return sineTransformKernel(points, points.map((n) => transforms.get(n)!), work);
}

/** Lines that one call handles: the engine exchanges slow first code for fast code between calls only. */
const LINES_A_CALL = 1024;

/** Four lanes go together where the kernel takes so many lines, else the lines of one lane after the other: with the same bits. */
function simdSineLines(wasm: WasmExports, plan: number, tiles: Float64Array): LineTransform {
  return (source, target, count, lanes) => {
    const [row, line, targetRow, targetLine] = [8 * source.entryStride, 8 * source.lineStride, 8 * target.entryStride, 8 * target.lineStride];
    let from = source.data.byteOffset + 8 * source.offset;
    let to = target.data.byteOffset + 8 * target.offset;
    for (let first = 0; first < count; first += LINES_A_CALL) {
      const lines = Math.min(LINES_A_CALL, count - first);
      if (lanes === 4 && (lines % 8 === 0 || (lines > 8 && source.data !== target.data))) {
        wasm.sineTransformLanes(plan, from, row, line, to, targetRow, targetLine, lines, tiles.byteOffset);
      } else {
        for (let i = 0; i < 8 * lanes; i += 8) wasm.sineTransformLines(plan, from + i, row, line, to + i, targetRow, targetLine, lines, tiles.byteOffset);
      }
      from += LINES_A_CALL * line;
      to += LINES_A_CALL * targetLine;
    }
  };
}

/** Work space of a block of modes stays in the second-level cache. */
const BLOCK_DOUBLES = 2 ** 18;
const MIN_BLOCK = 32;
const MAX_BLOCK = 512;

function simdModalControl(wasm: WasmExports, memory: KernelMemory, problem: ModalControlProblem): ModalControlKernel {
  const { eigenvalues, sizes, controlScale, regularization, sources, scale } = problem;
  const [steps, modes] = [sizes.length, eigenvalues.length];
  const block = Math.min(modes, MAX_BLOCK, Math.max(MIN_BLOCK, 8 * Math.floor(BLOCK_DOUBLES / (16 * (steps + 1)))));
  const parameters = memory.doubles(6 + steps);
  parameters.set([steps, modes, sources === "all" ? steps : 1, controlScale ** 2 / regularization, controlScale / regularization, scale]);
  parameters.set(sizes, 6);
  const mu = memory.doubles(modes);
  mu.set(eigenvalues);
  const work = memory.doubles(2 * (steps + 2) * (block + (block % 2)));
  return {
    solve(state, control) {
      for (let first = 0; first < modes; first += block) {
        const count = Math.min(block, modes - first);
        wasm.solveModes(parameters.byteOffset, first, count, mu.byteOffset, state.byteOffset, control.byteOffset, work.byteOffset);
      }
    },
  };
}
