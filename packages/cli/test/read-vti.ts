import { readFileSync } from "node:fs";

/** A VTK image as an independent little reader sees it. */
export interface VtiImage {
  readonly extent: readonly number[];
  readonly origin: readonly number[];
  readonly spacing: readonly number[];
  readonly arrays: ReadonlyMap<string, Float64Array>;
}

/** Reads an image with raw appended doubles and UInt64 block headers. */
export function readVti(path: string): VtiImage {
  const bytes = readFileSync(path);
  const marker = '<AppendedData encoding="raw">\n   _';
  const start = bytes.indexOf(marker) + marker.length;
  const head = bytes.subarray(0, start).toString("latin1");
  if (!head.includes('byte_order="LittleEndian" header_type="UInt64"')) throw new Error("another header than expected");
  const numbers = (attribute: string): number[] => new RegExp(`${attribute}="([^"]*)"`).exec(head)![1]!.split(" ").map(Number);
  const arrays = new Map<string, Float64Array>();
  for (const [, name, offset] of head.matchAll(/<DataArray type="Float64" Name="(\w+)" format="appended" offset="(\d+)"\/>/g)) {
    const at = start + Number(offset);
    const length = Number(bytes.readBigUInt64LE(at));
    arrays.set(name!, Float64Array.from({ length: length / 8 }, (_, i) => bytes.readDoubleLE(at + 8 + 8 * i)));
  }
  if (!bytes.subarray(-40).toString("latin1").endsWith("</AppendedData>\n</VTKFile>\n")) throw new Error("the end is missing");
  return { extent: numbers("WholeExtent"), origin: numbers("Origin"), spacing: numbers("Spacing"), arrays };
}
