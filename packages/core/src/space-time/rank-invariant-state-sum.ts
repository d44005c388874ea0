import type { Arena } from "../linalg/arena.js";
import { gather } from "../linalg/strided.js";
import type { Communicator } from "../parallel/communicator.js";
import { subtreeStack } from "../parallel/subtree-stack.js";
import type { TimeSlices } from "../time/time-slices.js";
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
  const reach = reachOf(rank, size);
  const collected: Collected[] = [];
  for (let from = 1; from < reach && rank + from < size; from *= 2) {
    const nodes = subtreesOf(slices, rank + from);
    collected.push({ from: rank + from, nodes, states: arena.allocate(nodes.length * dofs) });
  }
  const ownNodes = subtreesOf(slices, rank).length;
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

/** Ranks rank … rank + reach − 1 are summed up by this one: the largest power of two that divides it; for rank 0 one that covers all. */
function reachOf(rank: number, size: number): number {
  let reach = 1;
  while (rank % (2 * reach) === 0 && reach < size) reach *= 2;
  return reach;
}

/** States that a rank sends on: the complete subtrees that its steps and those that it collects fill. */
export function stateSumMessage(slices: TimeSlices, rank: number): number {
  return rank === 0 ? 0 : subtreesOf(slices, rank).length;
}

/** The complete subtrees that the steps of a rank and of those that it collects fill, in order. */
function subtreesOf(slices: TimeSlices, rank: number): Subtree[] {
  const { first } = slices.ownedBy(rank);
  const { last } = slices.ownedBy(Math.min(slices.ranks, rank + reachOf(rank, slices.ranks)) - 1);
  const stack = subtreeStack(() => undefined);
  for (let n = first; n <= last; n++) stack.push(0, n - 1);
  return Array.from({ length: stack.count }, (_, k) => ({ level: stack.levelOf(k), index: stack.indexOf(k) }));
}
