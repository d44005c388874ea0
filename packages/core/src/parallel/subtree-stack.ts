/**
 * The complete subtrees of one fixed binary tree over leaves 0 … N−1 as they grow from left to right: node i of level l is node 2i joined
 * with node 2i + 1 of level l − 1. What the nodes hold lies in numbered slots; only their places in the tree are kept here.
 */
export interface SubtreeStack {
  /** Empties all slots. */
  reset(): void;
  /** Node `index` of `level`, whose value the caller has put into slot `count`. Nodes come in ascending order without gaps. */
  push(level: number, index: number): void;
  /** Number of complete subtrees, in slots 0 … count − 1. */
  readonly count: number;
  levelOf(slot: number): number;
  indexOf(slot: number): number;
}

const MAX_SUBTREES = 128;

/** `join(slot)` is called to make the value in `slot` that of itself and, on its right, the one in `slot` + 1. */
export function subtreeStack(join: (slot: number) => void): SubtreeStack {
  const levels = new Int32Array(MAX_SUBTREES);
  const indices = new Float64Array(MAX_SUBTREES);
  let count = 0;

  const hasLeftSibling = (level: number, index: number): boolean => index % 2 === 1 && count > 0 && levels[count - 1] === level;
  return {
    reset() {
      count = 0;
    },
    push(level, index) {
      while (hasLeftSibling(level, index)) {
        count--;
        join(count);
        level++;
        index = (index - 1) / 2;
      }
      levels[count] = level;
      indices[count] = index;
      count++;
    },
    get count() {
      return count;
    },
    levelOf: (slot) => levels[slot],
    indexOf: (slot) => indices[slot],
  };
}
