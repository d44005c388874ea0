/** Header of an NPY 1.0 file with little-endian doubles in C order; its length is a multiple of 64. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${sizes}), }`;
  const preamble = 10;
  const length = Math.ceil((preamble + text.length + 1) / 64) * 64 - preamble;
  const header = Buffer.alloc(preamble + length, " ");
  header.write("\x93NUMPY\x01\x00", 0, "latin1");
  header.writeUInt16LE(length, 8);
  header.write(text, preamble, "latin1");
  header.write("\n", preamble + length - 1, "latin1");
  return header;
}
