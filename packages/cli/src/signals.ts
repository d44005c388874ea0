import { ExitCode } from "./exit-codes.js";

/** A signal that asks the program to stop. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** The first signal, and whether it was sent by Open MPI's mpirun on its way out: SIGCONT, SIGTERM a second later, and SIGKILL after another second. */
export interface ReceivedSignal {
  readonly signal: StopSignal;
  readonly fromLauncher: boolean;
}

/** Milliseconds between the launcher's SIGCONT and its SIGTERM: one second, and what a busy machine adds. */
const AFTER_CONTINUATION = 1900;

/** Tells the first signal to `first`; a second one ends the process at once. */
export function listenForSignals(first: (received: ReceivedSignal) => void): { received(): ReceivedSignal | undefined; close(): void } {
  let received: ReceivedSignal | undefined;
  let continued = Number.NEGATIVE_INFINITY;
  const listen = (signal: StopSignal): void => {
    if (received !== undefined) process.exit(signal === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated);
    const underOpenMpi = process.env["OMPI_COMM_WORLD_SIZE"] !== undefined;
    received = { signal, fromLauncher: signal === "SIGTERM" && underOpenMpi && performance.now() - continued < AFTER_CONTINUATION };
    first(received);
  };
  const noteContinuation = (): void => void (continued = performance.now());
  process.on("SIGINT", listen).on("SIGTERM", listen).on("SIGCONT", noteContinuation);
  return {
    received: () => received,
    close: () => void process.off("SIGINT", listen).off("SIGTERM", listen).off("SIGCONT", noteContinuation),
  };
}
