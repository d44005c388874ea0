import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { stepCount } from "../config/resolved-config.js";
import { countNoun } from "../count-noun.js";
import { ExitCode } from "../exit-codes.js";
import { monotonicSeconds } from "../monotonic-clock.js";
import { formatSeconds } from "../progress-line.js";
import { appendRecord, readRecords, type CellRecord } from "./cell-record.js";
import type { LoadedStudy } from "./load-study.js";
import { runCell } from "./run-cell.js";
import { studyAxes } from "./study-axes.js";
import { firstOfEach, type StudyCell } from "./study-cells.js";
import { STUDY_FILES } from "./study-directory.js";
import { describeCell } from "./study-table.js";

/** How a study is run. */
export interface StudyRun {
  readonly study: LoadedStudy;
  readonly directory: string;
  /** Options of `parakkt solve` that every cell gets. */
  readonly options: readonly string[];
  readonly talk: (text: string) => void;
}

/** The records of all cells, or those until a signal came. */
export interface StudyEnding {
  readonly records: readonly CellRecord[];
  readonly signal?: "SIGINT" | "SIGTERM";
}

/** Exit codes that say something about the machine, not about the cell. */
const TRANSIENT = new Set<number>([ExitCode.cannotCreateOutput, ExitCode.inputOutput, ExitCode.workerLost]);

/**
 * Runs the cells that have no record yet, and those that the machine has let down, one after the other; each leaves one line as soon as it is done, and the last one counts.
 */
export async function runStudy({ study, directory, options, talk }: StudyRun): Promise<StudyEnding> {
  const file = join(directory, STUDY_FILES.records);
  const earlier = readRecords(file);
  const keyOf = ({ role, id }: Pick<CellRecord, "role" | "id">): string => `${role} ${id}`;
  const find = (cell: StudyCell): CellRecord | undefined => done.get(keyOf(cell));
  const done = new Map(earlier.filter(({ exitCode }) => !TRANSIENT.has(exitCode)).map((record) => [keyOf(record), record]));
  const solves = firstOfEach(study.cells, keyOf);
  const missing = solves.filter((cell) => find(cell) === undefined);
  const known = new Set(study.cells.map(keyOf));
  announce({ cells: study.cells.length, total: solves.length, missing: missing.length, foreign: earlier.filter((record) => !known.has(keyOf(record))).length }, talk);
  const axes = studyAxes(study.cells, study.study.labels);
  const signals = forwardSignals();
  const rest = restEstimate(missing);
  try {
    for (const [i, cell] of missing.entries()) {
      const record = await runCell(cell, { configPath: study.path, directory, options, repeats: study.study.repeats ?? 1, started: signals.watch });
      if (record === undefined || signals.received() !== undefined) break;
      appendRecord(file, record);
      done.set(keyOf(cell), record);
      talk(`${String(solves.length - missing.length + i + 1).padStart(5)}/${solves.length}  ${describeCell(cell, axes)}: ${outcomeWords(record)}${rest(cell)}`);
    }
  } finally {
    signals.close();
  }
  const signal = signals.received();
  // The method names and values of this study, which may have been changed in the config without a change of the cell.
  const records = study.cells.flatMap((cell) => (find(cell) === undefined ? [] : [{ ...find(cell)!, method: cell.method, values: cell.values }]));
  return { records, ...(signal !== undefined && { signal }) };
}

function announce({ cells, total, missing, foreign }: { cells: number; total: number; missing: number; foreign: number }, talk: (text: string) => void): void {
  const known = total - missing;
  const equal = cells > total ? ` in ${countNoun(total, "solve")}, since some have equal configs` : "";
  talk(`${countNoun(cells, "cell")}${equal}${known > 0 ? `, ${known} of them have a result already` : ""}`);
  if (foreign > 0) talk(`note: ${foreign} earlier results belong to no cell of this config and are left out`);
}

function outcomeWords({ outcome, message, result }: CellRecord): string {
  if (result === undefined) return `${outcome} (${message.split("\n")[0]!.replace(/^parakkt: /, "")})`;
  return `${message} after ${countNoun(result.iterations, "iteration")}, ${formatSeconds(result.setupSeconds + result.solveSeconds)}`;
}

/** Words about the time left, as if cells took time in proportion to their unknowns. */
function restEstimate(missing: readonly StudyCell[]): (done: StudyCell) => string {
  const started = monotonicSeconds();
  let work = 0;
  let left = missing.reduce((sum, cell) => sum + workOf(cell), 0);
  return (cell) => {
    work += workOf(cell);
    left -= workOf(cell);
    return left > 0 ? `; about ${formatSeconds(((monotonicSeconds() - started) * left) / work)} left` : "";
  };
}

/** Unknowns, and as many as start-up costs. */
function workOf({ config }: StudyCell): number {
  if (config === undefined) return 0;
  const { domain, time } = config.problem;
  return 1e5 + domain.cells.reduce((product, count) => product * (count - 1), 3 * stepCount(time));
}

/** Hands signals on to the cell that runs; after the first one no further cell starts. */
function forwardSignals() {
  let signal: "SIGINT" | "SIGTERM" | undefined;
  let running: ChildProcess | undefined;
  const listen = (received: "SIGINT" | "SIGTERM"): void => {
    signal = received;
    running?.kill("SIGTERM");
  };
  process.on("SIGINT", listen).on("SIGTERM", listen);
  return {
    watch: (child: ChildProcess) => void (running = child),
    received: () => signal,
    close: () => void process.off("SIGINT", listen).off("SIGTERM", listen),
  };
}
