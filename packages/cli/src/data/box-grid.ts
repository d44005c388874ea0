/**
 * Uniform grid on the box (0, extent₁) × …: `cells` per axis, interior points per axis = cells − 1.
 * Arrays over points run x fastest: index = ix + nx·(iy + ny·iz).
 */
export interface BoxGrid {
  readonly dimension: 1 | 2 | 3;
  readonly extent: readonly number[];
  readonly cells: readonly number[];
  /** Interior points per axis. */
  readonly interior: readonly number[];
  /** Interior points altogether: entries of one state. */
  readonly points: number;
  /** Mesh width per axis. */
  readonly spacing: readonly number[];
}

/** Points of a grid: the interior ones, or all nodes with those on the boundary. */
export type PointSet = "interior" | "all-nodes";

/** The grid with the given side lengths and cells. */
export function boxGrid(extent: readonly number[], cells: readonly number[]): BoxGrid {
  const interior = cells.map((count) => count - 1);
  return {
    dimension: cells.length as 1 | 2 | 3,
    extent,
    cells,
    interior,
    points: interior.reduce((product, count) => product * count, 1),
    spacing: cells.map((count, axis) => extent[axis]! / count),
  };
}

/** Points per axis, x first. */
export function pointsPerAxis(grid: BoxGrid, set: PointSet): number[] {
  return grid.cells.map((count) => (set === "interior" ? count - 1 : count + 1));
}

/** Number of points. */
export function countPoints(grid: BoxGrid, set: PointSet): number {
  return pointsPerAxis(grid, set).reduce((product, count) => product * count, 1);
}

/** Writes the coordinates of point `index` to coordinates[0 … dimension − 1]. */
export function locatePoint(grid: BoxGrid, set: PointSet, index: number, coordinates: Float64Array): void {
  const first = set === "interior" ? 1 : 0;
  let rest = index;
  for (let axis = 0; axis < grid.dimension; axis++) {
    const cells = grid.cells[axis]!;
    const count = cells + 1 - 2 * first;
    coordinates[axis] = (((rest % count) + first) * grid.extent[axis]!) / cells;
    rest = Math.floor(rest / count);
  }
}
