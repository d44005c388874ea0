import { endianness } from "node:os";

/** The bytes of doubles in little-endian order; a view of the same memory where the machine has that order. */
export function littleEndianBytes(values: Float64Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap64();
}
