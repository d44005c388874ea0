import { csrFromTriplets, csrIdentity, csrKronecker, csrProduct, csrTranspose, InvalidArgumentError, type CsrMatrix } from "@parakkt/core";
import { denseMatrix, seededRandom } from "@parakkt/testing";

const dense = (a: CsrMatrix): number[][] => denseMatrix(a.rows, a.cols, a.apply).to2DArray();
const denseTransposed = (a: CsrMatrix): number[][] => denseMatrix(a.cols, a.rows, a.applyTranspose).transpose().to2DArray();

/** About 40 % of the entries, small whole numbers, so that sums and products are exact. */
function randomSparse(rows: number, cols: number, seed: number): CsrMatrix {
  const random = seededRandom(seed);
  const entries: [number, number, number][] = [];
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) if (random.uniform() < 0.4) entries.push([i, j, Math.round(9 * random.normal())]);
  entries.reverse();
  return csrFromTriplets({ rows, cols, rowIndices: entries.map((e) => e[0]), columnIndices: entries.map((e) => e[1]), values: entries.map((e) => e[2]) });
}

describe("csrFromTriplets", () => {
  const matrix = csrFromTriplets({ rows: 3, cols: 4, rowIndices: [2, 0, 0, 2, 0], columnIndices: [3, 2, 0, 3, 2], values: [5, 1, 2, 6, 10] });

  test("sorts rows and columns and sums entries at the same place", () => {
    expect([...matrix.rowPointers]).toEqual([0, 2, 2, 3]);
    expect([...matrix.columns]).toEqual([0, 2, 3]);
    expect([...matrix.values]).toEqual([2, 11, 11]);
  });

  test("multiplies like the dense matrix, also transposed", () => {
    const expected = [
      [2, 0, 11, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 11],
    ];
    expect(dense(matrix)).toEqual(expected);
    expect(denseTransposed(matrix)).toEqual(expected);
  });

  test("overwrites what was in the output", () => {
    const out = new Float64Array(4).fill(NaN);
    matrix.applyTranspose(Float64Array.of(1, 1, 1), out);
    expect([...out]).toEqual([2, 0, 11, 11]);
  });

  test("knows whether the matrix is symmetric", () => {
    const pair = (value: number): CsrMatrix =>
      csrFromTriplets({ rows: 2, cols: 2, rowIndices: [0, 1, 0], columnIndices: [1, 0, 0], values: [3, value, 1] });
    expect(pair(3).symmetric).toBe(true);
    expect(pair(3.5).symmetric).toBe(false);
    expect(matrix.symmetric).toBe(false);
    expect(denseTransposed(pair(3.5))).toEqual(dense(pair(3.5)));
  });

  test("rejects an index outside the matrix and lists of unequal length", () => {
    const create = (row: number, columns: number[]) => () => csrFromTriplets({ rows: 2, cols: 2, rowIndices: [row], columnIndices: columns, values: [1] });
    expect(create(0, [1])).not.toThrow();
    expect(create(2, [0])).toThrow(InvalidArgumentError);
    expect(create(0.5, [0])).toThrow(/position of triplet 0/);
    expect(create(0, [-1])).toThrow(InvalidArgumentError);
    expect(create(0, [0, 1])).toThrow(/same length/);
  });
});

describe("sparse matrix algebra", () => {
  const a = randomSparse(5, 7, 1);
  const b = randomSparse(7, 4, 2);

  test("products, transposes and Kronecker products agree with the dense ones", () => {
    const denseB = dense(b);
    const product = dense(a).map((row) => denseB[0].map((_, j) => row.reduce((sum, value, k) => sum + value * denseB[k][j], 0)));
    expect(dense(csrProduct(a, b))).toEqual(product);
    expect(dense(csrTranspose(a))).toEqual(denseTransposed(a)[0].map((_, j) => dense(a).map((row) => row[j])));
    const kronecker = dense(csrKronecker(a, b));
    for (let i = 0; i < 35; i++) {
      for (let j = 0; j < 28; j++) {
        const expected = dense(a)[Math.floor(i / 7)][Math.floor(j / 4)] * denseB[i % 7][j % 4];
        expect(kronecker[i][j]).toBe(expected + 0);
      }
    }
  });

  test("the identity changes nothing", () => {
    expect(dense(csrProduct(csrIdentity(5), a))).toEqual(dense(a));
    expect(dense(csrProduct(a, csrIdentity(7)))).toEqual(dense(a));
  });

  test("columns of every result ascend", () => {
    for (const m of [csrProduct(a, b), csrTranspose(a), csrKronecker(a, b)]) {
      for (let i = 0; i < m.rows; i++) {
        const columns = [...m.columns.subarray(m.rowPointers[i], m.rowPointers[i + 1])];
        expect(columns).toEqual([...new Set(columns)].sort((p, q) => p - q));
      }
    }
  });

  test("factors that do not fit are rejected", () => {
    expect(() => csrProduct(b, a)).toThrow(InvalidArgumentError);
  });
});
