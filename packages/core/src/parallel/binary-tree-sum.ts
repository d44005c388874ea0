/**
 * Sums leaves 0 … N−1 in the order of one fixed binary tree: node i of level l is node 2i plus node 2i+1 of level l−1.
 *
 * Because the tree hangs on the global index, ranks that push their own leaves, exchange the complete subtrees
 * (`subtrees`, at most 2 log₂ N of them) and push those again get the same bits for any number of ranks.
 */
export interface BinaryTreeSum {
  /** Empties the tree. */
  reset(): void;
  /** Adds node `index` of `level` (leaves: level 0). Nodes come in ascending order without gaps. */
  push(level: number, index: number, value: number): void;
  /** Number of complete subtrees held. */
  readonly count: number;
  /** Writes level, index, value of each complete subtree to out, three doubles each. */
  subtrees(out: Float64Array): void;
  /** The sum of all that was pushed; right children that do not exist are skipped. */
  total(): number;
}

const MAX_SUBTREES = 128;

export function binaryTreeSum(): BinaryTreeSum {
  const levels = new Int32Array(MAX_SUBTREES);
  const indices = new Float64Array(MAX_SUBTREES);
  const values = new Float64Array(MAX_SUBTREES);
  let count = 0;

  const hasLeftSibling = (level: number, index: number): boolean => index % 2 === 1 && count > 0 && levels[count - 1] === level;

  return {
    reset() {
      count = 0;
    },
    push(level, index, value) {
      while (hasLeftSibling(level, index)) {
        count--;
        value = values[count] + value;
        level++;
        index = (index - 1) / 2;
      }
      levels[count] = level;
      indices[count] = index;
      values[count] = value;
      count++;
    },
    get count() {
      return count;
    },
    subtrees(out) {
      for (let k = 0; k < count; k++) {
        out[3 * k] = levels[k];
        out[3 * k + 1] = indices[k];
        out[3 * k + 2] = values[k];
      }
    },
    total() {
      let sum = count > 0 ? values[count - 1] : 0;
      for (let k = count - 2; k >= 0; k--) sum = values[k] + sum;
      return sum;
    },
  };
}
