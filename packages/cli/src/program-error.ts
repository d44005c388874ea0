import type { ExitCode } from "./exit-codes.js";

/** Ends the program with a message for the user and an exit code; everything that is not one of these is a bug. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    /** What to try next. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** The message and what to try, as shown on stderr. */
export function describeProgramError({ message, hint }: ProgramError): string {
  return hint === undefined ? message : `${message}\n  hint: ${hint}`;
}

/** The `code` of a system error, such as ENOENT. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A system error in plain words, without the name of the system call. */
export function describeSystemError(error: unknown): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file or directory",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "is a directory",
    ENOTDIR: "a part of the path is not a directory",
    ENOSPC: "no space left on the device",
    EDQUOT: "the disk quota is used up",
    EROFS: "the file system is read-only",
    EIO: "input/output error of the device",
    ELOOP: "too many symbolic links",
    ENAMETOOLONG: "the name is too long",
    EMFILE: "too many open files",
    EFBIG: "the file is larger than allowed (ulimit -f, or the file system)",
  };
  const code = systemCode(error);
  const words = code === undefined ? undefined : known[code];
  return words ?? code ?? (error instanceof Error ? error.message : String(error));
}
