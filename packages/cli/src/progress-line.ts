import type { KrylovProgress } from "@parakkt/core";
import type { Terminal } from "./terminal.js";

/** Seconds between two lines when nobody watches. */
const QUIET_INTERVAL = 5;

/** Heading of the progress lines. */
export const PROGRESS_HEADING = "iteration   residual  reduction   elapsed      rest";

/** Prints a line per iteration on a terminal; into a file or pipe one every few seconds. */
export function progressPrinter(terminal: Terminal, relativeTolerance: number): (progress: KrylovProgress, seconds: number) => void {
  let started: number | undefined;
  let last = 0;
  let headed = false;
  return (progress, seconds) => {
    if (started === undefined) {
      started = seconds;
      last = seconds;
    }
    if (!terminal.interactive && seconds - last < QUIET_INTERVAL) return;
    if (!headed) terminal.talk(PROGRESS_HEADING);
    headed = true;
    last = seconds;
    terminal.talk(progressLine(progress, seconds - started, relativeTolerance));
  };
}

/** Iteration, residual, reduction, elapsed time and estimated rest. */
export function progressLine(progress: KrylovProgress, seconds: number, relativeTolerance: number): string {
  const { iteration, residualNorm, initialResidualNorm } = progress;
  const reduction = initialResidualNorm > 0 ? residualNorm / initialResidualNorm : 0;
  const rest = estimatedRest({ iteration, reduction, seconds, relativeTolerance });
  const columns = [
    String(iteration).padStart(9),
    residualNorm.toExponential(2).padStart(11),
    reduction.toExponential(2).padStart(11),
    formatSeconds(seconds).padStart(10),
    (rest === undefined ? "" : formatSeconds(rest)).padStart(10),
  ];
  return columns.join("").trimEnd();
}

interface RestEstimate {
  readonly iteration: number;
  readonly reduction: number;
  readonly seconds: number;
  readonly relativeTolerance: number;
}

/** Assumes that the mean reduction per iteration goes on. */
function estimatedRest({ iteration, reduction, seconds, relativeTolerance }: RestEstimate): number | undefined {
  if (iteration === 0 || relativeTolerance <= 0 || !(reduction > 0 && reduction < 1)) return undefined;
  return Math.max(0, seconds * (Math.log(relativeTolerance) / Math.log(reduction) - 1));
}

/** "12.3 s", "4 min 05 s" or "2 h 05 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (minutes < 60) return `${minutes} min ${two(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
