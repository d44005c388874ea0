import { requireArgument } from "../errors.js";
import { csrFromTriplets, type CsrMatrix } from "../linalg/csr-matrix.js";
import type { BoxGrid, PointFunction } from "./box-grid.js";
import type { SpatialOperator } from "./spatial-operator.js";

/** ν > 0: one number, its values at all nodes (boundary included, x fastest), or a function evaluated there. In length²/time. */
export type Diffusivity = number | Float64Array | PointFunction;

/**
 * L of −∇·(ν∇·) with zero boundary values (OCP.1): the 3-, 5- or 7-point stencil with one coefficient per face,
 *
 *     (Lu)ᵢ = Σ_axes [ a_{i+½}(uᵢ − uᵢ₊₁) + a_{i−½}(uᵢ − uᵢ₋₁) ] / h²,   a = 2 ν₁ν₂ / (ν₁ + ν₂) of the two nodes of the face.
 *
 * Faces next to the boundary use ν at the boundary nodes. Second order for smooth ν. Nodal values that are all equal count as constant.
 * Cost of one `apply`: 2·dimension + 1 multiply-adds a point; memory (dimension + 1) doubles a point for variable ν, none for constant ν.
 * Errors: `InvalidArgumentError` naming the first node where ν is not positive and finite, or a wrong number of nodal values.
 */
export function diffusionOperator(grid: BoxGrid, diffusivity: Diffusivity): SpatialOperator {
  if (typeof diffusivity === "number") {
    requirePositive(Float64Array.of(diffusivity), () => "the whole box");
    return constantOperator(grid, diffusivity);
  }
  const nodal = typeof diffusivity === "function" ? nodalDiffusivity(grid, diffusivity) : diffusivity;
  requireNodal(grid, nodal);
  return nodal.every((value) => value === nodal[0]) ? constantOperator(grid, nodal[0]!) : variableOperator(grid, nodal);
}

/** ν at all nodes, boundary included, x fastest: the form that `diffusionOperator` takes. Errors as there. */
export function nodalDiffusivity(grid: BoxGrid, f: PointFunction): Float64Array {
  const nodal = grid.evaluateAtNodes(f);
  requireNodal(grid, nodal);
  return nodal;
}

/** One axis of the box in the storage order of the unknowns. */
interface Axis {
  /** Distance between neighbours on this axis. */
  readonly stride: number;
  readonly points: number;
}

function axes(grid: BoxGrid): Axis[] {
  let stride = 1;
  return grid.points.map((points) => {
    const axis = { stride, points };
    stride *= points;
    return axis;
  });
}

function constantOperator(grid: BoxGrid, diffusivity: number): SpatialOperator {
  const [x, ...acrossAxes] = axes(grid).map((axis, a) => ({ ...axis, coupling: diffusivity / grid.spacing[a]! ** 2 }));
  const diagonal = 2 * [x!, ...acrossAxes].reduce((sum, axis) => sum + axis.coupling, 0);
  const apply = (u: Float64Array, out: Float64Array): void => {
    applyConstantLines({ points: x!.points, coupling: x!.coupling, diagonal }, u, out);
    for (let a = 0; a < acrossAxes.length; a++) subtractConstantAcross(acrossAxes[a]!, u, out);
  };
  return {
    ...squareShape(grid),
    grid,
    constantDiffusivity: diffusivity,
    apply,
    applyTranspose: apply,
    diagonal: (out) => void out.fill(diagonal),
    toCsr: () => {
      const couplings = [x!, ...acrossAxes].map((axis) => constantCouplings(grid.size, axis));
      return stencilMatrix(grid, new Float64Array(grid.size).fill(diagonal), couplings);
    },
  };
}

function variableOperator(grid: BoxGrid, nodal: Float64Array): SpatialOperator {
  const diagonal = new Float64Array(grid.size);
  const [xCouplings, ...acrossCouplings] = axes(grid).map((_, a) => faceCouplings(grid, nodal, { axis: a, diagonal }));
  const acrossStrides = axes(grid).slice(1).map((axis) => axis.stride);
  const apply = (u: Float64Array, out: Float64Array): void => {
    applyLines({ diagonal, couplings: xCouplings! }, u, out);
    for (let a = 0; a < acrossStrides.length; a++) subtractAcross({ stride: acrossStrides[a]!, couplings: acrossCouplings[a]! }, u, out);
  };
  return {
    ...squareShape(grid),
    grid,
    constantDiffusivity: undefined,
    apply,
    applyTranspose: apply,
    diagonal: (out) => out.set(diagonal),
    toCsr: () => stencilMatrix(grid, diagonal, [xCouplings!, ...acrossCouplings]),
  };
}

function squareShape({ size }: BoxGrid): { rows: number; cols: number; symmetric: boolean } {
  return { rows: size, cols: size, symmetric: true };
}

/** out ← d u − c (left + right) on every x line. */
function applyConstantLines(line: { points: number; coupling: number; diagonal: number }, u: Float64Array, out: Float64Array): void {
  const { points, coupling, diagonal } = line;
  for (let start = 0; start < out.length; start += points) {
    const last = start + points - 1;
    let left = 0;
    let here = u[start]!;
    for (let i = start; i < last; i++) {
      const right = u[i + 1]!;
      out[i] = diagonal * here - coupling * (left + right);
      left = here;
      here = right;
    }
    out[last] = diagonal * here - coupling * left;
  }
}

