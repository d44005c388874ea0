import type { BoxGrid } from "@parakkt/core";

/** Text before and after the raw data of a VTK image of all nodes (boundary included); one block of doubles per name. */
export function vtiFrame(grid: BoxGrid, names: readonly string[]): { head: string; tail: string } {
  const axes = [0, 1, 2];
  const extent = axes.map((axis) => `0 ${grid.cells[axis] ?? 0}`).join(" ");
  const spacing = axes.map((axis) => grid.spacing[axis] ?? 1).join(" ");
  const block = BLOCK_HEADER_BYTES + 8 * nodeCount(grid);
  const arrays = names.map((name, k) => `        <DataArray type="Float64" Name="${name}" format="appended" offset="${k * block}"/>`);
  const head = [
    `<?xml version="1.0"?>`,
    `<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">`,
    `  <ImageData WholeExtent="${extent}" Origin="0 0 0" Spacing="${spacing}">`,
    `    <Piece Extent="${extent}">`,
    `      <PointData Scalars="${names[0] ?? ""}">`,
    ...arrays,
    `      </PointData>`,
    `    </Piece>`,
    `  </ImageData>`,
    `  <AppendedData encoding="raw">`,
    `   _`,
  ].join("\n");
  return { head, tail: "\n  </AppendedData>\n</VTKFile>\n" };
}

/** Each block starts with its length in bytes as UInt64. */
const BLOCK_HEADER_BYTES = 8;

/** The length that stands before a block of doubles. */
export function blockHeader(grid: BoxGrid): Uint8Array {
  const header = Buffer.alloc(BLOCK_HEADER_BYTES);
  header.writeBigUInt64LE(BigInt(8 * nodeCount(grid)));
  return header;
}

/** A collection of images with their times. */
export function pvdText(images: readonly { readonly time: number; readonly file: string }[]): string {
  const lines = images.map(({ time, file }) => `    <DataSet timestep="${time}" group="" part="0" file="${file}"/>`);
  const frame = `<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">`;
  return [`<?xml version="1.0"?>`, frame, `  <Collection>`, ...lines, `  </Collection>`, `</VTKFile>`, ``].join("\n");
}

/** Nodes of the box, boundary included. */
export function nodeCount(grid: BoxGrid): number {
  return grid.cells.reduce((product, count) => product * (count + 1), 1);
}

/** nodes ← interior values with zeros on the boundary, both x fastest. */
export function embedInterior(grid: BoxGrid, interior: Float64Array, nodes: Float64Array): void {
  const [nx = 1, ny = 1, nz = 1] = grid.points;
  const width = nx + 2;
  const planes = grid.dimension === 3 ? 1 : 0;
  const rows = grid.dimension > 1 ? 1 : 0;
  nodes.fill(0);
  for (let iz = 0; iz < nz; iz++) {
    for (let iy = 0; iy < ny; iy++) {
      const from = nx * (iy + ny * iz);
      const to = 1 + width * (iy + rows + (ny + 2 * rows) * (iz + planes));
      nodes.set(interior.subarray(from, from + nx), to);
    }
  }
}
