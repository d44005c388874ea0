import { ExitCode } from "./exit-codes.js";
import { ProgramError } from "./program-error.js";
import type { SolveJob } from "./solve-job.js";

/** Builds problem, preconditioner and solver from the config and solves. */
export const solveJob: SolveJob = () => {
  throw new ProgramError(ExitCode.bug, "the numerical part is not connected yet");
};