/** out −= c (neighbours on an axis across the x lines): between neighbouring points of one block both ways. */
function subtractConstantAcross(axis: Axis & { coupling: number }, u: Float64Array, out: Float64Array): void {
  const { stride, points, coupling } = axis;
  for (let block = 0; block < out.length; block += stride * points) {
    const past = block + stride * (points - 1);
    for (let i = block; i < past; i++) {
      out[i]! -= coupling * u[i + stride]!;
      out[i + stride]! -= coupling * u[i]!;
    }
  }
}

/** As `applyConstantLines`, all lines in one loop: the coupling behind the last point of a line is zero. */
function applyLines({ diagonal, couplings }: { diagonal: Float64Array; couplings: Float64Array }, u: Float64Array, out: Float64Array): void {
  const last = out.length - 1;
  let left = 0;
  let here = u[0]!;
  for (let i = 0; i < last; i++) {
    const right = u[i + 1]!;
    const coupling = couplings[i]!;
    out[i] = diagonal[i]! * here - left - coupling * right;
    left = coupling * here;
    here = right;
  }
  out[last] = diagonal[last]! * here - left;
}

function subtractAcross({ stride, couplings }: { stride: number; couplings: Float64Array }, u: Float64Array, out: Float64Array): void {
  const past = out.length - stride;
  for (let i = 0; i < past; i++) {
    const coupling = couplings[i]!;
    out[i]! -= coupling * u[i + stride]!;
    out[i + stride]! -= coupling * u[i]!;
  }
}

/** Coupling of each point to the next one on an axis, zero at the last one. */
function constantCouplings(size: number, { stride, points, coupling }: Axis & { coupling: number }): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => (Math.floor(i / stride) % points === points - 1 ? 0 : coupling));
}

/** As `constantCouplings` for nodal ν, and adds both faces of every point to the diagonal. */
function faceCouplings(grid: BoxGrid, nodal: Float64Array, target: { axis: number; diagonal: Float64Array }): Float64Array {
  const { axis, diagonal } = target;
  const scale = 1 / grid.spacing[axis]! ** 2;
  const { stride, points } = axes(grid)[axis]!;
  const nodeStride = nodeStrides(grid)[axis]!;
  const couplings = new Float64Array(grid.size);
  for (let i = 0; i < grid.size; i++) {
    const node = nodeOf(grid, i);
    const next = scale * harmonicMean(nodal[node]!, nodal[node + nodeStride]!);
    diagonal[i]! += scale * harmonicMean(nodal[node - nodeStride]!, nodal[node]!) + next;
    if (Math.floor(i / stride) % points < points - 1) couplings[i] = next;
  }
  return couplings;
}

function harmonicMean(a: number, b: number): number {
  return (2 * a * b) / (a + b);
}

function nodeStrides({ cells }: BoxGrid): number[] {
  let stride = 1;
  return cells.map((count) => (stride *= count + 1) / (count + 1));
}

/** Index of an interior point among all nodes. */
function nodeOf(grid: BoxGrid, index: number): number {
  const strides = nodeStrides(grid);
  let node = 0;
  let rest = index;
  for (let axis = 0; axis < grid.dimension; axis++) {
    const points = grid.points[axis]!;
    node += (1 + (rest % points)) * strides[axis]!;
    rest = Math.floor(rest / points);
  }
  return node;
}

/** D − Σ_axes (C + Cᵀ), C coupling each point to the next one on the axis. */
function stencilMatrix(grid: BoxGrid, diagonal: Float64Array, couplings: readonly Float64Array[]): CsrMatrix {
  const rowIndices: number[] = [];
  const columnIndices: number[] = [];
  const values: number[] = [];
  const push = (row: number, column: number, value: number): void => {
    rowIndices.push(row);
    columnIndices.push(column);
    values.push(value);
  };
  diagonal.forEach((value, i) => push(i, i, value));
  axes(grid).forEach(({ stride }, axis) =>
    couplings[axis]!.forEach((coupling, i) => {
      if (coupling === 0) return;
      push(i, i + stride, -coupling);
      push(i + stride, i, -coupling);
    }),
  );
  return csrFromTriplets({ rows: grid.size, cols: grid.size, rowIndices, columnIndices, values });
}

function requireNodal(grid: BoxGrid, nodal: Float64Array): void {
  requireArgument(nodal.length === grid.nodes, () => ({
    what: "number of nodal diffusivities",
    where: "diffusionOperator",
    expected: `${grid.nodes} values, one per node, those of the boundary included`,
    got: String(nodal.length),
  }));
  requirePositive(nodal, (node) => nodeName(grid, node));
}

function requirePositive(values: Float64Array, place: (index: number) => string): void {
  const bad = values.findIndex((value) => !(value > 0 && Number.isFinite(value)));
  requireArgument(bad < 0, () => ({
    what: `diffusivity at ${place(bad)}`,
    where: "diffusionOperator",
    expected: "a positive finite number",
    got: String(values[bad]),
  }));
}

function nodeName({ cells, extent }: BoxGrid, node: number): string {
  const coordinates: string[] = [];
  let rest = node;
  cells.forEach((count, axis) => {
    coordinates.push(String(((rest % (count + 1)) * extent[axis]!) / count));
    rest = Math.floor(rest / (count + 1));
  });
  return `the point (${coordinates.join(", ")})`;
}
