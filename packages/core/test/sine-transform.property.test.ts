import { boxGrid, sineTransform, type BoxGrid } from "@parakkt/core";
import { denseMatrix, seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { dot, maxNorm, minus, norm2 } from "./spatial-cases.js";

const grids: BoxGrid[] = [
  ...[2, 3, 4, 5, 8, 9, 10, 16, 17, 64, 101, 256].map((cells) => boxGrid({ extent: [1], cells: [cells] })),
  boxGrid({ extent: [1, 2], cells: [5, 8] }),
  boxGrid({ extent: [1, 1], cells: [64, 64] }),
  boxGrid({ extent: [1, 1, 3], cells: [4, 7, 6] }),
];

/** Dense sine matrices of all axes, Kronecker product with the last axis slowest. */
function denseTransform({ points }: BoxGrid): Matrix {
  return points.reduce((faster, n) => {
    const v = new Matrix(n, n);
    for (let j = 1; j <= n; j++) for (let k = 1; k <= n; k++) v.set(j - 1, k - 1, Math.sqrt(2 / (n + 1)) * Math.sin((Math.PI * j * k) / (n + 1)));
    return v.kroneckerProduct(faster);
  }, Matrix.eye(1, 1));
}

describe.each(grids.map((grid) => ({ grid, points: grid.points.join("×") })))("sine transform on $points points", ({ grid }) => {
  const transform = sineTransform(grid);
  const x = seededRandom(21).normalVector(grid.size);
  const image = new Float64Array(grid.size);
  transform.apply(x, image);
  // Two dense products with entries ≤ √(2/(n+1)) per axis: n u in the worst case, √n u with random rounding.
  const tolerance = 8 * 2 ** -53 * Math.sqrt(Math.max(...grid.points)) * norm2(x);

  test("is its own inverse and keeps the norm", () => {
    const twice = new Float64Array(grid.size);
    transform.apply(image, twice);
    expect(norm2(minus(twice, x))).toBeLessThan(tolerance);
    expect(Math.abs(norm2(image) - norm2(x))).toBeLessThan(tolerance);
  });

  test("is symmetric", () => {
    const y = seededRandom(22).normalVector(grid.size);
    const other = new Float64Array(grid.size);
    transform.apply(y, other);
    expect(Math.abs(dot(image, y) - dot(x, other))).toBeLessThan(tolerance * norm2(y));
  });

  test("may overwrite its argument", () => {
    const inPlace = x.slice();
    transform.apply(inPlace, inPlace);
    expect(inPlace).toEqual(image);
  });

  test("holds the folded matrices and lines that the formula says", () => {
    const storage = grid.points.map((n) => {
      const [even, odd] = [Math.ceil(n / 2), Math.floor(n / 2)];
      return 4 * (Math.ceil(even / 4) * even + Math.ceil(odd / 4) * odd) + 2 * even;
    });
    expect(transform.storage).toBe(storage.reduce((a, b) => a + b, 0));
    expect(transform.size).toBe(grid.size);
  });
});

test.each(grids.filter((grid) => grid.size < 200).map((grid) => ({ grid, points: grid.points.join("×") })))(
  "the sine transform on $points points is the dense Kronecker product",
  ({ grid }) => {
    const difference = Matrix.sub(denseMatrix(grid.size, grid.size, sineTransform(grid).apply), denseTransform(grid));
    // The dense entries are computed from unreduced angles up to π n, so they carry n u.
    expect(maxNorm(Float64Array.from(difference.to1DArray()))).toBeLessThan(8 * Math.max(...grid.points) * 2 ** -53);
  },
);
