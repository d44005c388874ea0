import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { describeSystemError, ProgramError } from "../program-error.js";
import { ExitCode } from "../exit-codes.js";
import { DataError } from "./data-error.js";
import { decodeElements, elementBytes, headerRange, NPY_PREAMBLE, parseHeader, type NpyHeader } from "./npy-header.js";

/** An NPY array on disk whose parts are read on demand, so that no copy of a large one is held. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** out ← elements first … first + out.length − 1 in C order, as doubles. */
  read(first: number, out: Float64Array): void;
  close(): void;
}

/** Opens an NPY file (versions 1–3, little-endian numbers, C order) and checks that it is whole. Throws `DataError`. */
export function openNpy(path: string, name: string): NpyArray {
  const file = openFile(path, name);
  try {
    const header = readHeader(file, name);
    requireWhole(fstatSync(file).size, header, name);
    return { shape: header.shape, read: (first, out) => readElements({ file, name, header }, first, out), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function openFile(path: string, name: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new ProgramError(ExitCode.inputMissing, `cannot read ${name}: ${describeSystemError(error)}`, "check the path");
  }
}

function readHeader(file: number, name: string): NpyHeader {
  const { start, end } = headerRange(readBytes(file, 0, NPY_PREAMBLE), name);
  const text = readBytes(file, start, end - start);
  if (text.length < end - start) throw new DataError(name, "the file ends inside its header", "save it again");
  return parseHeader(Buffer.from(text).toString("latin1"), end, name);
}

function requireWhole(size: number, { type, shape, dataStart }: NpyHeader, name: string): void {
  const expected = dataStart + shape.reduce((product, count) => product * count, 1) * elementBytes(type);
  if (size === expected) return;
  const what = size < expected ? "the file is cut off" : "there is something after the array";
  throw new DataError(name, `${what}: expected ${expected} bytes for shape (${shape.join(", ")}), got ${size}`, "save the array again");
}

interface OpenArray {
  readonly file: number;
  readonly name: string;
  readonly header: NpyHeader;
}

function readElements({ file, name, header }: OpenArray, first: number, out: Float64Array): void {
  const size = elementBytes(header.type);
  const bytes = readBytes(file, header.dataStart + first * size, out.length * size);
  if (bytes.length < out.length * size) throw new DataError(name, "the file became shorter while it was read", "keep it unchanged during a run");
  decodeElements(header.type, bytes, out);
}

/** Up to `length` bytes from `position`; fewer only at the end of the file. */
function readBytes(file: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
