import type { StateValues } from "@parakkt/core";
import { crc32 } from "node:zlib";
import { littleEndianBytes } from "../output/little-endian.js";

/** What stands in a manifest: all of a checkpoint but its time series, and what it belongs to. */
export interface CheckpointManifest {
  readonly iteration: number;
  readonly steps: number;
  /** Doubles a step of each series in the data file. */
  readonly dofs: readonly number[];
  readonly values: StateValues;
  /** Program, problem and method that the state belongs to; see `solveFingerprint`. */
  readonly fingerprint: unknown;
}

const FORMAT = 1;

/** One line of JSON, doubles as base64 of their bytes, and a line with the CRC-32 of the first. */
export function manifestText({ values, ...rest }: CheckpointManifest): string {
  const encoded = Object.fromEntries(Object.entries(values).map(([name, numbers]) => [name, encode(numbers)]));
  const line = `${JSON.stringify({ format: FORMAT, ...rest, values: encoded })}\n`;
  return `${line}crc32 ${checksum(line)}\n`;
}

/** The manifest in a text, or what is wrong with it. */
export function readManifest(text: string): CheckpointManifest | { readonly damage: string } {
  const end = text.indexOf("\n") + 1;
  const line = text.slice(0, end);
  if (end === 0 || text.slice(end) !== `crc32 ${checksum(line)}\n`) return { damage: "its checksum does not fit" };
  const { format, values, ...rest } = JSON.parse(line) as CheckpointManifest & { format: number; values: Record<string, string> };
  if (format !== FORMAT) return { damage: `it has format ${format}, this program reads ${FORMAT}` };
  return { ...rest, values: Object.fromEntries(Object.entries(values).map(([name, numbers]) => [name, decode(numbers)])) };
}

function checksum(line: string): string {
  return crc32(line).toString(16).padStart(8, "0");
}

function encode(numbers: readonly number[]): string {
  return Buffer.from(littleEndianBytes(Float64Array.from(numbers))).toString("base64");
}

function decode(text: string): number[] {
  const bytes = Buffer.from(text, "base64");
  return Array.from({ length: bytes.length / 8 }, (_, k) => bytes.readDoubleLE(8 * k));
}
