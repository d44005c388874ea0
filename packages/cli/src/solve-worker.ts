import { parentPort, workerData } from "node:worker_threads";
import { serialCommunicator } from "@parakkt/core";
import { checkpointHooks } from "./checkpoint/checkpoint-hooks.js";
import { loadInputData } from "./data/load-input-data.js";
import { failureOf } from "./failure.js";
import { writeRun } from "./output/write-run.js";
import type { RunReport } from "./output/report.js";
import type { SolveHooks, SolveJob } from "./solve-job.js";
import type { SolveTask, WorkerMessage } from "./worker-messages.js";

const task = workerData as SolveTask;
const elapsed = (): number => (Date.now() - task.startedAt) / 1000;

try {
  send({ kind: "finished", report: await runTask() });
} catch (error) {
  send({ kind: "failed", failure: failureOf(error) });
}

async function runTask(): Promise<RunReport> {
  const { solveJob } = (await import(task.jobModule)) as { solveJob: SolveJob };
  const loading = elapsed();
  const inputs = loadInputData(task.request);
  const loadSeconds = elapsed() - loading;
  const { config, directory: configDirectory, plan } = task.request;
  const { runDirectory, resume } = task;
  const communicator = serialCommunicator();
  const checkpoints = checkpointHooks({ config, configDirectory, runDirectory, resume, communicator, elapsed, note });
  const outcome = solveJob(config, inputs, { ...solveHooks(), checkpoints }, communicator);
  const report = writeRun({ config, ...(plan && { plan }), inputs, outcome, runDirectory, configDirectory, loadSeconds, elapsed });
  checkpoints.conclude(report.reason);
  return report;
}

function note(text: string): void {
  send({ kind: "note", text });
}

function solveHooks(): SolveHooks {
  const flag = new Int32Array(task.stop);
  const { solver } = task.request.config;
  const limit = ("timeLimit" in solver ? solver.timeLimit : undefined) ?? Infinity;
  const started = elapsed();
  return {
    progress: ({ iteration, residualNorm, initialResidualNorm }) =>
      send({ kind: "progress", progress: { iteration, residualNorm, initialResidualNorm } }),
    shouldStop: () => (Atomics.load(flag, 0) === 1 ? "observer" : elapsed() - started > limit ? "time-limit" : undefined),
  };
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
