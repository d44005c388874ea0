import type { Exponent } from "./power-law.js";

/** Whether a value stays the same when a factor varies. */
export type Verdict = "yes" | "no, grows" | "no, falls" | "undecided";

/** Judges an exponent by its interval: within ±`within` robust, wholly beyond it not, else undecided. */
export function judgeExponent({ low, high }: Exponent, within: number): Verdict {
  if (low >= -within && high <= within) return "yes";
  if (low > within) return "no, grows";
  return high < -within ? "no, falls" : "undecided";
}

/** "robust in P: yes, b = 0.02 ± 0.03"; undecided with a digit more, so that an interval just beyond ±`within` is seen to be beyond. */
export function describeVerdict(symbol: string, letter: string, { exponent, within }: { readonly exponent: Exponent; readonly within: number }): string {
  const half = Math.max(exponent.high - exponent.value, exponent.value - exponent.low);
  const verdict = judgeExponent(exponent, within);
  const figures = (digits: number): string => `robust in ${symbol}: ${verdict}, ${letter} = ${fixed(exponent.value, digits)} ± ${half.toFixed(digits)}`;
  if (verdict !== "undecided") return figures(2);
  return `${figures(3)}; the interval reaches beyond ±${within}: more cells or a wider range would tell`;
}

/** So many digits, without a sign on zero. */
export function fixed(value: number, digits = 2): string {
  return value.toFixed(digits).replace(/^-(0\.0+)$/, "$1");
}
