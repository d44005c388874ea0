import type { Arena, Communicator } from "@parakkt/core";

/**
 * Σₙ xₙ of vectors xₙ that belong to the steps of all ranks, for gradients of parameters that steps share: by the binary tree over the
 * step number, so that the bits do not depend on the number of ranks (see `binaryTreeSum` of core).
 */
export interface StepSum {
  /** Adds x of step n; a rank's steps come in ascending order without gaps. */
  add(n: number, x: Float64Array): void;
  /** out ← the sum over all ranks, and back to zero. One all-gather of up to 2 log₂ N vectors a rank. */
  total(out: Float64Array): void;
}

export interface StepSumOptions {
  /** N */
  readonly steps: number;
  readonly size: number;
  readonly communicator: Communicator;
  readonly arena: Arena;
}

/** A complete subtree of the sum: node `index` of `level`, and its vector. */
const HEADER = 2;

export function stepSum({ steps, size, communicator, arena }: StepSumOptions): StepSum {
  const slots = 2 * Math.ceil(Math.log2(steps + 1)) + 1;
  const slotSize = HEADER + size;
  /** The number of subtrees, then level, index and vector of each. */
  const local = arena.allocate(1 + slots * slotSize);
  const gathered = communicator.size > 1 ? arena.allocate(communicator.size * local.length) : local;
  const tree = vectorTree(slots, size, arena);
  return {
    add: (n, x) => tree.push(0, n - 1, x),
    total(out) {
      if (communicator.size > 1) {
        tree.write(local, slotSize);
        communicator.allGather(local, gathered);
        tree.reset();
        for (let rank = 0; rank < communicator.size; rank++) tree.read(gathered.subarray(rank * local.length, (rank + 1) * local.length), slotSize);
      }
      tree.total(out);
      tree.reset();
    },
  };
}

interface VectorTree {
  reset(): void;
  push(level: number, index: number, value: Float64Array): void;
  total(out: Float64Array): void;
  write(record: Float64Array, slotSize: number): void;
  read(record: Float64Array, slotSize: number): void;
}

/** The complete subtrees of what has been pushed, from left to right. */
function vectorTree(slots: number, size: number, arena: Arena): VectorTree {
  const nodes = Array.from({ length: slots }, () => ({ level: 0, index: 0, value: arena.allocate(size) }));
  const carry = arena.allocate(size);
  let count = 0;
  /** y ← x + y */
  const addTo = (x: Float64Array, y: Float64Array): void => {
    for (let j = 0; j < size; j++) y[j] = x[j] + y[j];
  };
  const push = (level: number, index: number, value: Float64Array): void => {
    carry.set(value);
    for (; index % 2 === 1 && count > 0 && nodes[count - 1].level === level; level++, index = (index - 1) / 2) addTo(nodes[--count].value, carry);
    Object.assign(nodes[count], { level, index });
    nodes[count++].value.set(carry);
  };
  return {
    push,
    reset() {
      count = 0;
    },
    total(out) {
      out.fill(0);
      if (count > 0) out.set(nodes[count - 1].value);
      for (let k = count - 2; k >= 0; k--) addTo(nodes[k].value, out);
    },
    write(record, slotSize) {
      record[0] = count;
      for (let k = 0; k < count; k++) {
        record.set([nodes[k].level, nodes[k].index], 1 + k * slotSize);
        record.set(nodes[k].value, 1 + k * slotSize + HEADER);
      }
    },
    read(record, slotSize) {
      for (let k = 0; k < record[0]; k++) {
        const at = 1 + k * slotSize;
        push(record[at], record[at + 1], record.subarray(at + HEADER, at + slotSize));
      }
    },
  };
}
