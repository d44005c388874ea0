import type { Communicator } from "../parallel/communicator.js";
import { binaryTreeSum } from "../parallel/binary-tree-sum.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/**
 * ⟨x, y⟩ = Σₙ Σⱼ xₙⱼ yₙⱼ with rounding that depends neither on the lane layout nor on the number of ranks:
 * each step sums its even and its odd dofs in ascending order and adds the two; steps combine by the binary tree
 * over the global step index. One all-gather for a batch of products.
 *
 * Blocks: the layouts of the fields that make up one vector, stored one behind the other (KKT: state, control, adjoint);
 * field k's steps are leaves of a tree of their own, and the trees are added in order.
 */
export function spaceTimeSpace(layouts: readonly SpaceTimeLayout[], communicator: Communicator): VectorSpace {
  const size = layouts.reduce((sum, layout) => sum + layout.length, 0);
  const sumSteps = rankInvariantSums(layouts[0], communicator);
  const product = new Float64Array(1);

  const innerProducts = (basis: readonly Float64Array[], count: number, y: Float64Array, out: Float64Array): void => {
    out.fill(0, 0, count);
    let start = 0;
    for (const layout of layouts) {
      const from = start;
      sumSteps(count, out, (k, step) => stepProduct(layout, basis[k], y, { step, start: from }));
      start += layout.length;
    }
  };
  const single: Float64Array[] = [];
  return {
    size,
    innerProducts,
    innerProduct(x, y) {
      single[0] = x;
      innerProducts(single, 1, y, product);
      return product[0];
    },
  };
}

/** Σⱼ xⱼ yⱼ of one step, even and odd dofs apart. */
function stepProduct(layout: SpaceTimeLayout, x: Float64Array, y: Float64Array, place: { step: number; start: number }): number {
  const stride = layout.strideOf(place.step);
  const begin = place.start + layout.offsetOf(place.step);
  const end = begin + layout.dofs * stride;
  let even = 0;
  let odd = 0;
  let i = begin;
  for (; i + stride < end; i += 2 * stride) {
    even += x[i] * y[i];
    odd += x[i + stride] * y[i + stride];
  }
  if (i < end) even += x[i] * y[i];
  return even + odd;
}

type StepSum = (k: number, step: number) => number;

/** out[k] ← out[k] + Σₙ value(k, n) over all ranks' steps. */
function rankInvariantSums(layout: SpaceTimeLayout, communicator: Communicator) {
  const { first, last } = layout.steps;
  const tree = binaryTreeSum();
  const slots = communicator.size === 1 ? 0 : 2 * Math.ceil(Math.log2(layout.partition.grid.steps + 1)) + 1;

  const localTree = (k: number, value: StepSum): void => {
    tree.reset();
    for (let step = first; step <= last; step++) tree.push(0, step - 1, value(k, step));
  };

  const onOneRank = (count: number, out: Float64Array, value: StepSum): void => {
    for (let k = 0; k < count; k++) {
      localTree(k, value);
      out[k] += tree.total();
    }
  };

  const acrossRanks = (count: number, out: Float64Array, value: StepSum): void => {
    const record = 1 + 3 * slots;
    const local = new Float64Array(count * record);
    const gathered = new Float64Array(communicator.size * count * record);
    for (let k = 0; k < count; k++) {
      localTree(k, value);
      local[k * record] = tree.count;
      tree.subtrees(local.subarray(k * record + 1, (k + 1) * record));
    }
    communicator.allGather(local, gathered);
    for (let k = 0; k < count; k++) {
      tree.reset();
      for (let rank = 0; rank < communicator.size; rank++) pushRecord(tree, gathered, (rank * count + k) * record);
      out[k] += tree.total();
    }
  };

  return communicator.size === 1 ? onOneRank : acrossRanks;
}

function pushRecord(tree: ReturnType<typeof binaryTreeSum>, gathered: Float64Array, at: number): void {
  for (let s = 0; s < gathered[at]; s++) {
    const entry = at + 1 + 3 * s;
    tree.push(gathered[entry], gathered[entry + 1], gathered[entry + 2]);
  }
}
