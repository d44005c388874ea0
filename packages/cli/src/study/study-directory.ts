import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { CLAIM_FILE, claimDirectory, requireUnclaimed } from "../output/run-claim.js";
import { ProgramError } from "../program-error.js";

/** Names inside the directory of a study. */
export const STUDY_FILES = { records: "results.jsonl", csv: "results.csv", parquet: "results.parquet", summary: "summary.md", latex: "table.tex", fits: "fits.json", plots: "plots" } as const;

/**
 * Makes the directory; one that holds anything needs `resume` (and the records of a study) or `force`, which starts the records anew.
 * No other study gets in until the returned function is called. Throws `ProgramError` (73).
 */
export function openStudyDirectory(directory: string, { resume, force }: { readonly resume: boolean; readonly force: boolean }): () => void {
  requireUnclaimed(directory);
  const names = existsSync(directory) ? listOrRefuse(directory).filter((name) => name !== CLAIM_FILE) : [];
  const started = names.includes(STUDY_FILES.records);
  if (names.length > 0 && !(started && (resume || force))) {
    const hint = started ? "--resume runs what is missing, --force starts anew, --out takes another directory" : "choose another directory with --out";
    throw new ProgramError(ExitCode.cannotCreateOutput, `the directory ${directory} is not empty (${names.slice(0, 3).join(", ")})`, hint);
  }
  const release = claimDirectory(directory);
  if (force && started) rmSync(join(directory, STUDY_FILES.records));
  return release;
}

function listOrRefuse(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    throw new ProgramError(ExitCode.cannotCreateOutput, `${directory} is not a directory that can be read`, "choose another directory with --out");
  }
}
