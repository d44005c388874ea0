import { choleskyFactor, csrFromTriplets, InvalidArgumentError, nestedDissection, symbolicCholesky, diffusionOperator, type CsrMatrix } from "@parakkt/core";
import { denseMatrix, seededRandom, type SeededRandom } from "@parakkt/testing";
import fc from "fast-check";
import { inclusion, maxNorm, minus, norm2, unitGrid } from "./spatial-cases.js";

/** A random sparse symmetric, strictly diagonally dominant matrix. */
function randomDominant(size: number, random: SeededRandom): CsrMatrix {
  const entries: [number, number, number][] = [];
  const rowSums = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      if (random.uniform() > 3 / size) continue;
      const value = random.normal();
      entries.push([i, j, value], [j, i, value]);
      rowSums[i] += Math.abs(value);
      rowSums[j] += Math.abs(value);
    }
  }
  rowSums.forEach((sum, i) => entries.push([i, i, sum + 0.1]));
  return csrFromTriplets({ rows: size, cols: size, rowIndices: entries.map((e) => e[0]), columnIndices: entries.map((e) => e[1]), values: entries.map((e) => e[2]) });
}

function randomOrder(size: number, random: SeededRandom): Int32Array {
  const keys = random.normalVector(size);
  return Int32Array.from({ length: size }, (_, i) => i).sort((a, b) => keys[a] - keys[b]);
}

/** nnz(L) of P A Pᵀ by eliminating a dense pattern. */
function denseFactorNonzeros(matrix: CsrMatrix, order: Int32Array): number {
  const a = denseMatrix(matrix.rows, matrix.cols, matrix.apply);
  const pattern = Array.from(order, (i) => Array.from(order, (j) => a.get(i, j) !== 0));
  let count = 0;
  for (let k = 0; k < order.length; k++) {
    const below = pattern.map((row, i) => (i > k && row[k] ? i : -1)).filter((i) => i >= 0);
    count += 1 + below.length;
    for (const i of below) for (const j of below) pattern[i][j] = true;
  }
  return count;
}

function residual(matrix: CsrMatrix, { shift, x, rhs }: { shift: number; x: Float64Array; rhs: Float64Array }): Float64Array {
  const image = new Float64Array(x.length);
  matrix.apply(x, image);
  return rhs.map((value, i) => value - image[i] - shift * x[i]);
}

