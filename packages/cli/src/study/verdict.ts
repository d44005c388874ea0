import { countNoun } from "../count-noun.js";
import type { Exponent } from "./power-law.js";
import { formatValue } from "./study-axes.js";

/** Whether a value stays the same when a factor varies. */
export type Verdict = "yes" | "no, grows" | "no, falls" | "undecided";

/** Judges an exponent by its interval: within ±`within` robust, wholly beyond it not, else undecided. */
export function judgeExponent({ low, high }: Exponent, within: number): Verdict {
  if (low >= -within && high <= within) return "yes";
  if (low > within) return "no, grows";
  return high < -within ? "no, falls" : "undecided";
}

/** An exponent with what it was found from. */
export interface SeenExponent {
  readonly exponent: Exponent;
  readonly within: number;
  /** Of the factor, in the solves that were fitted. */
  readonly values: readonly number[];
}

/**
 * "robust in P: yes, b = 0.02 ± 0.03 (P = 4 … 64: 5 values in 20 solves)": a verdict says nothing beyond the range that it was seen on. Undecided with a digit more, so that
 * an interval just beyond ±`within` is seen to be beyond.
 */
export function describeVerdict(symbol: string, letter: string, { exponent, within, values }: SeenExponent): string {
  const half = Math.max(exponent.high - exponent.value, exponent.value - exponent.low);
  const verdict = judgeExponent(exponent, within);
  const figures = (digits: number): string => `robust in ${symbol}: ${verdict}, ${letter} = ${fixed(exponent.value, digits)} ± ${half.toFixed(digits)} (${describeRange(symbol, values)})`;
  if (verdict !== "undecided") return figures(2);
  return `${figures(3)}; the interval reaches beyond ±${within}: more cells or a wider range would tell`;
}

function describeRange(symbol: string, values: readonly number[]): string {
  const different = new Set(values).size;
  return `${symbol} = ${formatValue(Math.min(...values))} … ${formatValue(Math.max(...values))}: ${countNoun(different, "value")} in ${countNoun(values.length, "solve")}`;
}

/** So many digits, without a sign on zero. */
export function fixed(value: number, digits = 2): string {
  return value.toFixed(digits).replace(/^-(0\.0+)$/, "$1");
}
