import { subtreeStack } from "./subtree-stack.js";

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

export function binaryTreeSum(): BinaryTreeSum {
  const values: number[] = [];
  const stack = subtreeStack((slot) => (values[slot] += values[slot + 1]));
  return {
    reset: () => stack.reset(),
    push(level, index, value) {
      values[stack.count] = value;
      stack.push(level, index);
    },
    get count() {
      return stack.count;
    },
    subtrees(out) {
      for (let k = 0; k < stack.count; k++) {
        out[3 * k] = stack.levelOf(k);
        out[3 * k + 1] = stack.indexOf(k);
        out[3 * k + 2] = values[k];
      }
    },
    total() {
      let sum = stack.count > 0 ? values[stack.count - 1] : 0;
      for (let k = stack.count - 2; k >= 0; k--) sum = values[k] + sum;
      return sum;
    },
  };
}
