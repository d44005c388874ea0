import { writeFileSync } from "node:fs";
import { npyHeader } from "../dist/output/npy-bytes.js";

/** Writes doubles as an NPY file of the given shape. */
export function writeNpy(path: string, shape: readonly number[], values: readonly number[]): void {
  writeFileSync(path, Buffer.concat([npyHeader(shape), Buffer.from(Float64Array.from(values).buffer)]));
}

/** Bytes of an NPY file with any header text and version. */
export function npyBytes(dictionary: string, data: Uint8Array, major = 1): Buffer {
  const text = Buffer.from(`${dictionary}\n`, "latin1");
  const preamble = Buffer.alloc(major === 1 ? 10 : 12);
  preamble.write("\x93NUMPY", 0, "latin1");
  preamble.writeUInt8(major, 6);
  if (major === 1) preamble.writeUInt16LE(text.length, 8);
  else preamble.writeUInt32LE(text.length, 8);
  return Buffer.concat([preamble, text, data]);
}
