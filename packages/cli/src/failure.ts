import { InvalidArgumentError, NonFiniteError } from "@parakkt/core";
import { ConfigError } from "./config/config-problem.js";
import { DataError } from "./data/data-error.js";
import { ExitCode } from "./exit-codes.js";
import { describeProgramError, ProgramError } from "./program-error.js";
import type { Failure } from "./worker-messages.js";

/** Turns whatever was thrown into an exit code and words for the user. */
export function failureOf(error: unknown): Failure {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof ConfigError) return { exitCode: error.exitCode, text: describeConfigError(error), stack };
  if (error instanceof ProgramError) return { exitCode: error.exitCode, text: describeProgramError(error), stack };
  if (error instanceof DataError) return { exitCode: error.exitCode, text: describeDataError(error), stack };
  if (error instanceof InvalidArgumentError) return { exitCode: ExitCode.invalidInput, text: error.message, stack };
  if (error instanceof NonFiniteError) return { exitCode: ExitCode.numericalFailure, text: error.message, stack };
  if (isAllocationFailure(error)) {
    const text = "memory could not be allocated, although the plan fitted\n  hint: a smaller problem, or a smaller budget.memory to see the plan";
    return { exitCode: ExitCode.overBudget, text, stack };
  }
  const what = error instanceof Error ? error.message : String(error);
  const ask = "this is a mistake in parakkt, not in your input; please report it with the config (PARAKKT_DEBUG=1 shows more)";
  return { exitCode: ExitCode.bug, text: `internal error: ${what}\n  ${ask}`, stack };
}

function describeDataError({ message, hint }: DataError): string {
  return hint === undefined ? message : `${message}\n  hint: ${hint}`;
}

function describeConfigError({ problems, message }: ConfigError): string {
  return problems.length > 1 ? `${problems.length} mistakes:\n${message}` : message;
}

function isAllocationFailure(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|invalid (?:typed )?array (?:buffer )?length/i.test(error.message);
}
