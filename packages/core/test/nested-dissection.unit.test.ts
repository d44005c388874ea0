import { csrFromTriplets, InvalidArgumentError, nestedDissection, symbolicCholesky, type CsrMatrix } from "@parakkt/core";
import { diffusionOperator } from "@parakkt/core";
import fc from "fast-check";
import { unitGrid } from "./spatial-cases.js";

const laplacian = (...cells: number[]): CsrMatrix => diffusionOperator(unitGrid(...cells), 1).toCsr();

describe("nested dissection", () => {
  test("is a permutation of the points of any box", () => {
    const shape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(shape, (points) => {
        const all = Array.from({ length: points.reduce((a, b) => a * b, 1) }, (_, i) => i);
        for (const neighbours of ["axes", "box"] as const) expect([...nestedDissection(points, neighbours)].sort((a, b) => a - b)).toEqual(all);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  test("eliminates the two halves before the plane between them", () => {
    const order = [...nestedDissection([3, 7])];
    expect(order.slice(-3)).toEqual([9, 10, 11]);
    expect(order.slice(0, 9).every((point) => point < 9)).toBe(true);
  });

  test("has far less fill than the natural order at n = 63", () => {
    const matrix = laplacian(64, 64);
    const dissected = symbolicCholesky(matrix, nestedDissection([63, 63])).nonzeros;
    const natural = symbolicCholesky(matrix).nonzeros;
    // Natural order fills the band: n columns of 1 … n entries at the end, n² − n columns of n + 1 entries, less the first columns.
    expect(natural).toBeGreaterThan(0.95 * 63 ** 3);
    expect(dissected).toBeLessThan(natural / 2.5);
    // Between George's leading term 31/4 n² log₂ n and half of it.
    expect(dissected).toBeLessThan(7.75 * 63 ** 2 * Math.log2(64));
  });

  test.each([[[63, 63], 0.68], [[100, 40], 0.7], [[15, 15, 15], 0.55], [[20, 12, 25], 0.56]] as [number[], number][])("diagonal cuts of %p leave less than %d of the fill", (points, share) => {
    const matrix = laplacian(...points.map((n) => n + 1));
    const [diagonal, straight] = (["axes", "box"] as const).map((neighbours) => symbolicCholesky(matrix, nestedDissection(points, neighbours)).nonzeros);
    expect(diagonal).toBeLessThan(share * straight);
  });

  test("a diagonal cut does not separate points with diagonal neighbours, a straight one does", () => {
    const n = 31;
    const nine: [number, number][] = [];
    for (let p = 0; p < n * n; p++) {
      for (const step of [1, n - 1, n, n + 1]) {
        const q = p + step;
        if (q < n * n && Math.abs((q % n) - (p % n)) <= 1) nine.push([p, q], [q, p]);
      }
      nine.push([p, p]);
    }
    const matrix = csrFromTriplets({ rows: n * n, cols: n * n, rowIndices: nine.map((e) => e[0]), columnIndices: nine.map((e) => e[1]), values: nine.map(() => 1) });
    const [diagonal, straight] = (["axes", "box"] as const).map((neighbours) => symbolicCholesky(matrix, nestedDissection([n, n], neighbours)).nonzeros);
    expect(diagonal).toBeGreaterThan(straight);
  });

  test("fill grows like n² log n, not like n³", () => {
    const fill = (n: number): number => symbolicCholesky(laplacian(n + 1, n + 1), nestedDissection([n, n])).nonzeros;
    expect(fill(63) / fill(31)).toBeLessThan((4 * Math.log2(64)) / Math.log2(32) + 1.5);
    expect(fill(63) / fill(31)).toBeLessThan(6.3);
  });

  test("a line keeps its natural order, which has no fill", () => {
    expect([...nestedDissection([6])]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(symbolicCholesky(laplacian(20), nestedDissection([19])).nonzeros).toBe(2 * 19 - 1);
  });

  test("rejects shapes that are no box", () => {
    for (const shape of [[], [0], [3, 2.5], [2, 2, 2, 2], [NaN]]) expect(() => nestedDissection(shape)).toThrow(InvalidArgumentError);
  });
});
