import { cosineFrequency, cosineTransform, denseCosineTransform, firstCosineRow } from "@parakkt/core";
import { denseMatrix, euclideanNorm, relativeDistance, seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";

/** A chain of two FFTs of length below 8N, each a few roundings a level. */
const tolerance = (size: number): number => 8 * Number.EPSILON * Math.log2(8 * size + 2);

describe.each([1, 2, 3, 4, 7, 8, 17, 64, 101, 256, 300])("the cosine transform of length %i", (size) => {
  const fast = cosineTransform(size);
  const columns = 11;
  const x = seededRandom(size).normalVector(size * columns);
  const image = x.slice();
  fast.apply(image, columns);

  test("equals its dense reference, any number of columns side by side", () => {
    const reference = x.slice();
    denseCosineTransform(size).apply(reference, columns);
    expect(relativeDistance(image, reference)).toBeLessThan(tolerance(size));
  });

  test("is its own inverse and keeps the norm", () => {
    const twice = image.slice();
    fast.apply(twice, columns);
    expect(relativeDistance(twice, x)).toBeLessThan(tolerance(size));
    expect(Math.abs(euclideanNorm(image) / euclideanNorm(x) - 1)).toBeLessThan(tolerance(size));
  });

  test("gives a column the same bits alone and beside others", () => {
    const alone = Float64Array.from({ length: size }, (_, j) => x[j * columns + 4]);
    fast.apply(alone, 1);
    expect(alone).toEqual(Float64Array.from({ length: size }, (_, j) => image[j * columns + 4]));
  });
});

describe("V diagonalises tridiag(1, 0, 1) + e₁e₁ᵀ (DIA.1)", () => {
  const size = 23;
  const transform = denseCosineTransform(size);
  const V = denseMatrix(size, size, (x, out) => {
    out.set(x);
    transform.apply(out, 1);
  });
  const tridiagonal = (first: number): Matrix => {
    const G = Matrix.zeros(size, size);
    for (let k = 1; k < size; k++) {
      G.set(k, k - 1, 1);
      G.set(k - 1, k, 1);
    }
    G.set(0, 0, first);
    return G;
  };
  /** Largest entry of V G V − diag(2cos θ). */
  const defect = (G: Matrix): number => {
    const D = V.mmul(G).mmul(V);
    return Math.max(...D.to2DArray().flatMap((row, j) => row.map((value, k) => Math.abs(value - (j === k ? 2 * Math.cos(cosineFrequency(size, k + 1)) : 0)))));
  };

  test("with the eigenvalues 2 cos θₖ", () => {
    expect(defect(tridiagonal(1))).toBeLessThan(1e-13);
  });

  test("but not the matrix without the corner (negative control)", () => {
    expect(defect(tridiagonal(0))).toBeGreaterThan(0.01);
  });

  test("and its first row is v", () => {
    expect(relativeDistance(firstCosineRow(size), Float64Array.from(V.getRow(0)))).toBeLessThan(1e-15);
  });
});
