import type { Block, Kernels, Lanes } from "@parakkt/kernels";

export const LANES: readonly Lanes[] = [1, 2, 4, 8];

/** No offset of a block is a multiple of two vectors or of a cache line. */
const BEFORE = 3;
const AFTER = 5;

/** The values in memory of `kernels`, with NaN on both sides. */
export function blockOf(kernels: Kernels, values: Float64Array): Block {
  const data = kernels.allocate(BEFORE + values.length + AFTER).fill(NaN);
  data.set(values, BEFORE);
  return { data, offset: BEFORE };
}

/** The entries of a block that `blockOf` made. Errors: if something was written on either side. */
export function entriesOf({ data, offset }: Block): Float64Array {
  const end = data.length - AFTER;
  if (![...data.subarray(0, offset), ...data.subarray(end)].every(Number.isNaN)) throw new Error("written outside of the block");
  return data.slice(offset, end);
}

/** One lane of a block. */
export function laneOf(lanes: Lanes, lane: number, values: Float64Array): Float64Array {
  return values.filter((_, i) => i % lanes === lane);
}

/** `values` with NaN at the given dof of one lane. */
export function withNaN(lanes: Lanes, lane: number, dof: number, values: Float64Array): Float64Array {
  return values.map((value, i) => (i === dof * lanes + lane ? NaN : value));
}

/** Where two vectors are not the same doubles. */
export function changedEntries(one: Float64Array, other: Float64Array): number[] {
  return [...one.keys()].filter((i) => !Object.is(one[i], other[i]));
}
