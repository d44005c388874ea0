import { readFileSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { ProgramError, systemCode } from "../program-error.js";
import { guarded } from "./atomic-file.js";
import { makeDirectories } from "./make-directories.js";

/** The file that says which process writes to a directory, while it does. */
export const CLAIM_FILE = ".parakkt-running";

/** A process of this machine; the time of its start tells it from a later one of the same number. */
interface Holder {
  readonly host: string;
  readonly process: number;
  readonly started: string | undefined;
}

/** Throws `ProgramError` (73) where a living process of this machine writes to the directory. What a killed one left does not count. */
export function requireUnclaimed(directory: string): void {
  const holder = readHolder(join(directory, CLAIM_FILE));
  if (holder === undefined || !isAlive(holder)) return;
  const message = `the run directory ${directory} is in use: process ${holder.process} is writing to it`;
  throw new ProgramError(ExitCode.cannotCreateOutput, message, "wait for it, or choose another directory with --out");
}

/**
 * Makes the directory and keeps other runs out of it until the returned function is called or the process ends: of two runs that found it empty one would
 * replace the files of the other. The end takes the directories that were made and stayed empty with it. Throws `ProgramError` (73 or 74).
 */
export function claimDirectory(directory: string): () => void {
  const path = join(directory, CLAIM_FILE);
  const made = guarded(directory, () => makeDirectories(directory));
  guarded(path, () => {
    if (!createdClaim(path)) {
      requireUnclaimed(directory);
      removeIfThere(path);
      if (!createdClaim(path)) requireUnclaimed(directory);
    }
  });
  const release = (): void => {
    process.off("exit", release);
    removeIfThere(path);
    for (const level of made.reverse()) if (!removeIfEmpty(level)) break;
  };
  process.on("exit", release);
  return release;
}

/** Writes the claim; `false` where there is one already. Of two processes only one can make the file. */
function createdClaim(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify({ host: hostname(), process: process.pid, started: startOf(process.pid) }), { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Runs `action` on the claimed directory. */
export async function whileClaimed<Result>(directory: string, action: () => Promise<Result>): Promise<Result> {
  const release = claimDirectory(directory);
  try {
    return await action();
  } finally {
    release();
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const { host, process: id, started } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    return typeof host === "string" && Number.isInteger(id) ? { host, process: Number(id), started } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a process on another machine nothing is known; there a job that was cut off must be able to go on. */
function isAlive({ host, process: id, started }: Holder): boolean {
  if (host !== hostname() || id === process.pid) return false;
  try {
    process.kill(id, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return false;
  }
  return started === startOf(id);
}

/** Clock ticks from the start of the machine to that of the process, where the system tells (Linux); nothing for one that has ended and only waits to be noticed. */
function startOf(id: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${id}/stat`, "latin1");
    const [state, ...rest] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // gone already, or left to the next run, which sees that its process has ended
  }
}

function removeIfEmpty(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch {
    return false;
  }
}
