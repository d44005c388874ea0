import type { Kernels } from "@parakkt/kernels";

/** Vectors one behind the other. */
export interface ManyVectors {
  readonly whole: Float64Array;
  readonly parts: readonly Float64Array[];
}

/** So many work vectors, made when they are first asked for and kept: as many as the widest sweep has intervals. */
export function manyVectors(kernels: Kernels, size: number): (count: number) => ManyVectors {
  const made = new Map<number, ManyVectors>();
  let longest = new Float64Array(0) as Float64Array;
  return (count) => {
    const found = made.get(count);
    if (found) return found;
    if (longest.length < count * size) longest = kernels.allocate(count * size);
    const whole = longest.subarray(0, count * size);
    const vectors = { whole, parts: Array.from({ length: count }, (_, k) => whole.subarray(k * size, (k + 1) * size)) };
    made.set(count, vectors);
    return vectors;
  };
}
