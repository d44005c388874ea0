import { affineOnBox } from "../linalg/affine-on-box.js";
import { csrMatrix, type CsrMatrix } from "../linalg/csr-matrix.js";
import type { BoxGrid } from "./box-grid.js";
import { resolveDiffusivity, type Diffusivity } from "./diffusivity.js";
import { smallestEigenvalueBound, type GridFaces } from "./smallest-eigenvalue.js";
import type { SpatialOperator } from "./spatial-operator.js";
import { applyConstantStencil, applyVariableStencil, subtractConstantPlanes, subtractVariablePlanes } from "./stencil-kernels.js";

export { nodalDiffusivity, type Diffusivity } from "./diffusivity.js";

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
  const resolved = resolveDiffusivity(grid, diffusivity);
  return typeof resolved === "number" ? constantOperator(grid, resolved) : variableOperator(grid, resolved);
}

function constantOperator(grid: BoxGrid, diffusivity: number): SpatialOperator {
  const [x, y = 0, z] = grid.spacing.map((h) => diffusivity / h ** 2);
  const diagonal = 2 * (x + y + (z ?? 0));
  const plane = { ...planeShape(grid), diagonal, x, y };
  const stride = plane.points * plane.lines;
  const stencil = { points: grid.points, coupling: grid.spacing.map((h) => diffusivity / h ** 2), diagonal };
  const apply = (u: Float64Array, out: Float64Array): void => {
    applyConstantStencil(plane, u, out);
    if (z !== undefined) subtractConstantPlanes(stride, z, u, out);
  };
  return {
    ...operatorShape(grid),
    constantDiffusivity: diffusivity,
    apply,
    applyTranspose: apply,
    diagonal: (out) => void out.fill(diagonal),
    stencil,
    lanes: (kernels) => kernels.stencil(stencil),
    smallestEigenvalue: grid.spacing.reduce((sum, h, axis) => sum + diffusivity * (2 * Math.sin(Math.PI / (2 * grid.cells[axis])) / h) ** 2, 0),
    toCsr: () => stencilMatrix(grid, faceStencil(grid, gridFaces(grid, new Float64Array(grid.nodes).fill(diffusivity)))),
  };
}

function variableOperator(grid: BoxGrid, nodal: Float64Array): SpatialOperator {
  const faces = gridFaces(grid, nodal);
  const matrix = faceStencil(grid, faces);
  const { diagonal, couplings } = matrix;
  const shape = planeShape(grid);
  const [x, y = new Float64Array(grid.size + shape.points), z] = couplings;
  const plane = { ...shape, diagonal, x, y };
  const stride = plane.points * plane.lines;
  const stencil = { points: grid.points, diagonal, couplings };
  let smallest: number | undefined;
  const apply = (u: Float64Array, out: Float64Array): void => {
    applyVariableStencil(plane, u, out);
    if (z !== undefined) subtractVariablePlanes(stride, z, u, out);
  };
  return {
    ...operatorShape(grid),
    constantDiffusivity: undefined,
    apply,
    applyTranspose: apply,
    diagonal: (out) => out.set(diagonal),
    stencil,
    lanes: (kernels) => kernels.stencil(stencil),
    get smallestEigenvalue() {
      return (smallest ??= smallestEigenvalueBound(faces));
    },
    toCsr: () => stencilMatrix(grid, matrix),
  };
}

function operatorShape(grid: BoxGrid): Pick<SpatialOperator, "grid" | "rows" | "cols" | "symmetric"> {
  return { grid, rows: grid.size, cols: grid.size, symmetric: true };
}

function planeShape({ points }: BoxGrid): { points: number; lines: number } {
  return { points: points[0], lines: points[1] ?? 1 };
}

/** The diagonal of L and, per axis, the coupling of each point to the previous one: 0 at the first point, padded by one stride. */
interface FaceStencil {
  readonly diagonal: Float64Array;
  readonly couplings: readonly Float64Array[];
}

function faceStencil(grid: BoxGrid, { nodes, nodeStrides, coupling }: GridFaces): FaceStencil {
  const diagonal = new Float64Array(grid.size);
  const couplings = strides(grid.points).map((stride, axis) => {
    const position = affineOnBox(grid.points, { steps: grid.points.map((_, other) => (other === axis ? 1 : 0)) });
    const ofAxis = new Float64Array(grid.size + stride);
    for (let i = 0; i < grid.size; i++) {
      const previous = coupling(axis, nodes[i]);
      diagonal[i] += previous + coupling(axis, nodes[i] + nodeStrides[axis]);
      if (position[i] > 0) ofAxis[i] = previous;
    }
    return ofAxis;
  });
  return { diagonal, couplings };
}

function gridFaces({ points, cells, spacing }: BoxGrid, nodal: Float64Array): GridFaces {
  const nodeStrides = strides(cells.map((count) => count + 1));
  const nodes = affineOnBox(points, { start: nodeStrides.reduce((sum, stride) => sum + stride), steps: nodeStrides });
  return { points, nodes, nodeStrides, coupling: (axis, node) => harmonicMean(nodal[node - nodeStrides[axis]], nodal[node]) / spacing[axis] ** 2 };
}

function harmonicMean(a: number, b: number): number {
  return (2 * a * b) / (a + b);
}

function strides(counts: readonly number[]): number[] {
  return counts.map((_, axis) => counts.slice(0, axis).reduce((a, b) => a * b, 1));
}

/** Row by row: the points before i, furthest first, i itself, the points behind it. */
function stencilMatrix(grid: BoxGrid, { diagonal, couplings }: FaceStencil): CsrMatrix {
  const steps = strides(grid.points);
  const most = grid.size * (2 * steps.length + 1);
  const [rowPointers, columns, values] = [new Int32Array(grid.size + 1), new Int32Array(most), new Float64Array(most)];
  let end = 0;
  const append = (column: number, value: number): void => {
    if (value === 0) return;
    columns[end] = column;
    values[end++] = value;
  };
  for (let i = 0; i < grid.size; i++) {
    for (let axis = steps.length - 1; axis >= 0; axis--) append(i - steps[axis], -couplings[axis][i]);
    append(i, diagonal[i]);
    for (let axis = 0; axis < steps.length; axis++) append(i + steps[axis], -couplings[axis][i + steps[axis]]);
    rowPointers[i + 1] = end;
  }
  return csrMatrix({ rows: grid.size, cols: grid.size, rowPointers, columns: columns.slice(0, end), values: values.slice(0, end) }, true);
}
