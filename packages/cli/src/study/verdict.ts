import type { Exponent } from "./power-law.js";

/** Whether a value stays the same when a factor varies. */
export type Verdict = "yes" | "no, grows" | "no, falls" | "undecided";

/** Judges an exponent by its interval: within ±`within` robust, wholly beyond it not, else undecided. */
export function judgeExponent({ low, high }: Exponent, within: number): Verdict {
  if (low >= -within && high <= within) return "yes";
  if (low > within) return "no, grows";
  return high < -within ? "no, falls" : "undecided";
}

/** "robust in P: yes, b = 0.02 ± 0.03". */
export function describeVerdict(symbol: string, letter: string, { exponent, within }: { readonly exponent: Exponent; readonly within: number }): string {
  const half = Math.max(exponent.high - exponent.value, exponent.value - exponent.low);
  const verdict = judgeExponent(exponent, within);
  const open = verdict === "undecided" ? `; the interval reaches beyond ±${within}: more cells or a wider range would tell` : "";
  return `robust in ${symbol}: ${verdict}, ${letter} = ${fixed(exponent.value)} ± ${half.toFixed(2)}${open}`;
}

/** Two digits, without a sign on zero. */
export function fixed(value: number): string {
  return value.toFixed(2).replace(/^-(0\.00)$/, "$1");
}
