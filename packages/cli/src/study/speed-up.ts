import { secondsOf, type CellRecord, type CellResult } from "./cell-record.js";
import { belongsToProblem } from "./study-cells.js";

/** How much faster a cell was than the best serial method on the same problem. */
export interface SpeedUp {
  readonly factor: number;
  /** Name of that method. */
  readonly baseline: string;
}

/** A time counts only with a recomputed relative KKT residual within the tolerance. */
function timeOf({ outcome, result }: CellRecord): number | undefined {
  return outcome === "converged" && result !== undefined && reached(result) ? secondsOf(result) : undefined;
}

const reached = ({ relativeResidual, relativeTolerance }: CellResult): boolean => relativeResidual !== null && relativeResidual <= relativeTolerance;

/** For a cell, the speed-up against the fastest baseline of the same problem at the same tolerance; `undefined` where either missed it. */
export function speedUps(records: readonly CellRecord[]): (record: CellRecord) => SpeedUp | undefined {
  const best = new Map<string, { seconds: number; baseline: string }>();
  for (const record of records.filter(({ role }) => role === "baseline")) {
    const seconds = timeOf(record);
    const problem = problemOf(record);
    if (seconds !== undefined && seconds < (best.get(problem)?.seconds ?? Infinity)) best.set(problem, { seconds, baseline: record.method });
  }
  return (record) => {
    const seconds = timeOf(record);
    const serial = best.get(problemOf(record));
    return record.role === "baseline" || seconds === undefined || serial === undefined ? undefined : { factor: serial.seconds / seconds, baseline: serial.baseline };
  };
}

function problemOf({ values, result }: CellRecord): string {
  const keys = Object.entries(values).filter(([key]) => belongsToProblem(key));
  return JSON.stringify([keys.sort(([a], [b]) => (a < b ? -1 : 1)), result?.relativeTolerance]);
}
