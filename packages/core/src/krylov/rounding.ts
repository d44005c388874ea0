/**
 * A quantity below this fraction of what it was computed from is taken for rounding error: 16 machine precisions,
 * room for the rounding of one operator application and one tree-shaped sum.
 */
export const roundingLevel = 16 * Number.EPSILON;

/** A number as it appears in evidence. */
export function scientific(value: number): string {
  return value.toExponential(2);
}
