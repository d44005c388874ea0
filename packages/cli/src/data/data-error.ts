import { ExitCode } from "../exit-codes.js";

/** Where a data file is wrong and how to mend it; the caller adds which key named the file. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly exitCode = ExitCode.invalidInput;

  constructor(
    /** `file`, or `file:line:column`. */
    readonly location: string,
    readonly what: string,
    readonly hint?: string,
  ) {
    super(`${location}: ${what}`);
  }
}
