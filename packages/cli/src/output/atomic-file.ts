import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { describeSystemError, ProgramError, systemCode } from "../program-error.js";

/** Marks files that a killed run may leave behind. */
export const TEMPORARY_SUFFIX = ".parakkt-tmp";

/** A file being written: readers see the old one, if any, until `commit`. */
export interface AtomicFile {
  write(chunk: Uint8Array | string): void;
  /** fsync, rename, fsync of the directory; hands back the SHA-256 of the contents in hexadecimal. */
  commit(): string;
  /** Leaves things as they were. */
  abort(): void;
}

/** Starts writing `path`. Throws `ProgramError`: 73 if it cannot be created, 74 if writing fails. */
export function createAtomicFile(path: string): AtomicFile {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString("hex")}${TEMPORARY_SUFFIX}`);
  const file = guarded(path, () => openSync(temporary, "wx"));
  const hash = createHash("sha256");
  return {
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      hash.update(bytes);
      guarded(path, () => writeAll(file, bytes));
    },
    commit() {
      guarded(path, () => fsyncSync(file));
      closeSync(file);
      guarded(path, () => renameSync(temporary, path));
      guarded(path, () => syncDirectory(dirname(path)));
      return hash.digest("hex");
    },
    abort() {
      closeSync(file);
      rmSync(temporary, { force: true });
    },
  };
}

/** Writes a whole file through `fill`; when it throws, the old file stays. Hands back the SHA-256. */
export function writeAtomically(path: string, fill: (file: AtomicFile) => void): string {
  const file = createAtomicFile(path);
  try {
    fill(file);
  } catch (error) {
    file.abort();
    throw error;
  }
  return file.commit();
}

function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}

/** Makes renames and removals in a directory durable; systems that cannot open directories do without. */
export function syncDirectory(directory: string): void {
  try {
    const handle = openSync(directory, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!["EISDIR", "EPERM", "EACCES", "EINVAL"].includes(systemCode(error) ?? "")) throw error;
  }
}

const CANNOT_CREATE = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ELOOP", "ENAMETOOLONG"]);

/** Turns system errors while writing `path` into messages: 73 where nothing can be created, 74 for the device. */
export function guarded<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (CANNOT_CREATE.has(code)) {
      throw new ProgramError(ExitCode.cannotCreateOutput, `cannot create ${path}: ${describeSystemError(error)}`, "choose another directory with --out");
    }
    const hint = "free some space, or choose another directory with --out";
    throw new ProgramError(ExitCode.inputOutput, `cannot write ${path}: ${describeSystemError(error)}`, hint);
  }
}
