import type { Arena } from "../linalg/arena.js";
import { gather } from "../linalg/strided.js";
import type { Communicator } from "../parallel/communicator.js";
import { subtreeStack } from "../parallel/subtree-stack.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/**
 * sum ← Σₙ weight(n) xₙ over the steps of all ranks, on every rank: states combine by the binary tree over the global step index, so that
 * the rounding does not depend on the number of ranks.
 */
export type StateSum = (x: Float64Array, sum: Float64Array) => void;

export interface StateSumOptions {
  /** Of step n at n − 1. */
  readonly weights: ArrayLike<number>;
  readonly arena: Arena;
}

/**
 * Complete subtrees travel up a binary tree of ranks, one message a rank of as many states as it has subtrees: one where the ranks' blocks
 * are equal powers of two, never more than 2 log₂ N. The sum comes back by a broadcast. Storage: some 4 log₂ N states.
 */
export function rankInvariantStateSum(layout: SpaceTimeLayout, communicator: Communicator, { weights, arena }: StateSumOptions): StateSum {
  const { dofs, slices, steps } = layout;
  const { rank, size } = communicator;
  const subtreesOf = (first: number, ranks: number): Subtree[] =>
    subtrees(slices.ownedBy(first).first, slices.ownedBy(Math.min(size, first + ranks) - 1).last);
  const collected: Collected[] = [];
  let reach = 1;
  for (; rank % (2 * reach) === 0 && reach < size; reach *= 2) {
    if (rank + reach >= size) continue;
    const nodes = subtreesOf(rank + reach, reach);
    collected.push({ from: rank + reach, nodes, states: arena.allocate(nodes.length * dofs) });
  }
  const ownNodes = subtreesOf(rank, reach).length;
  const slots = 2 * Math.ceil(Math.log2(layout.partition.grid.steps + 1)) + 2;
  const values = arena.allocate(slots * dofs);
  const stack = subtreeStack((slot) => addState(values, slot * dofs, (slot + 1) * dofs, dofs));
  const slot = (k: number): Float64Array => values.subarray(k * dofs, (k + 1) * dofs);

  const growOwn = (x: Float64Array): void => {
    for (let n = steps.first; n <= steps.last; n++) {
      const leaf = slot(stack.count);
      gather(x, layout.offsetOf(n), layout.strideOf(n), leaf);
      for (let j = 0; j < dofs; j++) leaf[j] *= weights[n - 1];
      stack.push(0, n - 1);
    }
  };
  const collect = ({ from, nodes, states }: Collected): void => {
    communicator.receive(from, states);
    nodes.forEach(({ level, index }, i) => {
      slot(stack.count).set(states.subarray(i * dofs, (i + 1) * dofs));
      stack.push(level, index);
    });
  };
  return (x, sum) => {
    stack.reset();
    growOwn(x);
    collected.forEach(collect);
    if (rank > 0) communicator.send(rank - reach, values.subarray(0, ownNodes * dofs));
    else {
      for (let k = stack.count - 2; k >= 0; k--) addState(values, k * dofs, (k + 1) * dofs, dofs);
      sum.set(slot(0));
    }
    if (size > 1) communicator.broadcast(0, sum);
  };
}

/** x[to …] ← x[to …] + x[from …] */
function addState(x: Float64Array, to: number, from: number, length: number): void {
  for (let j = 0; j < length; j++) x[to + j] += x[from + j];
}

/** A complete subtree of the tree over the steps. */
interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** What arrives from a rank: its subtrees' states. */
interface Collected {
  readonly from: number;
  readonly nodes: readonly Subtree[];
  readonly states: Float64Array;
}

/** The complete subtrees that steps first … last fill, in order. */
function subtrees(first: number, last: number): Subtree[] {
  const stack = subtreeStack(() => undefined);
  for (let n = first; n <= last; n++) stack.push(0, n - 1);
  return Array.from({ length: stack.count }, (_, k) => ({ level: stack.levelOf(k), index: stack.indexOf(k) }));
}
