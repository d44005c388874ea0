import { networkNamed, networks, type Network } from "@parakkt/precond";
import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";

const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1 };
const BYTES_PER_SECOND: Readonly<Record<string, number>> = { "kB/s": 1e3, "MB/s": 1e6, "GB/s": 1e9 };

/**
 * A preset, or the user's own network as latency and bandwidth of a rank: "cluster", or "1.2us,12GB/s". Throws `ProgramError` (64).
 */
export function parseNetwork(text: string): Network {
  if (networks.some(({ name }) => name === text)) return networkNamed(text);
  const [latency, bandwidth, ...more] = text.split(",");
  const [seconds, bytes] = [quantity(latency, SECONDS), quantity(bandwidth, BYTES_PER_SECOND)];
  if (seconds !== undefined && bytes !== undefined && more.length === 0) return { name: text, basis: "given on the command line", latency: seconds, bandwidth: bytes };
  throw new ProgramError(ExitCode.usage, `unknown network ${text}`, `${networks.map(({ name }) => name).join(", ")}, or latency and bandwidth of a rank: 1.2us,12GB/s`);
}

/** A positive number and its unit; `undefined` for anything else. */
function quantity(text: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit] = /^\s*([0-9.]+(?:e[+-]?\d+)?)\s*([^\s\d]+)\s*$/i.exec(text ?? "") ?? [];
  const value = Number(number) * (units[unit ?? ""] ?? Number.NaN);
  return value > 0 && Number.isFinite(value) ? value : undefined;
}
