import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";

/** "1,2,4,…,64" continues the last ratio, a whole number (or "..." for "…"). Throws `ProgramError` (64). */
export function parseRanks(list: string): number[] {
  const entries = list.split(",").map((entry) => entry.trim());
  const ranks: number[] = [];
  entries.forEach((entry, i) => {
    if (entry !== "…" && entry !== "...") return void ranks.push(Number(entry));
    ranks.push(...continued(ranks.slice(-2), Number(entries[i + 1]), list));
  });
  if (ranks.length > 0 && ranks.every((count, i) => Number.isInteger(count) && count >= 1 && (i === 0 || count > ranks[i - 1]))) return ranks;
  throw new ProgramError(ExitCode.usage, `--ranks: expected whole numbers of at least 1, ascending, got ${list}`, "--ranks 1,2,4 or --ranks 1,2,4,…,1024");
}

/** The numbers between the last two and `end` in their ratio. */
function continued([before, last]: readonly number[], end: number, list: string): number[] {
  const ratio = last / before;
  if (!(Number.isInteger(ratio) && ratio > 1 && end > last)) {
    const what = `--ranks: … continues doublings or other whole multiples up to a last number, got ${list}`;
    throw new ProgramError(ExitCode.usage, what, "--ranks 1,2,4,…,1024, or write every number out");
  }
  const between: number[] = [];
  for (let next = last * ratio; next < end; next *= ratio) between.push(next);
  return between;
}
