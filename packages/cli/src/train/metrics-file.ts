import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TrainingRecord } from "@parakkt/layers";
import { guarded } from "../output/atomic-file.js";
import { TRAINING_FILES } from "./training-run.js";

/** metrics.jsonl: a first line that says what it is, then a record a line. No times stand in it, so that equal trainings have equal files. */
export interface MetricsFile {
  append(records: readonly TrainingRecord[]): void;
  /** Bytes that are safely on the device. */
  sync(): number;
  close(): void;
}

/** Opens the file for what follows after its first `keep` bytes; the rest belongs to updates that will be made again. */
export function openMetrics(directory: string, keep: number): MetricsFile {
  const path = join(directory, TRAINING_FILES.metrics);
  const file = guarded(path, () => openSync(path, keep > 0 ? "r+" : "w"));
  guarded(path, () => ftruncateSync(file, keep));
  let at = keep;
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += guarded(path, () => writeSync(file, bytes, done, bytes.length - done, at + done));
    at += bytes.length;
  };
  if (keep === 0) write(`${JSON.stringify({ kind: "training", format: 1 })}\n`);
  return {
    append: (records) => write(records.map((record) => `${JSON.stringify(record)}\n`).join("")),
    sync() {
      guarded(path, () => fsyncSync(file));
      return fstatSync(file).size;
    },
    close: () => closeSync(file),
  };
}

/** All records of a run directory. */
export function readMetrics(directory: string): TrainingRecord[] {
  const lines = readFileSync(join(directory, TRAINING_FILES.metrics), "utf8").trimEnd().split("\n");
  return lines.slice(1).map((line) => JSON.parse(line) as TrainingRecord);
}
