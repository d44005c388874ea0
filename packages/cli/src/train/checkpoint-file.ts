import { endianness } from "node:os";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { TrainingPosition, TrainingSnapshot } from "@parakkt/layers";
import { writeAtomically } from "../output/atomic-file.js";
import { littleEndianBytes } from "../output/little-endian.js";
import { TRAINING_FILES } from "./training-run.js";

/** A snapshot, and how much of the metrics belongs to it. */
export interface TrainingCheckpoint extends TrainingSnapshot {
  /** Bytes of metrics.jsonl. */
  readonly metricsBytes: number;
  /** Seconds of training before. */
  readonly seconds: number;
}

/** The first line of a checkpoint file, JSON; the sections follow as little-endian doubles. */
interface Header {
  readonly format: 1;
  readonly position: TrainingPosition;
  readonly metricsBytes: number;
  readonly seconds: number;
  /** The config that it belongs to, see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly sections: readonly { readonly length: number; readonly crc32: number }[];
}

/** Two good generations: the older one is replaced. */
export function checkpointWriter(directory: string, fingerprint: string, first: number): (checkpoint: TrainingCheckpoint) => void {
  let generation = first;
  return ({ position, vectors, metricsBytes, seconds }) => {
    const sections = vectors.map((vector) => ({ length: vector.length, crc32: crc32(littleEndianBytes(vector)) }));
    const line = JSON.stringify({ format: 1, position, metricsBytes, seconds, fingerprint, sections } satisfies Header);
    writeAtomically(join(directory, TRAINING_FILES.checkpoints[generation % 2]!), (file) => {
      file.write(`${line}\n${crc32(line)}\n`);
      for (const vector of vectors) file.write(littleEndianBytes(vector));
    });
    generation++;
  };
}

/** A checkpoint that was found: in which of the two files. */
export interface FoundCheckpoint {
  readonly checkpoint: TrainingCheckpoint;
  readonly generation: number;
  readonly fingerprint: string;
}

/** The newest checkpoint that is whole; damaged ones are told to `note`. */
export function newestCheckpoint(directory: string, note: (text: string) => void): FoundCheckpoint | undefined {
  const found = TRAINING_FILES.checkpoints.flatMap((name, generation) => {
    const read = readCheckpoint(join(directory, name));
    if (read === undefined) return [];
    if ("damage" in read) note(`${name} is damaged and not used: ${read.damage}`);
    return "damage" in read ? [] : [{ ...read, generation }];
  });
  return found.sort((a, b) => a.checkpoint.position.updates - b.checkpoint.position.updates).at(-1);
}

type Read = { readonly checkpoint: TrainingCheckpoint; readonly fingerprint: string } | { readonly damage: string } | undefined;

function readCheckpoint(path: string): Read {
  const bytes = readIfThere(path);
  if (bytes === undefined) return undefined;
  const lineEnd = bytes.indexOf("\n");
  const start = bytes.indexOf("\n", lineEnd + 1) + 1;
  if (lineEnd < 0 || start === 0) return { damage: "it has no header" };
  const line = bytes.toString("utf8", 0, lineEnd);
  if (bytes.toString("latin1", lineEnd + 1, start - 1) !== String(crc32(line))) return { damage: "the checksum of its header does not fit" };
  const { format, position, metricsBytes, seconds, fingerprint, sections } = JSON.parse(line) as Header;
  if (format !== 1) return { damage: `it has format ${String(format)}, and this program reads 1` };
  const vectors: Float64Array[] = [];
  let at = start;
  for (const [index, { length, crc32: expected }] of sections.entries()) {
    const section = bytes.subarray(at, at + 8 * length);
    if (section.length !== 8 * length || crc32(section) !== expected) return { damage: `the checksum of section ${index + 1} of ${sections.length} does not fit` };
    vectors.push(doublesOf(section));
    at += 8 * length;
  }
  return { checkpoint: { position, metricsBytes, seconds, vectors }, fingerprint };
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function doublesOf(bytes: Buffer): Float64Array {
  const copy = Buffer.from(Uint8Array.from(bytes).buffer);
  if (endianness() === "BE") copy.swap64();
  return new Float64Array(copy.buffer, copy.byteOffset, copy.length / 8);
}
