/**
 * Bound on the relative error of a chain of `operations` rounded additions and multiplications, relative to the sum of the
 * magnitudes: γ_k = k u/(1 − k u), u = 2⁻⁵³, doubled because products and sums both round.
 */
export function roundingBound(operations: number): number {
  return (operations * Number.EPSILON) / (1 - operations * Number.EPSILON);
}
