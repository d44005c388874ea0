import { csrIdentity, csrKronecker } from "../linalg/csr-algebra.js";
import { csrFromTriplets, type CsrMatrix } from "../linalg/csr-matrix.js";

/** Positions of the nodes of each axis of a box, boundary included; the coarser grids of a hierarchy need not be uniform. */
export type AxisNodes = readonly Float64Array[];

/** One step from a grid to a coarser one. */
export interface GridCoarsening {
  readonly coarse: AxisNodes;
  /** (bi-, tri-)linear interpolation from the coarse to the fine interior points, zero on the boundary; x fastest. */
  readonly prolongation: CsrMatrix;
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
  const steps = fine.map((nodes, axis) => (cellSizes[axis] <= LONGEST_CELL_RATIO * shortest ? coarsenAxis(nodes) : keepAxis(nodes)));
  return {
    coarse: steps.map((step) => step.coarse),
    prolongation: steps.map((step) => step.prolongation).reduce((faster, slower) => csrKronecker(slower, faster)),
  };
}

interface AxisCoarsening {
  readonly coarse: Float64Array;
  readonly prolongation: CsrMatrix;
}

function keepAxis(nodes: Float64Array): AxisCoarsening {
  return { coarse: nodes, prolongation: csrIdentity(nodes.length - 2) };
}

function coarsenAxis(nodes: Float64Array): AxisCoarsening {
  const cells = nodes.length - 1;
  const coarse = nodes.filter((_, i) => i % 2 === 0 || i === cells);
  const weights: { row: number; column: number; value: number }[] = [];
  const push = (node: number, coarseNode: number, value: number): void => {
    const inside = coarseNode > 0 && coarseNode < coarse.length - 1;
    if (inside) weights.push({ row: node - 1, column: coarseNode - 1, value });
  };
  for (let i = 1; i < cells; i++) {
    if (i % 2 === 0) push(i, i / 2, 1);
    else {
      const share = (nodes[i] - nodes[i - 1]) / (nodes[i + 1] - nodes[i - 1]);
      push(i, (i - 1) / 2, 1 - share);
      push(i, (i + 1) / 2, share);
    }
  }
  const prolongation = csrFromTriplets({
    rows: cells - 1,
    cols: coarse.length - 2,
    rowIndices: weights.map((weight) => weight.row),
    columnIndices: weights.map((weight) => weight.column),
    values: weights.map((weight) => weight.value),
  });
  return { coarse, prolongation };
}
