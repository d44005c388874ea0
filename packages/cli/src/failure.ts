import { InvalidArgumentError, NonFiniteError } from "@parakkt/core";
import { RankFaultError } from "@parakkt/parallel";
import { ConfigError } from "./config/config-problem.js";
import { DataError } from "./data/data-error.js";
import { ExitCode } from "./exit-codes.js";
import { describeProgramError, ProgramError, systemCode } from "./program-error.js";
import type { Failure } from "./worker-messages.js";

/** Turns whatever was thrown into an exit code and words for the user. */
export function failureOf(error: unknown): Failure {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof ConfigError) return { exitCode: error.exitCode, text: describeConfigError(error), stack };
  if (error instanceof ProgramError) return { exitCode: error.exitCode, text: describeProgramError(error), stack };
  if (error instanceof DataError) return { exitCode: error.exitCode, text: describeDataError(error), stack };
  if (error instanceof InvalidArgumentError) return { exitCode: ExitCode.invalidInput, text: error.message, stack };
  if (error instanceof NonFiniteError) return { exitCode: ExitCode.numericalFailure, text: error.message, stack };
  if (error instanceof RankFaultError && systemCode(error.cause) === "ERR_WORKER_OUT_OF_MEMORY") {
    return { exitCode: ExitCode.workerLost, text: "a worker ran out of memory\n  hint: a smaller problem, or NODE_OPTIONS=--max-old-space-size=8192", stack };
  }
  if (isAllocationFailure(error)) {
    const text = "memory could not be allocated, although the plan fitted\n  hint: a smaller problem, fewer threads, or more address space (ulimit -v unlimited: the kernels reserve 10 GiB of it a thread, without using it)";
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

/** Arrays, memories of WebAssembly, and workers for which the system has neither memory nor another thread. */
function isAllocationFailure(error: unknown): boolean {
  if (systemCode(error) === "ERR_WORKER_INIT_FAILED") return true;
  return error instanceof RangeError && /allocation failed|could not allocate memory|invalid (?:typed )?array (?:buffer )?length/i.test(error.message);
}
