import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { guarded, TEMPORARY_SUFFIX } from "../output/atomic-file.js";
import { CLAIM_FILE, claimDirectory, requireUnclaimed } from "../output/run-claim.js";
import { ProgramError } from "../program-error.js";
import { TRAINING_FILES } from "./training-run.js";

const { checkpoints, ...single } = TRAINING_FILES;
const NAMES: readonly string[] = [...Object.values(single), ...checkpoints];

/**
 * Makes the run directory of a training. One that holds anything needs `resume`, or `force`, which removes the files of an
 * earlier training and nothing else. No other run gets in until the returned function is called. Throws `ProgramError` (73).
 */
export function openTrainingDirectory(directory: string, { resume, force }: { readonly resume: boolean; readonly force: boolean }): () => void {
  requireUnclaimed(directory);
  const names = existsSync(directory) ? guarded(directory, () => readdirSync(directory)).filter((name) => name !== CLAIM_FILE) : [];
  const ours = names.includes(TRAINING_FILES.metrics) && isTraining(join(directory, TRAINING_FILES.metrics));
  if (names.length > 0 && !(ours && (resume || force))) {
    const hint = ours ? "--resume goes on, --force starts anew, --out takes another directory" : "choose another directory with --out";
    throw new ProgramError(ExitCode.cannotCreateOutput, `the run directory ${directory} is not empty (${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""})`, hint);
  }
  const release = claimDirectory(directory);
  if (force && ours && !resume) for (const name of names.filter(isOurs)) guarded(directory, () => rmSync(join(directory, name)));
  return release;
}

const isOurs = (name: string): boolean => NAMES.includes(name) || name.endsWith(TEMPORARY_SUFFIX);

/** The first line of the metrics says what they are. */
function isTraining(path: string): boolean {
  return readFileSync(path, "utf8").startsWith('{"kind":"training"');
}
