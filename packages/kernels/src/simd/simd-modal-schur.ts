import { adjointNeighbour, type ModalConjugateGradients, type ModalSchurProblem } from "../modal-schur.js";
import type { KernelMemory } from "./kernel-memory.js";
import type { WasmExports } from "./wasm-exports.js";

/** Modes of a call, even: the rows of two neighbouring steps and of the work space stay in the second-level cache. */
const MODES_A_CALL = 8192;
/** Numbers in a row of the table. */
const ROW = 8;

export function simdModalSchur(wasm: WasmExports, memory: KernelMemory, problem: ModalSchurProblem): ModalConjugateGradients {
  const [steps, modes] = [problem.rows.length, problem.eigenvalues.length];
  const mu = memory.doubles(modes);
  mu.set(problem.eigenvalues);
  const table = tableOf(memory, problem);
  const work = memory.doubles(3 * Math.min(modes, MODES_A_CALL));
  const sums = [memory.doubles(2 * (steps + 1)), memory.doubles(2 * (steps + 1))];
  const stride = 8 * modes;
  const grid = [table, steps, stride] as const;

  /** `first`: bytes before the block's first mode. */
  const forBlocks = (call: (first: number, count: number) => void): void => {
    for (let mode = 0; mode < modes; mode += MODES_A_CALL) call(8 * mode, Math.min(MODES_A_CALL, modes - mode));
  };
  const take = (from: Float64Array, products: Float64Array): void => {
    for (let i = 0; i < 2 * steps; i++) products[i] = from[i];
  };
  const [rows, first, second] = [work.byteOffset, sums[0].byteOffset, sums[1].byteOffset];
  return {
    apply(x, out) {
      forBlocks((at, count) => wasm.modalSchurApply(...grid, mu.byteOffset + at, x.byteOffset + at, out.byteOffset + at, count, rows));
    },
    begin({ byteOffset: y }, products) {
      sums[0].fill(0);
      forBlocks((at, count) => wasm.modalSchurBegin(...grid, mu.byteOffset + at, y + at, count, rows, first));
      take(sums[0], products);
    },
    turn(beta, { byteOffset: y }, { byteOffset: p }, products) {
      sums[0].fill(0);
      forBlocks((at, count) => wasm.modalSchurTurn(...grid, mu.byteOffset + at, beta, y + at, p + at, count, rows, first));
      take(sums[0], products);
    },
    advance(alpha, { x, y, p }, products) {
      for (const sum of sums) sum.fill(0);
      forBlocks((at, count) =>
        wasm.modalSchurAdvance(...grid, mu.byteOffset + at, alpha, x.byteOffset + at, y.byteOffset + at, p.byteOffset + at, count, rows, first, second),
      );
      take(sums[0], products.preconditioned);
      take(sums[1], products.residual);
    },
  };
}

/** τ, 1/τ, g, σ, α, κ, κ', 1/α of each row and a row of zeros behind the last. */
function tableOf(memory: KernelMemory, { rows }: ModalSchurProblem): number {
  const table = memory.doubles(ROW * (rows.length + 1));
  rows.forEach(({ size, control, shift, rhs, neighbour }, k) => {
    table.set([size, 1 / size, control, shift, rhs, neighbour, adjointNeighbour(rows, k), 1 / rhs], ROW * k);
  });
  return table.byteOffset;
}
