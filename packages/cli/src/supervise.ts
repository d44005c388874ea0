import { Worker } from "node:worker_threads";
import type { KrylovProgress } from "@parakkt/core";
import { ExitCode } from "./exit-codes.js";
import { failureOf } from "./failure.js";
import { systemCode } from "./program-error.js";
import type { RunReport } from "./output/report.js";
import type { Failure, SolveTask, WorkerMessage } from "./worker-messages.js";

/** How a supervised solve ended. */
export type Ending = { readonly report: RunReport; readonly signal: "SIGINT" | "SIGTERM" | undefined } | { readonly failure: Failure };

/** What the main thread does with news from the worker. */
export interface Supervisor {
  progress(progress: KrylovProgress): void;
  note(text: string): void;
  /** The first signal: the worker stops at its next iteration. */
  stopping(): void;
}

/** Runs the task in a worker; the main thread stays free for signals. A second signal ends the process at once. */
export async function superviseSolve(task: Omit<SolveTask, "stop">, supervisor: Supervisor): Promise<Ending> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const signals = listenForSignals(() => {
    Atomics.store(new Int32Array(stop), 0, 1);
    supervisor.stopping();
  });
  try {
    const worker = new Worker(new URL("./solve-worker.js", import.meta.url), { workerData: { ...task, stop } satisfies SolveTask });
    const message = await lastMessage(worker, supervisor);
    return message.kind === "finished" ? { report: message.report, signal: signals.received() } : { failure: message.failure };
  } finally {
    signals.close();
  }
}

type LastMessage = Exclude<WorkerMessage, { kind: "progress" | "note" }>;

function lastMessage(worker: Worker, supervisor: Supervisor): Promise<LastMessage> {
  return new Promise((resolve) => {
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "progress") supervisor.progress(message.progress);
      else if (message.kind === "note") supervisor.note(message.text);
      else resolve(message);
    });
    worker.on("error", (error) => resolve({ kind: "failed", failure: workerFailure(error) }));
    worker.on("exit", (code) => resolve({ kind: "failed", failure: lostWorker(code) }));
  });
}

function workerFailure(error: unknown): Failure {
  if (systemCode(error) !== "ERR_WORKER_OUT_OF_MEMORY") return failureOf(error);
  const text = "the solving worker ran out of memory\n  hint: a smaller problem, or NODE_OPTIONS=--max-old-space-size=8192";
  return { exitCode: ExitCode.workerLost, text };
}

function lostWorker(code: number): Failure {
  return { exitCode: ExitCode.workerLost, text: `the solving worker ended without a result (code ${code})\n  hint: again; if it stays, report it` };
}

function listenForSignals(first: () => void): { received(): "SIGINT" | "SIGTERM" | undefined; close(): void } {
  let received: "SIGINT" | "SIGTERM" | undefined;
  const listen = (signal: "SIGINT" | "SIGTERM"): void => {
    if (received !== undefined) process.exit(signal === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated);
    received = signal;
    first();
  };
  process.on("SIGINT", listen).on("SIGTERM", listen);
  return {
    received: () => received,
    close: () => void process.off("SIGINT", listen).off("SIGTERM", listen),
  };
}
