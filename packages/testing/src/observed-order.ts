/** log(e_k/e_{k+1}) / log(ratio): the orders that errors show when the mesh size is divided by `ratio` from one to the next. */
export function observedOrders(errors: readonly number[], ratio = 2): number[] {
  return errors.slice(1).map((error, k) => Math.log(errors[k] / error) / Math.log(ratio));
}

/** |f(εₖ)| for εₖ = start · 2⁻ᵏ, k = 0 … count − 1, with f the remainder of a Taylor expansion: its order is that of the first missing term. */
export function taylorRemainders(remainder: (epsilon: number) => number, { start, count }: { start: number; count: number }): number[] {
  return Array.from({ length: count }, (_, k) => Math.abs(remainder(start * 2 ** -k)));
}
