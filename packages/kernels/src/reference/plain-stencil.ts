import type { Block, CombinationBlocks, CombinationFactors, ConstantStencilData, LaneOperator, Lanes, StencilData } from "../lane-kernels.js";
import { stencilShape, variableStencil } from "../stencil-shape.js";

/** Storage: one double a point for the diagonal and for each axis. */
export function plainStencil(data: StencilData | ConstantStencilData): LaneOperator {
  const { points, diagonal, couplings } = variableStencil(data);
  const { size, strides } = stencilShape(points);
  const axes = [0, 1, 2].map((axis) => paddedCouplings(couplings[axis], size, strides[axis] ?? 0));
  const lane: StencilLane = { size, diagonal, strides: [0, 1, 2].map((axis) => strides[axis] ?? 0), couplings: axes };
  return {
    size,
    combine(lanes: Lanes, factors: CombinationFactors, blocks: CombinationBlocks, products?: Float64Array) {
      for (let l = 0; l < lanes; l++) combineLane(lane, { lanes, lane: l, factors }, blocks, products);
    },
  };
}

/** L with all three axes, couplings 0 on those that there are not. */
interface StencilLane {
  readonly size: number;
  readonly diagonal: Float64Array;
  readonly strides: readonly number[];
  readonly couplings: readonly Float64Array[];
}

interface LaneFactors {
  readonly lanes: Lanes;
  readonly lane: number;
  readonly factors: CombinationFactors;
}

function paddedCouplings(couplings: Float64Array | undefined, size: number, stride: number): Float64Array {
  const padded = new Float64Array(size + stride);
  if (couplings !== undefined) padded.set(couplings.subarray(0, size));
  return padded;
}

function combineLane(stencil: StencilLane, { lanes, lane, factors }: LaneFactors, { x, y, z, out }: CombinationBlocks, products?: Float64Array): void {
  const { size } = stencil;
  const [a, b, c, d] = [factors.a[lane], factors.b[lane], y === undefined ? 0 : factors.c[lane], z === undefined ? 0 : factors.d[lane]];
  const [here, first, second] = [laneOf(x, lane), laneOf(y ?? x, lane), laneOf(z ?? x, lane)];
  const sums = [0, 0];
  for (let i = 0; i < size; i++) {
    const at = i * lanes;
    const other = second.data[second.offset + at];
    let value = a * here.data[here.offset + at] + b * stencilRow(stencil, i, here, lanes);
    if (y !== undefined) value += c * first.data[first.offset + at];
    if (z !== undefined) value += d * other;
    out.data[out.offset + lane + at] = value;
    sums[i % 2] += value * (z === undefined ? value : other);
  }
  if (products !== undefined) products.set(sums, 2 * lane);
}

function laneOf({ data, offset }: Block, lane: number): Block {
  return { data, offset: offset + lane };
}

/** (L x)ᵢ; a neighbour outside the box has coupling 0 and is replaced by the point itself. */
function stencilRow({ size, diagonal, strides, couplings }: StencilLane, i: number, { data, offset }: Block, lanes: number): number {
  let sum = diagonal[i] * data[offset + i * lanes];
  for (let axis = 0; axis < 3; axis++) {
    const stride = strides[axis];
    const previous = i >= stride ? i - stride : i;
    const next = i + stride < size ? i + stride : i;
    sum -= couplings[axis][i] * data[offset + previous * lanes] + couplings[axis][i + stride] * data[offset + next * lanes];
  }
  return sum;
}
