import { requireName, seededRandom } from "@parakkt/core";
import { dataSetOf, oneHot, type DataSet } from "./data-set.js";
import type { GeneratedSet } from "./planar-classes.js";

/** What is to be done to a string. */
export type StringTask = "copy" | "reverse" | "sort";

export interface StringOptions extends GeneratedSet {
  readonly task: StringTask;
  readonly length: number;
  /** Symbols of the alphabet; symbol 0 is kept for the start of the output. */
  readonly symbols: number;
}

const RULES: Readonly<Record<StringTask, (text: readonly number[]) => number[]>> = {
  copy: (text) => [...text],
  reverse: (text) => [...text].reverse(),
  sort: (text) => [...text].sort((a, b) => a - b),
};

/**
 * Strings of equally likely symbols 1 … symbols − 1, and what the task makes of them.
 *
 * The input is the string, then the output shifted by one place behind the start symbol 0, as a decoder is fed in training; the target is
 * the output, one-hot: [length][symbols].
 */
export function strings({ count, seed, task, length, symbols }: StringOptions): DataSet {
  requireName(task, Object.keys(RULES), { what: "task", where: "strings" });
  const { uniform } = seededRandom(seed);
  return dataSetOf(count, { inputShape: [2 * length], targetShape: [length, symbols] }, () => {
    const text = Array.from({ length }, () => 1 + Math.floor((symbols - 1) * uniform()));
    const output = RULES[task](text);
    return { input: [...text, 0, ...output.slice(0, -1)], target: output.flatMap((symbol) => [...oneHot(symbol, symbols)]) };
  });
}
