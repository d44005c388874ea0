import { seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { arnoldiProcess } from "../dist/krylov/arnoldi.js";
import { countedSystem } from "../dist/krylov/counted-system.js";
import { hessenbergLeastSquares } from "../dist/krylov/hessenberg-least-squares.js";
import { denseSystem, dot, euclideanNorm, leastResidual, randomMatrix } from "./krylov-matrices.js";

/** Orthonormalises the given images after v₀ = e₀. */
function orthonormalBasis(images: readonly Float64Array[]) {
  const n = images[0].length;
  const system = countedSystem("arnoldi", denseSystem(Matrix.eye(n)));
  const process = arnoldiProcess(system, images.length + 1);
  process.column(0)[0] = 1;
  const coefficients = images.map((image, k) => {
    process.column(k + 1).set(image);
    process.orthonormalize(k + 1);
    return Float64Array.from(process.coefficients);
  });
  return { columns: process.columns, coefficients, counts: system.counts };
}

/** max |⟨vᵢ, vⱼ⟩ − δᵢⱼ| */
function lossOfOrthogonality(columns: readonly Float64Array[]): number {
  return Math.max(...columns.flatMap((v, i) => columns.slice(0, i + 1).map((u, j) => Math.abs(dot(u, v) - (i === j ? 1 : 0)))));
}

/** Images that agree with each other up to `difference`. */
function nearlyParallelImages(n: number, count: number, difference: number): Float64Array[] {
  const random = seededRandom(201);
  const common = random.normalVector(n);
  return Array.from({ length: count }, () => {
    const own = random.normalVector(n);
    return common.map((value, i) => value + difference * own[i]);
  });
}

/** One pass of classical Gram–Schmidt. */
function singlePass(images: readonly Float64Array[]): Float64Array[] {
  const first = new Float64Array(images[0].length);
  first[0] = 1;
  const basis = [first];
  for (const image of images) {
    const products = basis.map((u) => dot(u, image));
    const rest = image.map((value, i) => value - products.reduce((sum, product, k) => sum + product * basis[k][i], 0));
    basis.push(rest.map((value) => value / euclideanNorm(rest)));
  }
  return basis;
}

describe("the Arnoldi process", () => {
  test.each([1e-2, 1e-5, 1e-8, 1e-11])("keeps its basis orthogonal to machine precision when images differ by %p only", (difference) => {
    const images = nearlyParallelImages(40, 15, difference);
    // [Giraud2005]: O(ε) for two passes, as long as the images are numerically independent.
    expect(lossOfOrthogonality(orthonormalBasis(images).columns)).toBeLessThanOrEqual(20 * Number.EPSILON);
  });

  test("would lose orthogonality with one pass (negative control)", () => {
    expect(lossOfOrthogonality(singlePass(nearlyParallelImages(40, 15, 1e-8)))).toBeGreaterThan(1e-4);
  });

  test("reproduces the images from basis and coefficients", () => {
    const images = nearlyParallelImages(40, 12, 1e-6);
    const { columns, coefficients } = orthonormalBasis(images);
    images.forEach((image, k) => {
      const combination = image.map((_, i) => columns.slice(0, k + 2).reduce((sum, v, j) => sum + coefficients[k][j] * v[i], 0));
      const error = euclideanNorm(image.map((value, i) => value - combination[i]));
      expect(error).toBeLessThanOrEqual(20 * Number.EPSILON * euclideanNorm(image));
    });
  });

  test("says so when an image adds nothing to the basis", () => {
    const random = seededRandom(202);
    const first = random.normalVector(20);
    const combination = first.map((value, i) => 3 * value + (i === 0 ? 2 : 0));
    const { coefficients } = orthonormalBasis([first, combination]);
    expect(coefficients[1][2]).toBe(0);
    // Negative control: a component of 1e-12 is something.
    const third = combination.map((value, i) => value + (i === 7 ? 1e-12 * euclideanNorm(combination) : 0));
    expect(orthonormalBasis([first, third]).coefficients[1][2]).toBeGreaterThan(0);
  });
});

describe("the Hessenberg least squares problem", () => {
  test("has the residual and the solution that a dense computation finds", () => {
    const m = 10;
    const hessenberg = randomMatrix(m + 1, m, seededRandom(203));
    for (let i = 0; i <= m; i++) for (let j = 0; j < i - 1; j++) hessenberg.set(i, j, 0);
    const problem = hessenbergLeastSquares(m, (length) => new Float64Array(length));
    problem.reset(2.5);
    const rhs = new Float64Array(m + 1);
    rhs[0] = 2.5;
    const column = (j: number): Float64Array => Float64Array.from(hessenberg.getColumn(j));
    for (let k = 1; k <= m; k++) {
      problem.append(column(k - 1));
      const columns = Array.from({ length: k }, (_, j) => column(j));
      expect(Math.abs(problem.residualNorm - leastResidual(rhs, columns))).toBeLessThanOrEqual(100 * Number.EPSILON * 2.5);
      const y = problem.solve();
      const residual = rhs.map((value, i) => value - columns.reduce((sum, entries, j) => sum + entries[i] * y[j], 0));
      expect(Math.abs(euclideanNorm(residual) - problem.residualNorm)).toBeLessThanOrEqual(1000 * Number.EPSILON * 2.5);
    }
  });

  test("reports a dependent column by a zero pivot and can forget it", () => {
    const problem = hessenbergLeastSquares(3, (length) => new Float64Array(length));
    problem.reset(1);
    problem.append(Float64Array.of(2, 0));
    expect(problem.append(Float64Array.of(4, 0, 0))).toBe(0);
    problem.discard();
    expect(problem.columns).toBe(1);
    expect(problem.solve()[0]).toBe(0.5);
  });
});
