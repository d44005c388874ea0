import { requireArgument } from "@parakkt/core";

/** What messages cost between ranks. */
export interface Network {
  readonly name: string;
  /** Where the numbers come from: "measured …" or "assumed …". */
  readonly basis: string;
  /** Seconds that a message takes however short it is. */
  readonly latency: number;
  /** Bytes per second into or out of one rank. */
  readonly bandwidth: number;
}

/** Named networks of `parakkt plan --network`; the measured ones are printed by `npm run bench -- --only communication`. */
export const networks: readonly Network[] = [
  { name: "shared-memory", basis: "measured: ping-pong of two worker threads on two cores, 2026-11-29", latency: 6.7e-7, bandwidth: 9e9 },
  { name: "mpi", basis: "measured: ping-pong of two Open MPI processes on two cores, shared memory, 2026-11-29", latency: 9.2e-7, bandwidth: 7.2e9 },
  { name: "cluster", basis: "assumed: nodes with 200 Gbit/s and 1.5 µs, shared by their ranks", latency: 2e-6, bandwidth: 1.5e9 },
];

/** Errors: `InvalidArgumentError` for a name that no preset has. */
export function networkNamed(name: string): Network {
  const found = networks.find((network) => network.name === name);
  requireArgument(found !== undefined, () => ({
    what: "network",
    where: "networkNamed",
    expected: networks.map((network) => network.name).join(", "),
    got: name,
  }));
  return found;
}

/** A communication of one iteration, all ranks together and along the path that the iteration waits for. */
export interface Communication {
  readonly name: string;
  /** Messages and doubles that all ranks send, as communicators count them. */
  readonly messages: number;
  readonly doubles: number;
  /** Messages one behind the other, and doubles through one rank. */
  readonly waits: number;
  readonly doublesOfRank: number;
}

/** α · waits + β · bytes   (PERF.2) */
export function communicationSeconds({ latency, bandwidth }: Network, { waits, doublesOfRank }: Communication): { latency: number; bandwidth: number } {
  return { latency: latency * waits, bandwidth: (8 * doublesOfRank) / bandwidth };
}
