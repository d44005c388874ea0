import { sharedDecision, type Communicator } from "@parakkt/core";
import { broadcastText, JobEndedError, type RankContext, type RankProgram } from "@parakkt/parallel";
import { checkpointHooks } from "./checkpoint/checkpoint-hooks.js";
import { loadInputData } from "./data/load-input-data.js";
import { failureOf } from "./failure.js";
import { monotonicSeconds } from "./monotonic-clock.js";
import { writeRun } from "./output/write-run.js";
import type { SolveHooks, SolveJob, SolveOutcome } from "./solve-job.js";
import type { RankEnding, SolveOrder, SolveTask, WorkerNews } from "./worker-messages.js";

/** One rank of a solve: every rank runs this in a worker, on the order that rank 0 was given. */
export const rankProgram: RankProgram<SolveTask, RankEnding> = async (communicator, task, context) => {
  const tell = (news: WorkerNews): void => context.tell(news);
  try {
    const order = JSON.parse(broadcastText(communicator, 0, JSON.stringify(task.order ?? null))) as NonNullable<SolveTask["order"]>;
    return "ended" in order ? { reason: order.ended } : await solve(order, task, { communicator, tell });
  } catch (error) {
    if (!(error instanceof JobEndedError)) tell({ kind: "failed", failure: failureOf(error) });
    throw error;
  }
};

interface Rank extends RankContext {
  readonly communicator: Communicator;
  tell(news: WorkerNews): void;
}

async function solve({ request, runDirectory, resume, startedAt }: SolveOrder, { jobModule, stop }: SolveTask, rank: Rank): Promise<RankEnding> {
  const { solveJob } = (await import(jobModule)) as { solveJob: SolveJob };
  const elapsed = (): number => monotonicSeconds() - startedAt;
  const loading = elapsed();
  const inputs = loadInputData(request, rank.communicator);
  const loadSeconds = elapsed() - loading;
  const { config, directory: configDirectory, plan } = request;
  const { communicator, latest } = sharedDecision(rank.communicator, stopDecision(stop, "timeLimit" in config.solver ? config.solver.timeLimit : undefined));
  const note = (text: string): void => rank.tell({ kind: "note", text });
  const checkpoints = checkpointHooks({ config, configDirectory, runDirectory, resume, communicator, elapsed, note });
  const outcome = withAllCounts(solveJob(config, inputs, { ...solveHooks(latest, rank), checkpoints }, communicator), communicator);
  rank.tell({ kind: "writing" });
  const report = writeRun({ config, ...(plan && { plan }), inputs, outcome, communicator, runDirectory, configDirectory, loadSeconds, elapsed });
  communicator.barrier();
  checkpoints.conclude(outcome.reason);
  return { reason: outcome.reason, ...(report && { report }) };
}

/** What rank 0 may decide. */
const DECISIONS = [undefined, "observer", "time-limit"] as const;

/** The stop flag and the clock, as a number: an index of `DECISIONS`. */
function stopDecision(stop: SharedArrayBuffer, limit = Number.POSITIVE_INFINITY): () => number {
  const flag = new Int32Array(stop);
  const started = performance.now();
  return () => (Atomics.load(flag, 0) === 1 ? 1 : performance.now() - started > 1000 * limit ? 2 : 0);
}

function solveHooks(decision: () => number, { communicator, tell }: Rank): SolveHooks {
  return {
    progress({ iteration, residualNorm, initialResidualNorm }) {
      if (communicator.rank === 0) tell({ kind: "progress", progress: { iteration, residualNorm, initialResidualNorm } });
    },
    shouldStop() {
      const stop = DECISIONS[decision()];
      if (stop === "observer") tell({ kind: "writing" });
      return stop;
    },
  };
}

/** The outcome with the spatial solves, messages and bytes of all ranks. */
function withAllCounts(outcome: SolveOutcome, communicator: Communicator): SolveOutcome {
  const { spatialSolves, messages, bytes } = outcome.counts;
  const all = Float64Array.of(spatialSolves, messages, bytes);
  communicator.allReduce(all);
  return { ...outcome, counts: { ...outcome.counts, spatialSolves: all[0], messages: all[1], bytes: all[2] } };
}
