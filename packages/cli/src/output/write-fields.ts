import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BoxGrid, Communicator, StepRange } from "@parakkt/core";
import type { StepField } from "../solve-job.js";
import { guarded, writeAtomically } from "./atomic-file.js";
import { gatherHashes, stepCounts } from "./gather-hashes.js";
import { littleEndianBytes } from "./little-endian.js";
import { npyHeader } from "./npy-bytes.js";
import { FIELD_NAMES, RUN_FILES, type FieldName } from "./run-directory.js";
import { writeShared, type SharedFile } from "./shared-file.js";
import { blockHeader, embedInterior, nodeCount, pvdText, vtiFrame } from "./vtk-text.js";

/** Fields on a grid and this rank's time steps, and where they go. */
export interface FieldOutput {
  readonly directory: string;
  readonly grid: BoxGrid;
  /** End times of the steps 1 … N. */
  readonly times: readonly number[];
  /** This rank's steps. */
  readonly steps: StepRange;
  readonly fields: Readonly<Record<FieldName, StepField>>;
  readonly communicator: Communicator;
}

/** A written file (path inside the run directory) and its SHA-256. */
export interface WrittenFile {
  readonly file: string;
  readonly sha256: string;
}

/** An array of shape [steps, (nz,) (ny,) nx] in one file, which all ranks write. The SHA-256 is known on rank 0. */
export function writeNpyField({ directory, grid, times, steps, fields, communicator }: FieldOutput, name: FieldName): WrittenFile {
  const file = `${name}.npy`;
  const values = new Float64Array(grid.size);
  const shared: SharedFile = {
    path: join(directory, file),
    head: npyHeader([times.length, ...[...grid.points].reverse()]),
    start: (steps.first - 1) * values.byteLength,
    fill(write) {
      for (let step = steps.first; step <= steps.last; step++) {
        fields[name](step, values);
        write(littleEndianBytes(values));
      }
    },
  };
  return { file, sha256: writeShared(shared, communicator) };
}

/** One VTK image per time step with all fields as point data, written by its owner, and a collection with the times. All files are known on rank 0, elsewhere none. */
export function writeVtkFields(output: FieldOutput): WrittenFile[] {
  const { directory, times, steps, communicator } = output;
  if (communicator.rank === 0) guarded(directory, () => mkdirSync(join(directory, RUN_FILES.pictures), { recursive: true }));
  communicator.barrier();
  const digits = String(times.length).length;
  const name = (step: number): string => `${RUN_FILES.pictures}/step-${String(step).padStart(digits, "0")}.vti`;
  const write = vtiWriter(output);
  const own = Array.from({ length: steps.last - steps.first + 1 }, (_, k) => Buffer.from(write(steps.first + k, join(directory, name(steps.first + k))), "hex"));
  const hashes: string[] = [];
  gatherHashes(communicator, own, stepCounts(communicator, steps), (hash) => hashes.push(Buffer.from(hash).toString("hex")));
  return communicator.rank === 0 ? [...hashes.map((sha256, k) => ({ file: name(k + 1), sha256 })), writeCollection(output, name)] : [];
}

function writeCollection({ directory, times }: FieldOutput, name: (step: number) => string): WrittenFile {
  const collection = pvdText(times.map((time, k) => ({ time, file: name(k + 1) })));
  const sha256 = writeAtomically(join(directory, RUN_FILES.collection), (target) => target.write(collection));
  return { file: RUN_FILES.collection, sha256 };
}

/** Writes the image of one step; hands back its SHA-256. */
function vtiWriter({ grid, fields }: FieldOutput): (step: number, path: string) => string {
  const { head, tail } = vtiFrame(grid, FIELD_NAMES);
  const length = blockHeader(grid);
  const interior = new Float64Array(grid.size);
  const nodes = new Float64Array(nodeCount(grid));
  return (step, path) =>
    writeAtomically(path, (target) => {
      target.write(head);
      for (const name of FIELD_NAMES) {
        fields[name](step, interior);
        embedInterior(grid, interior, nodes);
        target.write(length);
        target.write(littleEndianBytes(nodes));
      }
      target.write(tail);
    });
}
