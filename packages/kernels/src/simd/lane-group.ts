import type { Lanes, SolveFactors } from "../lane-kernels.js";
import { powerOfTwoScale } from "../power-of-two-scale.js";
import type { KernelMemory } from "./kernel-memory.js";

/** Entries where the lists of a group begin; see assembly/cholesky-permutation.ts and cholesky-chain.ts. */
const [BETA, SCALE, RECIPROCAL, LARGEST, MASK, PREVIOUS, GROUP] = [8, 16, 24, 32, 40, 48, 56];

/** The factors of the lanes that are solved together, as the wasm functions read them. */
export interface LaneGroup {
  readonly address: number;
  /** The lanes with the shift of lane `first`, `count` of them; one alone becomes lane 0. All scales are 1 then. */
  select(lanes: Lanes, lane: { readonly first: number; readonly count: number }, factors: SolveFactors): void;
  /** Scales by powers of two where the right-hand sides of `lanes` lanes, just gathered, need it; hands back whether one does. */
  rescale(lanes: number): boolean;
  /** The reciprocal scales of the lanes. */
  readonly reciprocals: Float64Array;
  /** The scales become those of the solution before; hands back whether one of them is not 1. */
  retire(): boolean;
}

export function laneGroup(memory: KernelMemory): LaneGroup {
  const entries = memory.doubles(GROUP);
  const mask = new Int32Array(entries.buffer, entries.byteOffset + 8 * MASK, 2 * (PREVIOUS - MASK));
  const reciprocals = entries.subarray(RECIPROCAL, LARGEST);
  return {
    address: entries.byteOffset,
    select(lanes, { first, count }, { shift, rhs, neighbour }) {
      const lane = count === 1 ? first : 0;
      for (let l = 0; l < (count === 1 ? 1 : lanes); l++) {
        entries[l] = rhs[lane + l];
        entries[BETA + l] = neighbour[lane + l];
        mask.fill(shift[lane + l] === shift[first] ? -1 : 0, 2 * l, 2 * l + 2);
      }
      entries.fill(1, SCALE, LARGEST);
    },
    rescale(lanes) {
      let needed = false;
      for (let l = 0; l < lanes; l++) {
        const scale = powerOfTwoScale(entries[LARGEST + l]);
        entries[SCALE + l] = scale;
        entries[RECIPROCAL + l] = 1 / scale;
        needed ||= scale !== 1;
      }
      return needed;
    },
    reciprocals,
    retire() {
      entries.set(reciprocals, PREVIOUS);
      return !allOnes(reciprocals);
    },
  };
}

/** Whether all scales of a list are 1. */
export function allOnes(scales: Float64Array): boolean {
  for (let l = 0; l < scales.length; l++) if (scales[l] !== 1) return false;
  return true;
}
