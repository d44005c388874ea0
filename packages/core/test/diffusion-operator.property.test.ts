import { boxGrid, diffusionOperator, InvalidArgumentError, laplacianEigenvalues, nodalDiffusivity, type BoxGrid, type Diffusivity } from "@parakkt/core";
import { denseMatrix, seededRandom, symmetricEigenvalues } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { dot, maxNorm, minus, norm2, normBound, smoothDiffusivity } from "./spatial-cases.js";

const boxes: BoxGrid[] = [
  boxGrid({ extent: [1.5], cells: [9] }),
  boxGrid({ extent: [0.7], cells: [2] }),
  boxGrid({ extent: [1, 3], cells: [5, 8] }),
  boxGrid({ extent: [2, 1], cells: [2, 6] }),
  boxGrid({ extent: [1, 0.5, 2], cells: [4, 3, 5] }),
  boxGrid({ extent: [1, 1, 1], cells: [2, 2, 2] }),
];

const diffusivities: [string, Diffusivity][] = [
  ["constant", 0.37],
  ["smooth", smoothDiffusivity],
  ["jumping", (x, y, z) => (x + y + z > 1 ? 1e4 : 1)],
];

const cases = boxes.flatMap((grid) => diffusivities.map(([name, nu]) => ({ grid, name, nu, cells: grid.cells.join("×") })));

/** tridiag(−1, 2, −1)/h² on every axis, Kronecker products with identities, the last axis slowest. */
function kroneckerLaplacian({ points, spacing }: BoxGrid): Matrix {
  const size = points.reduce((a, b) => a * b, 1);
  let sum = Matrix.zeros(size, size);
  points.forEach((_, axis) => {
    let term = Matrix.eye(1, 1);
    points.forEach((n, other) => {
      const factor = Matrix.eye(n, n);
      if (other === axis) {
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) factor.set(i, j, (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0) / spacing[axis] ** 2);
        }
      }
      term = factor.kroneckerProduct(term);
    });
    sum = sum.add(term);
  });
  return sum;
}

describe.each(cases)("diffusion operator on $cells cells, $name ν", ({ grid, nu }) => {
  const operator = diffusionOperator(grid, nu);
  const dense = denseMatrix(grid.size, grid.size, operator.apply);
  const scale = normBound(operator, 0);

  test("stencil, sparse matrix and diagonal agree", () => {
    const csr = operator.toCsr();
    const difference = Matrix.sub(dense, denseMatrix(grid.size, grid.size, csr.apply));
    expect(difference.max()).toBeLessThanOrEqual(2 ** -50 * scale);
    expect(difference.min()).toBeGreaterThanOrEqual(-(2 ** -50) * scale);
    const diagonal = new Float64Array(grid.size);
    operator.diagonal(diagonal);
    expect(maxNorm(minus(diagonal, Float64Array.from(dense.diagonal())))).toBeLessThanOrEqual(2 ** -50 * scale);
    expect(csr.symmetric).toBe(true);
  });

  test("is symmetric and positive definite", () => {
    const random = seededRandom(11);
    const [x, y] = [random.normalVector(grid.size), random.normalVector(grid.size)];
    const [lx, ly] = [new Float64Array(grid.size), new Float64Array(grid.size)];
    operator.apply(x, lx);
    operator.applyTranspose(y, ly);
    // Rounding of the two inner products: n u ‖L‖ ‖x‖ ‖y‖.
    expect(Math.abs(dot(lx, y) - dot(x, ly))).toBeLessThan(grid.size * 2 ** -52 * scale * norm2(x) * norm2(y));
    expect(symmetricEigenvalues(dense)[0]).toBeGreaterThan(0);
  });
});

describe.each(boxes.map((grid) => ({ grid, cells: grid.cells.join("×") })))("constant ν on $cells cells", ({ grid }) => {
  const operator = diffusionOperator(grid, 2.5);
  const scale = normBound(operator, 0);

  test("is the Kronecker sum of second differences", () => {
    const difference = Matrix.sub(denseMatrix(grid.size, grid.size, operator.apply), kroneckerLaplacian(grid).mul(2.5));
    expect(Math.max(difference.max(), -difference.min())).toBeLessThanOrEqual(2 ** -50 * scale);
  });

  test("has products of sines as eigenvectors, with the eigenvalues in their order", () => {
    const eigenvalues = laplacianEigenvalues(grid, 2.5);
    const image = new Float64Array(grid.size);
    for (let k = 0; k < grid.size; k++) {
      const mode = modeNumbers(grid, k);
      const vector = grid.evaluate((...x) => mode.reduce((product, m, axis) => product * Math.sin((Math.PI * m * x[axis]) / grid.extent[axis]), 1));
      operator.apply(vector, image);
      expect(maxNorm(minus(image, vector.map((value) => eigenvalues[k] * value)))).toBeLessThan(2 ** -48 * scale);
    }
  });

  test("nodal values and functions that are constant count as constant", () => {
    for (const nu of [() => 2.5, new Float64Array(grid.nodes).fill(2.5)]) {
      expect(diffusionOperator(grid, nu).constantDiffusivity).toBe(2.5);
    }
    expect(diffusionOperator(grid, (x) => 2.5 + 1e-9 * x).constantDiffusivity).toBeUndefined();
  });
});

