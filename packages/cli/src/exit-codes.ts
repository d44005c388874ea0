import type { StopReason } from "@parakkt/core";

/** The program's exit codes (after sysexits.h where one fits). */
export const ExitCode = {
  converged: 0,
  stoppedBeforeConvergence: 2,
  numericalFailure: 3,
  usage: 64,
  invalidInput: 65,
  inputMissing: 66,
  bug: 70,
  cannotCreateOutput: 73,
  inputOutput: 74,
  workerLost: 75,
  overBudget: 77,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The exit code of a solve that ended for `reason`. */
export function exitCodeOf(reason: StopReason): ExitCode {
  switch (reason.kind) {
    case "converged":
      return ExitCode.converged;
    case "stopped":
      return ExitCode.stoppedBeforeConvergence;
    case "failed":
      return ExitCode.numericalFailure;
  }
}