describe("sparse Cholesky", () => {
  test("solves random sparse systems in any order with any shift, and counts nnz(L) exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), fc.double({ min: 0, max: 100, noNaN: true }), (size, seed, shift) => {
        const random = seededRandom(seed);
        const matrix = randomDominant(size, random);
        const symbolic = symbolicCholesky(matrix, randomOrder(size, random));
        const rhs = random.normalVector(size);
        const x = new Float64Array(size);
        choleskyFactor(symbolic, matrix, shift).solve(rhs, x);
        // Backward stability: ‖r‖ ≤ c n u ‖A‖ ‖x‖ with ‖A‖ ≤ ‖A‖₁ ≤ 2 max aᵢᵢ.
        const scale = 2 * maxNorm(Float64Array.from({ length: size }, (_, i) => denseMatrix(size, size, matrix.apply).get(i, i))) + shift;
        expect(norm2(residual(matrix, { shift, x, rhs }))).toBeLessThanOrEqual(4 * size * 2 ** -53 * scale * norm2(x));
        expect(symbolic.nonzeros).toBe(denseFactorNonzeros(matrix, symbolic.order));
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  test("the right-hand side may be the output", () => {
    const matrix = diffusionOperator(unitGrid(9, 6), inclusion).toCsr();
    const factor = choleskyFactor(symbolicCholesky(matrix, nestedDissection([8, 5])), matrix, 2);
    const rhs = seededRandom(3).normalVector(40);
    const apart = new Float64Array(40);
    factor.solve(rhs, apart);
    factor.solve(rhs, rhs);
    expect(rhs).toEqual(apart);
  });

  test("one symbolic factorisation serves all shifts", () => {
    const matrix = diffusionOperator(unitGrid(12, 12), 1).toCsr();
    const symbolic = symbolicCholesky(matrix, nestedDissection([11, 11]));
    const factors = [0, 1, 1e12].map((shift) => ({ shift, factor: choleskyFactor(symbolic, matrix, shift) }));
    const rhs = seededRandom(4).normalVector(121);
    for (const { shift, factor } of factors) {
      const x = new Float64Array(121);
      factor.solve(rhs, x);
      expect(norm2(residual(matrix, { shift, x, rhs }))).toBeLessThan(1e-13 * norm2(rhs) * (1 + 1e3 / (20 + shift)));
      expect(factor.storage).toBe(symbolic.doubles + 121);
    }
  });

  test.each([
    [11, 2.1],
    [63, 1.6],
    [127, 1.45],
  ])("supernodes of n = %i store at most %d nnz(L), in far fewer panels than columns", (n, share) => {
    const symbolic = symbolicCholesky(diffusionOperator(unitGrid(n + 1, n + 1), 1).toCsr(), nestedDissection([n, n], "axes"));
    expect(symbolic.doubles).toBeGreaterThanOrEqual(symbolic.nonzeros);
    expect(symbolic.doubles).toBeLessThan(share * symbolic.nonzeros);
    expect(symbolic.supernodes).toBeLessThan(n ** 2 / 4);
  });

  test("the pattern is one of a lower triangle whose supernodes lie behind their descendants", () => {
    const random = seededRandom(8);
    for (const size of [1, 2, 7, 40]) {
      const matrix = randomDominant(size, random);
      const order = randomOrder(size, random);
      const { firstColumn, rowPointers, rows, supernodes, order: grouped } = symbolicCholesky(matrix, order);
      expect([...grouped].sort((a, b) => a - b)).toEqual([...order].sort((a, b) => a - b));
      for (let s = 0; s < supernodes; s++) {
        const own = Array.from({ length: firstColumn[s + 1] - firstColumn[s] }, (_, i) => firstColumn[s] + i);
        const panel = [...rows.subarray(rowPointers[s], rowPointers[s + 1])];
        expect(panel.slice(0, own.length)).toEqual(own);
        expect(panel.every((row, p) => p === 0 || row > panel[p - 1])).toBe(true);
      }
    }
  });

  test("the factor uses the order it is given", () => {
    const matrix = diffusionOperator(unitGrid(10, 10), 1).toCsr();
    const rhs = seededRandom(5).normalVector(81);
    const [natural, dissected] = [undefined, nestedDissection([9, 9])].map((order) => {
      const x = new Float64Array(81);
      choleskyFactor(symbolicCholesky(matrix, order), matrix).solve(rhs, x);
      return x;
    });
    expect(norm2(minus(natural, dissected))).toBeLessThan(1e-13 * norm2(natural));
  });

  test("an indefinite, a singular and a non-finite matrix are refused at the pivot that shows it", () => {
    const pair = (offDiagonal: number): CsrMatrix =>
      csrFromTriplets({ rows: 2, cols: 2, rowIndices: [0, 0, 1, 1], columnIndices: [0, 1, 0, 1], values: [1, offDiagonal, offDiagonal, 4] });
    const factorise = (matrix: CsrMatrix, shift = 0) => () => choleskyFactor(symbolicCholesky(matrix), matrix, shift);
    expect(factorise(pair(1.9))).not.toThrow();
    expect(factorise(pair(3))).toThrow(InvalidArgumentError);
    expect(factorise(pair(3))).toThrow(/not positive definite at pivot 1 \(unknown 1\).*got -5/);
    expect(factorise(pair(2))).toThrow(/at pivot 1.*got 0/);
    expect(factorise(pair(NaN))).toThrow(/not positive definite/);
    expect(factorise(pair(0), -2)).toThrow(/pivot 0 \(unknown 0\).*got -1/);
    const order = Int32Array.of(1, 0);
    expect(() => choleskyFactor(symbolicCholesky(pair(0), order), pair(0), -4)).toThrow(/pivot 0 \(unknown 1\)/);
  });

  test("an order that is no permutation and a matrix that is not square are refused", () => {
    const square = randomDominant(3, seededRandom(6));
    expect(() => symbolicCholesky(square, Int32Array.of(0, 1, 1))).toThrow(InvalidArgumentError);
    expect(() => symbolicCholesky(square, Int32Array.of(0, 1))).toThrow(InvalidArgumentError);
    const wide = csrFromTriplets({ rows: 1, cols: 2, rowIndices: [0], columnIndices: [0], values: [1] });
    expect(() => symbolicCholesky(wide)).toThrow(InvalidArgumentError);
  });
});
