import { DataError } from "./data-error.js";

/** What the header of an NPY file says. */
export interface NpyHeader {
  /** Element type without byte order, such as f8. */
  readonly type: NpyType;
  readonly shape: readonly number[];
  /** Offset of the first element. */
  readonly dataStart: number;
}

/** Bytes per element and how to read one (little-endian). */
const TYPES = {
  f8: { bytes: 8, read: (view: DataView, at: number) => view.getFloat64(at, true) },
  f4: { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) },
  i8: { bytes: 8, read: (view: DataView, at: number) => Number(view.getBigInt64(at, true)) },
  i4: { bytes: 4, read: (view: DataView, at: number) => view.getInt32(at, true) },
  i2: { bytes: 2, read: (view: DataView, at: number) => view.getInt16(at, true) },
  i1: { bytes: 1, read: (view: DataView, at: number) => view.getInt8(at) },
  u8: { bytes: 8, read: (view: DataView, at: number) => Number(view.getBigUint64(at, true)) },
  u4: { bytes: 4, read: (view: DataView, at: number) => view.getUint32(at, true) },
  u2: { bytes: 2, read: (view: DataView, at: number) => view.getUint16(at, true) },
  u1: { bytes: 1, read: (view: DataView, at: number) => view.getUint8(at) },
} as const;

/** Element types that are read. */
export type NpyType = keyof typeof TYPES;

const MAGIC = "\x93NUMPY";
/** Bytes that are always enough to see how long the header is. */
export const NPY_PREAMBLE = 12;
const MAX_HEADER = 65536;

/** Bytes of one element. */
export function elementBytes(type: NpyType): number {
  return TYPES[type].bytes;
}

/** out[i] ← element i of `bytes` as a double. */
export function decodeElements(type: NpyType, bytes: Uint8Array, out: Float64Array): void {
  const { bytes: size, read } = TYPES[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < out.length; i++) out[i] = read(view, i * size);
}

/** Where the header text starts and ends, from the first `NPY_PREAMBLE` bytes. */
export function headerRange(preamble: Uint8Array, file: string): { start: number; end: number } {
  const magic = String.fromCharCode(...preamble.subarray(0, 6));
  if (preamble.length < 10 || magic !== MAGIC) throw new DataError(file, "not an NPY file", "write it with numpy.save(file, array)");
  const view = new DataView(preamble.buffer, preamble.byteOffset, preamble.byteLength);
  const major = view.getUint8(6);
  if (major < 1 || major > 3) throw new DataError(file, `NPY version ${major} is not read`, "versions 1.0, 2.0 and 3.0 are");
  if (major > 1 && preamble.length < NPY_PREAMBLE) throw new DataError(file, "the file ends inside its header", "save it again");
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) throw new DataError(file, `the header claims ${length} bytes`, "save the array again");
  return { start, end: start + length };
}

/** Reads the header's Python dictionary; only plain numbers in C order are accepted. */
export function parseHeader(text: string, dataStart: number, file: string): NpyHeader {
  const description = /'descr'\s*:\s*('[^']*'|\[)/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (description === undefined || fortran === undefined || sizes === undefined) {
    throw new DataError(file, "the NPY header cannot be read", "save the array again with numpy.save");
  }
  const shape = sizes.split(",").map((size) => size.trim().replace(/L$/, "")).filter((size) => size !== "").map(Number);
  if (!shape.every(Number.isSafeInteger)) throw new DataError(file, `the shape (${sizes}) is not whole numbers`, "save the array again");
  if (fortran === "True" && shape.filter((size) => size > 1).length > 1) {
    throw new DataError(file, "the array is in Fortran order", "numpy.save(file, numpy.ascontiguousarray(array))");
  }
  return { type: elementType(description, file), shape, dataStart };
}

function elementType(description: string, file: string): NpyType {
  const code = description.replaceAll("'", "");
  if (code.startsWith(">")) throw new DataError(file, `big-endian elements (${code})`, "numpy.save(file, array.astype('<f8'))");
  const type = /^[<|=]?(\w+)$/.exec(code)?.[1] ?? "";
  if (Object.hasOwn(TYPES, type)) return type as NpyType;
  throw new DataError(file, `elements of type ${code === "[" ? "record" : code} are not read`, "numpy.save(file, array.astype('<f8'))");
}
