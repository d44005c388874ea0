import type { Block, Lanes } from "../lane-kernels.js";
import type { KernelMemory } from "./kernel-memory.js";

/** Lanes that a row of factors has room for. */
const ROW = 8;

/** Address of a block's first entry. */
export function address(block: Block): number {
  return block.data.byteOffset + 8 * block.offset;
}

/** Factors and sums of the lanes, where the wasm functions read and write them. */
export interface LaneArguments {
  readonly factors: number;
  readonly sums: number;
  /** Row `row` of the factors: entry i ← values[i mod K]. */
  setFactors(row: number, lanes: Lanes, values: Float64Array): void;
  /** products[2l + parity] ← the sums, which are [parity][lane]. */
  takeSums(lanes: Lanes, products: Float64Array): void;
}

/** Storage: `rows` rows of eight factors and sixteen sums. */
export function laneArguments(memory: KernelMemory, rows: number): LaneArguments {
  const factors = memory.doubles(rows * ROW);
  const sums = memory.doubles(2 * ROW);
  return {
    factors: factors.byteOffset,
    sums: sums.byteOffset,
    setFactors(row, lanes, values) {
      for (let i = 0; i < ROW; i++) factors[ROW * row + i] = values[i & (lanes - 1)];
    },
    takeSums(lanes, products) {
      for (let l = 0; l < lanes; l++) {
        products[2 * l] = sums[l];
        products[2 * l + 1] = sums[lanes + l];
      }
    },
  };
}
