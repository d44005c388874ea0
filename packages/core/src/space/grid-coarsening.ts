import type { AxisInterpolation } from "@parakkt/kernels";
import { csrIdentity, csrKronecker } from "../linalg/csr-algebra.js";
import { csrFromTriplets, type CsrMatrix } from "../linalg/csr-matrix.js";

/** Positions of the nodes of each axis of a box, boundary included; the coarser grids of a hierarchy need not be uniform. */
export type AxisNodes = readonly Float64Array[];

/** One step from a grid to a coarser one. */
export interface GridCoarsening {
  readonly coarse: AxisNodes;
  /** (bi-, tri-)linear interpolation from the coarse to the fine interior points, zero on the boundary; x fastest. */
  readonly prolongation: CsrMatrix;
  /** Its factors axis by axis, `undefined` for an axis that keeps its nodes. */
  readonly interpolation: readonly (AxisInterpolation | undefined)[];
}

/**
 * An axis takes part while its cells are at most this much longer than the shortest ones: the stencil couples weakly along long cells, and
 * point smoothing hardly touches modes that oscillate there. At 1.5 the squared smoothing factor of a plane is 0.57 instead of 0.36.
 */
const LONGEST_CELL_RATIO = 1.5;

/**
 * Drops every second node of the axes that can be coarsened; `undefined` when none can.
 *
 * Nodes with even index stay, and the last one, the boundary. With an odd number of cells the last coarse cell is as short as a fine one and
 * interpolation weights follow the distances, so any number of points works. Axes with much longer cells than the others wait for them, which
 * keeps point smoothing efficient on stretched grids.
 */
export function coarsenGrid(fine: AxisNodes): GridCoarsening | undefined {
  const cellSizes = fine.map((nodes) => (nodes.length > 3 ? (nodes.at(-1)! - nodes[0]) / (nodes.length - 1) : Infinity));
  const shortest = Math.min(...cellSizes);
  if (shortest === Infinity) return undefined;
  const steps = fine.map((nodes, axis) => (cellSizes[axis] <= LONGEST_CELL_RATIO * shortest ? coarsenAxis(nodes) : { coarse: nodes }));
  return {
    coarse: steps.map((step) => step.coarse),
    prolongation: steps.map(axisMatrix).reduce((faster, slower) => csrKronecker(slower, faster)),
    interpolation: steps.map((step) => step.interpolation),
  };
}

interface AxisCoarsening {
  readonly coarse: Float64Array;
  readonly interpolation?: AxisInterpolation;
}

/** Odd interior points (with even node numbers) are coarse points; the others take shares of both neighbours. */
function coarsenAxis(nodes: Float64Array): AxisCoarsening {
  const cells = nodes.length - 1;
  const lower = new Float64Array(cells - 1);
  const upper = new Float64Array(cells - 1);
  for (let j = 0; j < cells - 1; j++) {
    const share = j % 2 === 0 ? (nodes[j + 1] - nodes[j]) / (nodes[j + 2] - nodes[j]) : 0;
    lower[j] = 1 - share;
    upper[j] = share;
  }
  return { coarse: nodes.filter((_, i) => i % 2 === 0 || i === cells), interpolation: { lower, upper } };
}

/** The interpolation of one axis as a matrix. */
function axisMatrix({ coarse, interpolation }: AxisCoarsening): CsrMatrix {
  const cols = coarse.length - 2;
  if (interpolation === undefined) return csrIdentity(cols);
  const { lower, upper } = interpolation;
  const weights = [...lower.keys()].flatMap((row) => [
    { row, column: Math.ceil(row / 2) - 1, value: lower[row] },
    { row, column: Math.ceil(row / 2), value: upper[row] },
  ]);
  const inside = weights.filter(({ column, value }) => column >= 0 && column < cols && value !== 0);
  return csrFromTriplets({
    rows: lower.length,
    cols,
    rowIndices: inside.map(({ row }) => row),
    columnIndices: inside.map(({ column }) => column),
    values: inside.map(({ value }) => value),
  });
}
