import { requireArgument } from "../errors.js";
import type { BoxGrid, PointFunction } from "./box-grid.js";

/** ν > 0: one number, its values at all nodes (boundary included, x fastest), or a function evaluated there. In length²/time. */
export type Diffusivity = number | Float64Array | PointFunction;

/** ν at all nodes, boundary included, x fastest. Errors: `InvalidArgumentError` naming the first node where ν is not positive and finite. */
export function nodalDiffusivity(grid: BoxGrid, f: PointFunction): Float64Array {
  return checkedNodal(grid, grid.evaluateAtNodes(f));
}

/** The constant ν, or its nodal values if they differ. Errors as `nodalDiffusivity`, or a wrong number of nodal values. */
export function resolveDiffusivity(grid: BoxGrid, diffusivity: Diffusivity): number | Float64Array {
  if (typeof diffusivity === "number") {
    requirePositive(diffusivity, () => "every point");
    return diffusivity;
  }
  const nodal = typeof diffusivity === "function" ? nodalDiffusivity(grid, diffusivity) : checkedNodal(grid, diffusivity);
  return nodal.every((value) => value === nodal[0]) ? nodal[0] : nodal;
}

function checkedNodal(grid: BoxGrid, nodal: Float64Array): Float64Array {
  requireArgument(nodal.length === grid.nodes, () => ({
    what: "number of nodal diffusivities",
    where: "diffusionOperator",
    expected: `${grid.nodes} values, one per node, those of the boundary included`,
    got: String(nodal.length),
  }));
  const bad = nodal.findIndex((value) => !isPositive(value));
  if (bad >= 0) requirePositive(nodal[bad], () => pointName(grid, bad));
  return nodal;
}

function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

function requirePositive(value: number, place: () => string): void {
  requireArgument(isPositive(value), () => ({
    what: `diffusivity at ${place()}`,
    where: "diffusionOperator",
    expected: "a positive finite number",
    got: String(value),
  }));
}

function pointName(grid: BoxGrid, node: number): string {
  const coordinates = [(x: number) => x, (_: number, y: number) => y, (_x: number, _y: number, z: number) => z];
  const at = coordinates.slice(0, grid.dimension).map((coordinate) => grid.evaluateAtNodes(coordinate)[node]);
  return `node ${node}, the point (${at.join(", ")})`;
}
