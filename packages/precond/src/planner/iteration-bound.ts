/** More iterations than this are not told apart. */
export const MANY_ITERATIONS = 10_000;

/**
 * The least k with 2 ((√κ − 1)/(√κ + 1))ᵏ ≤ tolerance: iterations of CG that are enough for a spectrum of condition κ, whatever the
 * right-hand side [Saad2003]. At least 1, at most `MANY_ITERATIONS`.
 */
export function cgBound(condition: number, tolerance: number): number {
  const root = Math.sqrt(Math.max(1, condition));
  const rate = Math.log1p(2 / (root - 1));
  const iterations = Math.ceil(Math.log(2 / tolerance) / rate);
  return Math.min(MANY_ITERATIONS, Math.max(1, Number.isNaN(iterations) ? MANY_ITERATIONS : iterations));
}
