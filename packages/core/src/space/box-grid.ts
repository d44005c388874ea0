import { requireArgument } from "../errors.js";

/** A function of the coordinates; those of missing axes are 0. */
export type PointFunction = (x: number, y: number, z: number) => number;

/** A box (0, extent₁) × … cut into equal cells per axis; x is the first axis. */
export interface BoxSpecification {
  /** Length of each axis, 1 to 3 of them. */
  readonly extent: readonly number[];
  /** Cells of each axis, at least 2. */
  readonly cells: readonly number[];
}

/** The uniform grid of a 1-, 2- or 3-dimensional box: interior points carry the unknowns, x fastest; boundary values are zero (OCP.1). */
export interface BoxGrid extends BoxSpecification {
  readonly dimension: number;
  /** Interior points of each axis: cells − 1. */
  readonly points: readonly number[];
  /** hᵢ = extentᵢ / cellsᵢ, in the unit of length. */
  readonly spacing: readonly number[];
  /** Number of interior points. */
  readonly size: number;
  /** Number of nodes, those of the boundary included: Π (cellsᵢ + 1). */
  readonly nodes: number;
  /** Πᵢ hᵢ, the weight of (OBJ.1). */
  readonly cellVolume: number;
  /** Coordinates (x, y, z) of an interior point. */
  coordinates(index: number): [number, number, number];
  /** out ← f at all interior points (`size` entries, x fastest); a new vector if `out` is left out. */
  evaluate(f: PointFunction, out?: Float64Array): Float64Array;
  /** f at all nodes, boundary included (`nodes` entries, x fastest). */
  evaluateAtNodes(f: PointFunction): Float64Array;
}

/**
 * The grid of a box of any extent with any number of cells per axis.
 *
 * Errors: `InvalidArgumentError` unless there are 1 to 3 axes, positive finite extents and whole numbers of cells ≥ 2.
 */
export function boxGrid({ extent, cells }: BoxSpecification): BoxGrid {
  requireBox({ extent, cells });
  const points = cells.map((count) => count - 1);
  const spacing = extent.map((length, axis) => length / cells[axis]);
  const size = product(points);
  const nodes = product(cells.map((count) => count + 1));
  const box: BoxSpecification = { extent: [...extent], cells: [...cells] };
  return {
    ...box,
    dimension: extent.length,
    points,
    spacing,
    size,
    nodes,
    cellVolume: product(spacing),
    coordinates(index) {
      const [nx, ny] = [points[0], points[1] ?? 1];
      const line = Math.floor(index / nx);
      return [coordinate(box, 0, 1 + (index % nx)), coordinate(box, 1, 1 + (line % ny)), coordinate(box, 2, 1 + Math.floor(line / ny))];
    },
    evaluate: (f, out = new Float64Array(size)) => sample(f, axisCoordinates(box, 1), out),
    evaluateAtNodes: (f) => sample(f, axisCoordinates(box, 0), new Float64Array(nodes)),
  };
}

/** Position of node i of an axis. Multiplied before divided, so that node i of n cells lies at the double nearest to i·extent/n. */
function coordinate({ extent, cells }: BoxSpecification, axis: number, node: number): number {
  return axis < extent.length ? (node * extent[axis]) / cells[axis] : 0;
}

/** Coordinates of the nodes `first` … cells − `first` of three axes; a missing axis has the one node 0. */
function axisCoordinates(box: BoxSpecification, first: number): number[][] {
  return [0, 1, 2].map((axis) => {
    const count = axis < box.cells.length ? box.cells[axis] + 1 - 2 * first : 1;
    return Array.from({ length: count }, (_, i) => coordinate(box, axis, i + first));
  });
}

function sample(f: PointFunction, [xs, ys, zs]: number[][], out: Float64Array): Float64Array {
  let index = 0;
  for (const z of zs) for (const y of ys) for (const x of xs) out[index++] = f(x, y, z);
  return out;
}

function product(factors: readonly number[]): number {
  return factors.reduce((a, b) => a * b, 1);
}

function requireBox({ extent, cells }: BoxSpecification): void {
  requireArgument(extent.length >= 1 && extent.length <= 3 && cells.length === extent.length, () => ({
    what: "axes of the box",
    where: "boxGrid",
    expected: "1, 2 or 3 axes with one extent and one number of cells each",
    got: `${extent.length} extents and ${cells.length} numbers of cells`,
  }));
  extent.forEach((length, axis) =>
    requireArgument(Number.isFinite(length) && length > 0, () => ({
      what: `extent of axis ${axis}`,
      where: "boxGrid",
      expected: "a positive finite number",
      got: String(length),
    })),
  );
  cells.forEach((count, axis) =>
    requireArgument(Number.isInteger(count) && count >= 2, () => ({
      what: `cells of axis ${axis}`,
      where: "boxGrid",
      expected: "a whole number of at least 2",
      got: String(count),
    })),
  );
}
