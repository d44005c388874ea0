import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BoxGrid } from "@parakkt/core";
import type { StepField } from "../solve-job.js";
import { guarded, writeAtomically } from "./atomic-file.js";
import { littleEndianBytes } from "./little-endian.js";
import { npyHeader } from "./npy-bytes.js";
import { FIELD_NAMES, RUN_FILES, type FieldName } from "./run-directory.js";
import { blockHeader, embedInterior, nodeCount, pvdText, vtiFrame } from "./vtk-text.js";

/** Fields on a grid and time steps, and where they go. */
export interface FieldOutput {
  readonly directory: string;
  readonly grid: BoxGrid;
  /** End times of the steps 1 … N. */
  readonly times: readonly number[];
  readonly fields: Readonly<Record<FieldName, StepField>>;
}

/** A written file (path inside the run directory) and its SHA-256. */
export interface WrittenFile {
  readonly file: string;
  readonly sha256: string;
}

/** An array of shape [steps, (nz,) (ny,) nx]. */
export function writeNpyField({ directory, grid, times, fields }: FieldOutput, name: FieldName): WrittenFile {
  const file = `${name}.npy`;
  const values = new Float64Array(grid.size);
  const sha256 = writeAtomically(join(directory, file), (target) => {
    target.write(npyHeader([times.length, ...[...grid.points].reverse()]));
    for (let step = 1; step <= times.length; step++) {
      fields[name](step, values);
      target.write(littleEndianBytes(values));
    }
  });
  return { file, sha256 };
}

/** One VTK image per time step with all fields as point data, and a collection with the times. */
export function writeVtkFields(output: FieldOutput): WrittenFile[] {
  const { directory, times } = output;
  guarded(directory, () => mkdirSync(join(directory, RUN_FILES.pictures), { recursive: true }));
  const digits = String(times.length).length;
  const name = (step: number): string => `${RUN_FILES.pictures}/step-${String(step).padStart(digits, "0")}.vti`;
  const write = vtiWriter(output);
  const images = times.map((_, k) => ({ file: name(k + 1), sha256: write(k + 1, join(directory, name(k + 1))) }));
  const collection = pvdText(times.map((time, k) => ({ time, file: name(k + 1) })));
  const sha256 = writeAtomically(join(directory, RUN_FILES.collection), (target) => target.write(collection));
  return [...images, { file: RUN_FILES.collection, sha256 }];
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
