import type { CholeskyData } from "../cholesky-data.js";
import { NotPositiveDefiniteError } from "../not-positive-definite-error.js";
import { assemblePanels } from "../reference/cholesky-panels.js";
import type { KernelMemory } from "./kernel-memory.js";
import type { WasmExports } from "./wasm-exports.js";

/** A call handles so many supernodes: the engine exchanges slow first code for fast code between calls only. */
const SUPERNODES_A_CALL = 256;
const NONE = 2 ** 32 - 1;
/** Doubles of a tile and of a packed column; see assembly/cholesky-factor.ts. */
const [TILE, PACKED] = [16, 4];

/** The numeric factors of A + σI, one for each shift, in wasm memory. */
export interface CholeskyFactors {
  /** Address of the pattern: see assembly/cholesky-factor.ts. */
  readonly pattern: number;
  /** Factors A + σI unless that has been done. Errors: `NotPositiveDefiniteError`, `RangeError` when the memory is full. */
  prepare(shift: number): void;
  /** Address of the panels. Errors: `RangeError` for a shift that has not been prepared. */
  panels(shift: number): number;
}

/** Storage: the pattern, `doubles` numbers of the precision a shift, in single precision `doubles` doubles once. */
export function choleskyFactors(wasm: WasmExports, memory: KernelMemory, { data, single }: { data: CholeskyData; single: boolean }): CholeskyFactors {
  const { doubles, supernodes, pivots } = data.pattern;
  const known = new Map<number, number>();
  const { pattern, firstList } = patternTables(memory, data);
  let spare: Float64Array | undefined;
  const factorised = (shift: number): Float64Array => {
    const values = spare ?? memory.doubles(doubles);
    spare = values;
    assemblePanels(data, shift, values);
    firstList.fill(NONE);
    for (let s = 0; s < supernodes; s += SUPERNODES_A_CALL) {
      const rejected = wasm.factoriseSupernodes(pattern, s, Math.min(supernodes, s + SUPERNODES_A_CALL), values.byteOffset);
      if (rejected >= 0) throw new NotPositiveDefiniteError(rejected, values[pivots[rejected]]);
    }
    return values;
  };
  return {
    pattern,
    prepare(shift) {
      if (known.has(shift)) return;
      const values = factorised(shift);
      const panels = single ? memory.doubles(Math.ceil(doubles / 2)) : values;
      if (single) wasm.roundPanels(values.byteOffset, doubles, panels.byteOffset);
      else spare = undefined;
      known.set(shift, panels.byteOffset);
    },
    panels(shift) {
      const found = known.get(shift);
      if (found === undefined) throw new RangeError(`cholesky: shift ${shift} has not been prepared`);
      return found;
    },
  };
}

/** The pattern and the work space of the factorisation: `firstList` holds the first supernode of each list. */
function patternTables(memory: KernelMemory, { pattern }: CholeskyData): { pattern: number; firstList: Uint32Array } {
  const { size, supernodes, firstColumn, rowPointers, panelPointers, rows, supernodeOf } = pattern;
  let widest = 1;
  for (let s = 0; s < supernodes; s++) widest = Math.max(widest, firstColumn[s + 1] - firstColumn[s]);
  const tables = [firstColumn, rowPointers, panelPointers, rows, supernodeOf].map((table) => memory.words(Array.from(table)).byteOffset);
  const [panelRow, firstList, nextList, untreated] = [size, supernodes, supernodes, supernodes].map((length) => memory.words(new Array<number>(length).fill(0)));
  const tile = memory.doubles(TILE + PACKED * widest);
  const work = [panelRow, firstList, nextList, untreated, tile].map((view) => view.byteOffset);
  return { pattern: memory.words([...tables, ...work]).byteOffset, firstList };
}
