import { binaryTreeSum, type BinaryTreeSum } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import fc from "fast-check";

const treeSum = (values: readonly number[]): number => {
  const tree = binaryTreeSum();
  values.forEach((value, index) => tree.push(0, index, value));
  return tree.total();
};

/** Every rank sums its own leaves; the complete subtrees of all ranks are pushed in rank order. */
function sumOverRanks(values: readonly number[], starts: readonly number[]): number {
  const all = binaryTreeSum();
  starts.forEach((start, rank) => {
    const own = binaryTreeSum();
    for (let index = start; index < (starts[rank + 1] ?? values.length); index++) own.push(0, index, values[index]);
    pushSubtrees(own, all);
  });
  return all.total();
}

function pushSubtrees(from: BinaryTreeSum, to: BinaryTreeSum): void {
  const records = new Float64Array(3 * from.count);
  from.subtrees(records);
  for (let k = 0; k < from.count; k++) to.push(records[3 * k], records[3 * k + 1], records[3 * k + 2]);
}

const plainSum = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Numbers of both signs and of magnitudes 1e-12 … 1e12, so that every change of the order shows. */
const leaf = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -12, max: 12 })).map(([mantissa, exponent]) => mantissa * 10 ** exponent);

const splitLeaves = fc
  .array(leaf, { minLength: 1, maxLength: 200 })
  .chain((values) => fc.tuple(fc.constant(values), fc.uniqueArray(fc.integer({ min: 1, max: values.length }), { maxLength: 12 })));

const startsOf = (cuts: readonly number[]): number[] => [0, ...[...cuts].sort((a, b) => a - b)];

describe("the binary tree sum", () => {
  test("has the same bits for any split of the leaves among ranks, empty ranks included", () => {
    fc.assert(
      fc.property(splitLeaves, ([values, cuts]) => Object.is(sumOverRanks(values, startsOf(cuts)), treeSum(values))),
      { numRuns: 500 },
    );
  });

  test("differs from sums of per-rank sums, which depend on the split (negative control)", () => {
    const values = [...seededRandom(1).normalVector(100)];
    const splitSum = (cut: number): number => plainSum(values.slice(0, cut)) + plainSum(values.slice(cut));
    expect(new Set([10, 33, 50, 77].map(splitSum)).size).toBeGreaterThan(1);
    expect(new Set([10, 33, 50, 77].map((cut) => sumOverRanks(values, [0, cut]))).size).toBe(1);
  });

  test("is the sum over the tree whose node i of level l is nodes 2i and 2i + 1 of level l − 1", () => {
    const values = [...seededRandom(2).normalVector(77)];
    let level = values;
    while (level.length > 1) {
      level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => (2 * i + 1 < level.length ? level[2 * i] + level[2 * i + 1] : level[2 * i]));
    }
    expect(treeSum(values)).toBe(level[0]);
  });

  test("is exact for integers", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 300 }), (values) => treeSum(values) === plainSum(values)));
  });

  test("of no leaves is zero, also after a reset", () => {
    const tree = binaryTreeSum();
    expect(tree.total()).toBe(0);
    tree.push(0, 0, 7);
    tree.reset();
    expect([tree.count, tree.total()]).toEqual([0, 0]);
  });

  test("holds one complete subtree for each binary digit of N, and at most 2 log₂ N on a rank in the middle", () => {
    for (const [first, past, expected] of [[0, 64, 1], [0, 63, 6], [0, 65, 2], [1, 63, 10], [31, 33, 2]]) {
      const tree = binaryTreeSum();
      for (let index = first; index < past; index++) tree.push(0, index, 1);
      expect(tree.count).toBe(expected);
    }
  });
});

describe("the rounding error of the binary tree sum", () => {
  /** 2⁵³ − 1 followed by 4095 times 0.75: a running sum rounds every addition up. */
  const values = [2 ** 53 - 1, ...new Array<number>(4095).fill(0.75)];
  const exact = 2n ** 53n - 1n + (4095n * 3n) / 4n;
  const magnitude = 2 ** 53 + 4096;
  /** ⌈log₂ N⌉ u Σ|x|, and one for the quarter that the exact integer above leaves out. */
  const bound = 12 * 2 ** -53 * magnitude + 1;
  const error = (sum: number): number => Math.abs(Number(BigInt(sum) - exact));

  test("grows with log₂ N only", () => {
    expect(error(treeSum(values))).toBeLessThanOrEqual(bound);
  });

  test("is below the error of a running sum, which breaks that bound (negative control)", () => {
    expect(error(plainSum(values))).toBeGreaterThan(10 * bound);
  });
});
