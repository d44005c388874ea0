import type { BoxGrid } from "@parakkt/core";

/** Points of a grid: the interior ones, or all nodes with those on the boundary; x fastest. */
export type PointSet = "interior" | "all-nodes";

/** Points per axis, x first. */
export function pointsPerAxis(grid: BoxGrid, set: PointSet): number[] {
  return grid.cells.map((count) => (set === "interior" ? count - 1 : count + 1));
}

/** Number of points. */
export function countPoints(grid: BoxGrid, set: PointSet): number {
  return set === "interior" ? grid.size : grid.nodes;
}

/** Writes the coordinates of point `index` to coordinates[0 … dimension − 1]. */
export function locatePoint(grid: BoxGrid, set: PointSet, index: number, coordinates: Float64Array): void {
  const first = set === "interior" ? 1 : 0;
  let rest = index;
  for (let axis = 0; axis < grid.dimension; axis++) {
    const cells = grid.cells[axis];
    const count = cells + 1 - 2 * first;
    coordinates[axis] = (((rest % count) + first) * grid.extent[axis]) / cells;
    rest = Math.floor(rest / count);
  }
}