function modeNumbers({ points }: BoxGrid, index: number): number[] {
  let rest = index;
  return points.map((n) => {
    const mode = 1 + (rest % n);
    rest = Math.floor(rest / n);
    return mode;
  });
}

describe("variable ν", () => {
  test("faces carry the harmonic mean of their two nodes, those of the boundary included", () => {
    // Nodes 0, ½, 1 with ν = 1, 3, 6 and h = ½: faces 2·1·3/4 = 3/2 and 2·3·6/9 = 4, so L = (3/2 + 4)/h² = 22.
    const line = diffusionOperator(boxGrid({ extent: [1], cells: [2] }), Float64Array.of(1, 3, 6));
    expect([...line.toCsr().values]).toEqual([22]);
    // Nodes 0 … 3 with ν = 1, 1, 3, 3 and h = 1: faces 1, 3/2, 3.
    const jump = diffusionOperator(boxGrid({ extent: [3], cells: [3] }), Float64Array.of(1, 1, 3, 3));
    expect(denseMatrix(2, 2, jump.apply).to2DArray()).toEqual([
      [2.5, -1.5],
      [-1.5, 4.5],
    ]);
  });

  test("an inclusion couples to its surroundings by the harmonic mean on all four sides", () => {
    // One node of ν = 3 in the middle of 4 × 4 cells of size 1, ν = 1 around: the faces at that node are 3/2, all others 1.
    const nodal = new Float64Array(25).fill(1);
    nodal[12] = 3;
    const grid = boxGrid({ extent: [4, 4], cells: [4, 4] });
    const dense = denseMatrix(9, 9, diffusionOperator(grid, nodal).apply);
    expect([1, 3, 5, 7].map((i) => dense.get(4, i))).toEqual([-1.5, -1.5, -1.5, -1.5]);
    expect(dense.get(4, 4)).toBe(6);
    expect(dense.get(1, 1)).toBe(4.5);
    expect(dense.get(0, 0)).toBe(4);
    expect(dense.get(0, 1)).toBe(-1);
  });

  test("a function is evaluated at all nodes", () => {
    const grid = boxGrid({ extent: [1, 2], cells: [4, 3] });
    const f = (x: number, y: number): number => 1 + x + y * y;
    const nodal = nodalDiffusivity(grid, f);
    expect(nodal.length).toBe(20);
    expect([...diffusionOperator(grid, f).toCsr().values]).toEqual([...diffusionOperator(grid, nodal).toCsr().values]);
  });

  test("later changes of the caller's nodal values change nothing", () => {
    const grid = boxGrid({ extent: [1], cells: [3] });
    const nodal = Float64Array.of(1, 2, 3, 4);
    const operator = diffusionOperator(grid, nodal);
    const before = denseMatrix(2, 2, operator.apply).to2DArray();
    nodal.fill(7);
    expect(denseMatrix(2, 2, operator.apply).to2DArray()).toEqual(before);
    expect(denseMatrix(2, 2, operator.toCsr().apply).to2DArray()).toEqual(before);
  });

  test("a diffusivity that is not positive and finite is refused with the offending point", () => {
    const grid = boxGrid({ extent: [1, 2], cells: [4, 4] });
    for (const nu of [0, -1, NaN, Infinity]) {
      expect(() => diffusionOperator(grid, nu)).toThrow(InvalidArgumentError);
      expect(() => diffusionOperator(grid, (x, y) => (x === 0.75 && y === 1.5 ? nu : 1))).toThrow(/node 18, the point \(0.75, 1.5\).*got/);
    }
    expect(() => nodalDiffusivity(grid, (x) => x - 0.5)).toThrow(/the point \(0, 0\)/);
    expect(() => diffusionOperator(grid, new Float64Array(9).fill(1))).toThrow(/25 values/);
  });
});
