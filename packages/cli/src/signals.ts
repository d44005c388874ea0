import { ExitCode } from "./exit-codes.js";

/** A signal that asks the program to stop. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** Tells the first signal to `first`; a second one ends the process at once. */
export function listenForSignals(first: (signal: StopSignal) => void): { received(): StopSignal | undefined; close(): void } {
  let received: StopSignal | undefined;
  const listen = (signal: StopSignal): void => {
    if (received !== undefined) process.exit(signal === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated);
    received = signal;
    first(signal);
  };
  process.on("SIGINT", listen).on("SIGTERM", listen);
  return {
    received: () => received,
    close: () => void process.off("SIGINT", listen).off("SIGTERM", listen),
  };
}
