import { writeSync } from "node:fs";
import { ExitCode } from "./exit-codes.js";
import { describeSystemError, systemCode } from "./program-error.js";

/** Where the program's words go: results to stdout, talk to stderr. */
export interface Terminal {
  result(text: string): void;
  talk(text: string): void;
  /** stderr is a terminal that someone watches. */
  readonly interactive: boolean;
}

/**
 * The terminal of this process. A reader that closes the pipe early ends the output, not the program; so does a stderr that takes no more.
 * Results that cannot be written (disk full) end the program with 74.
 */
export function processTerminal(): Terminal {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error) => {
    if (systemCode(error) !== "EPIPE") endWithoutOutput(error);
  });
  return {
    result: (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    talk: (text) => process.stderr.write(`${text}\n`),
    interactive: process.stderr.isTTY === true,
  };
}

/** What a run directory holds is whole by then: results are printed last. */
function endWithoutOutput(error: Error): never {
  try {
    writeSync(process.stderr.fd, `parakkt: cannot write to stdout: ${describeSystemError(error)}\n  hint: free some space, or send the output elsewhere\n`);
  } catch {
    // stderr may be as full as stdout; the exit code is left
  }
  process.exit(ExitCode.inputOutput);
}
