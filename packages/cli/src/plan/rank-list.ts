import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";

/** "1,2,4,…,64" continues the last ratio (or "..." for "…"). Throws `ProgramError` (64). */
export function parseRanks(list: string): number[] {
  const entries = list.split(",").map((entry) => entry.trim());
  const ranks: number[] = [];
  entries.forEach((entry, i) => {
    if (entry !== "…" && entry !== "...") return void ranks.push(Number(entry));
    const [before, last] = ranks.slice(-2);
    const end = Number(entries[i + 1]);
    for (let next = (last * last) / before; last > before && next < end && Number.isInteger(next); next *= last / before) ranks.push(next);
  });
  if (ranks.length > 0 && ranks.every((count, i) => Number.isInteger(count) && count >= 1 && (i === 0 || count > ranks[i - 1]))) return ranks;
  throw new ProgramError(ExitCode.usage, `--ranks: expected whole numbers of at least 1, ascending, got ${list}`, "--ranks 1,2,4 or --ranks 1,2,4,…,1024");
}
