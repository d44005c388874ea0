import type { ConstantStencilData, StencilData } from "./lane-kernels.js";

/** Dofs of the box and the distance between neighbours on each axis. */
export interface StencilShape {
  readonly size: number;
  readonly strides: readonly number[];
}

export function stencilShape(points: readonly number[]): StencilShape {
  return { size: points.reduce((a, b) => a * b, 1), strides: points.map((_, axis) => points.slice(0, axis).reduce((a, b) => a * b, 1)) };
}

export function isConstantStencil(data: StencilData | ConstantStencilData): data is ConstantStencilData {
  return "coupling" in data;
}

/** The same stencil with one coefficient a point: `data` itself unless it is constant. */
export function variableStencil(data: StencilData | ConstantStencilData): StencilData {
  if (!isConstantStencil(data)) return data;
  const { points, coupling } = data;
  const { size, strides } = stencilShape(points);
  return {
    points,
    diagonal: new Float64Array(size).fill(data.diagonal),
    couplings: strides.map((stride, axis) => Float64Array.from({ length: size }, (_, i) => (Math.floor(i / stride) % points[axis] > 0 ? coupling[axis] : 0))),
  };
}
