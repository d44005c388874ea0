import type { Communicator, StopReason } from "@parakkt/core";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/resolved-config.js";
import { stepCount } from "../config/resolved-config.js";
import { createRunDirectory, removeEarlierRun, RUN_FILES } from "../output/run-directory.js";
import type { CheckpointHooks } from "../solve-job.js";
import { checkpointStore, removeCheckpoints } from "./checkpoint-store.js";
import { solveFingerprint } from "./solve-fingerprint.js";

/** A run whose solve keeps checkpoints. */
export interface CheckpointedRun {
  readonly config: ResolvedConfig;
  /** Directory that the config's files are relative to. */
  readonly configDirectory: string;
  readonly runDirectory: string;
  readonly resume: boolean;
  readonly communicator: Communicator;
  /** Seconds since some moment. */
  readonly elapsed: () => number;
  readonly note: (text: string) => void;
}

/** How a solve keeps checkpoints and goes on from one, as the config and the options say. */
export function checkpointHooks(run: CheckpointedRun): RunCheckpoints {
  const { config, configDirectory, runDirectory, communicator, note } = run;
  const directory = join(runDirectory, RUN_FILES.checkpoints);
  const store = checkpointStore({
    directory,
    steps: stepCount(config.problem.time),
    fingerprint: solveFingerprint(config, configDirectory),
    communicator,
  });
  const found = run.resume ? store.newest() : undefined;
  if (run.resume && communicator.rank === 0) {
    found?.notes.forEach(note);
    note(found ? `resuming after iteration ${found.iteration}` : "no checkpoint is there: starting from the beginning");
  }
  const schedule = config.output.checkpoint;
  const asked = schedule !== undefined;
  const first = communicator.rank === 0;
  if (first && asked) prepareRunDirectory(runDirectory, directory, run.resume);
  return {
    asked,
    ...(found && { resume: found }),
    due: asked ? dueAt(schedule, run, found?.iteration ?? 0) : () => false,
    write: store.write,
    conclude({ kind }) {
      if (first && (kind !== "stopped" || !asked)) removeCheckpoints(directory);
    },
  };
}

/** The hooks of the solve, and what becomes of the checkpoints when its report is written. */
export interface RunCheckpoints extends CheckpointHooks {
  /** They go when the solve has come to its end: only a stopped one can be resumed. */
  conclude(reason: StopReason): void;
}

/** A run that does not go on with an earlier one must not be taken for it later. */
function prepareRunDirectory(runDirectory: string, checkpoints: string, resume: boolean): void {
  createRunDirectory(runDirectory);
  if (resume) return;
  removeEarlierRun(runDirectory);
  removeCheckpoints(checkpoints);
}

/** Rank 0's clock decides for all. */
function dueAt({ everyIterations = Infinity, everySeconds = Infinity }: NonNullable<ResolvedConfig["output"]["checkpoint"]>, { communicator, elapsed }: CheckpointedRun, start: number) {
  let [lastIteration, lastTime] = [start, elapsed()];
  const verdict = new Float64Array(1);
  return (iteration: number): boolean => {
    verdict[0] = iteration - lastIteration >= everyIterations || elapsed() - lastTime >= everySeconds ? 1 : 0;
    if (everySeconds < Infinity) communicator.broadcast(0, verdict);
    if (verdict[0] === 0) return false;
    [lastIteration, lastTime] = [iteration, elapsed()];
    return true;
  };
}
