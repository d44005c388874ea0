import { createHash, randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { describeSystemError, ProgramError, systemCode } from "../program-error.js";
import { nodeFileSystem, type FileSystem } from "./file-system.js";

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

/** The name under which a file is written until it is whole; `tag` tells writers of the same file apart. */
export function temporaryPath(path: string, tag = `${process.pid}-${randomBytes(4).toString("hex")}`): string {
  return join(dirname(path), `.${basename(path)}.${tag}${TEMPORARY_SUFFIX}`);
}

/** Starts writing `path`. Throws `ProgramError`: 73 if it cannot be created or is there and no regular file, 74 if writing fails. */
export function createAtomicFile(path: string, files: FileSystem = nodeFileSystem, temporary = temporaryPath(path)): AtomicFile {
  requireReplaceable(path);
  const file = guarded(path, () => files.open(temporary, "wx"));
  const hash = createHash("sha256");
  return {
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      hash.update(bytes);
      guarded(path, () => files.write(file, bytes));
    },
    commit() {
      guarded(path, () => files.sync(file));
      guarded(path, () => files.close(file));
      guarded(path, () => files.rename(temporary, path));
      guarded(path, () => syncDirectory(dirname(path), files));
      return hash.digest("hex");
    },
    abort() {
      files.close(file);
      files.discard(temporary);
    },
  };
}

/** The rename would put a file in the place of a device such as /dev/null, where the user may do that. */
function requireReplaceable(path: string): void {
  const status = guarded(path, () => statSync(path, { throwIfNoEntry: false }));
  if (status === undefined || status.isFile()) return;
  throw new ProgramError(ExitCode.cannotCreateOutput, `cannot create ${path}: it is there, and no regular file`, "name a file, or send the printed output there with >");
}

/** Writes a whole file through `fill`; when it throws, the old file stays. Hands back the SHA-256. */
export function writeAtomically(path: string, fill: (file: AtomicFile) => void, files: FileSystem = nodeFileSystem): string {
  const file = createAtomicFile(path, files);
  try {
    fill(file);
  } catch (error) {
    file.abort();
    throw error;
  }
  return file.commit();
}

/** Makes renames and removals in a directory durable; systems that cannot open directories do without. */
export function syncDirectory(directory: string, files: FileSystem = nodeFileSystem): void {
  try {
    const handle = files.open(directory, "r");
    try {
      files.sync(handle);
    } finally {
      files.close(handle);
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
      throw new ProgramError(ExitCode.cannotCreateOutput, `cannot create ${path}: ${describeSystemError(error)}`, "choose another place, for a run with --out");
    }
    const hint = "free some space, or choose another place, for a run with --out";
    throw new ProgramError(ExitCode.inputOutput, `cannot write ${path}: ${describeSystemError(error)}`, hint);
  }
}
