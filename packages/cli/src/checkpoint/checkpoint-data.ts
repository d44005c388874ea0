import { readStep, writeStep, type SpaceTimeVector } from "@parakkt/core";
import { endianness } from "node:os";
import { crc32 } from "node:zlib";
import type { FileSystem } from "../output/file-system.js";
import { littleEndianBytes } from "../output/little-endian.js";

/**
 * Where a data file has what: records in the order [series][step], each the little-endian doubles of one step and the CRC-32 of these
 * bytes, begun with the number of the record. It depends on neither the storage order nor the number of ranks.
 */
export interface DataShape {
  /** N */
  readonly steps: number;
  /** Doubles a step of each series. */
  readonly dofs: readonly number[];
}

const CHECKSUM_BYTES = 4;

export function dataBytes({ steps, dofs }: DataShape): number {
  return dofs.reduce((sum, count) => sum + steps * recordBytes(count), 0);
}

function recordBytes(dofs: number): number {
  return 8 * dofs + CHECKSUM_BYTES;
}

function recordPlace({ steps, dofs }: DataShape, series: number, step: number): { index: number; position: number } {
  const before = dofs.slice(0, series).reduce((sum, count) => sum + steps * recordBytes(count), 0);
  return { index: series * steps + step - 1, position: before + (step - 1) * recordBytes(dofs[series]!) };
}

/** Writes the steps that are held here. */
export function writeSeries(files: FileSystem, file: number, shape: DataShape, series: readonly SpaceTimeVector[]): void {
  series.forEach((vector, k) => {
    const record = new Uint8Array(recordBytes(shape.dofs[k]!));
    const state = new Float64Array(shape.dofs[k]!);
    const checksum = new DataView(record.buffer);
    const { first, last } = vector.layout.steps;
    for (let step = first; step <= last; step++) {
      const { index, position } = recordPlace(shape, k, step);
      readStep(vector, step, state);
      record.set(littleEndianBytes(state));
      checksum.setUint32(8 * state.length, crc32(record.subarray(0, 8 * state.length), index), true);
      files.write(file, record, position);
    }
  });
}

/** Reads the steps of one series that are held here. The file was checked before. */
export function readSeries(files: FileSystem, file: number, shape: DataShape, place: { readonly index: number; readonly vector: SpaceTimeVector }): void {
  const { index, vector } = place;
  const state = new Float64Array(shape.dofs[index]!);
  const bytes = Buffer.from(state.buffer);
  for (let step = vector.layout.steps.first; step <= vector.layout.steps.last; step++) {
    files.read(file, bytes, recordPlace(shape, index, step).position);
    if (endianness() !== "LE") bytes.swap64();
    writeStep(vector, step, state);
  }
}

/** The first record whose checksum does not fit, in words. */
export function findDamage(files: FileSystem, file: number, shape: DataShape): string | undefined {
  for (let series = 0; series < shape.dofs.length; series++) {
    const record = new Uint8Array(recordBytes(shape.dofs[series]!));
    const stored = new DataView(record.buffer);
    for (let step = 1; step <= shape.steps; step++) {
      const { index, position } = recordPlace(shape, series, step);
      const length = files.read(file, record, position);
      const sound = length === record.length && stored.getUint32(record.length - CHECKSUM_BYTES, true) === crc32(record.subarray(0, record.length - CHECKSUM_BYTES), index);
      if (!sound) return `the checksum of series ${series}, step ${step} does not fit`;
    }
  }
  return undefined;
}
