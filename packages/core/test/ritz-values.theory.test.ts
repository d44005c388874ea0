import { cg, fgmres, gmres, hessenbergEigenvalues, minres, ritzValues, type ComplexNumber, type KrylovMethod, type KrylovSystem, seededRandom } from "@parakkt/core";
import { EigenvalueDecomposition, inverse, Matrix } from "ml-matrix";
import { densePreconditioner, denseSystem, geometricSpectrum, randomMatrix, symmetricMatrix } from "./krylov-matrices.js";

const reals = (values: readonly ComplexNumber[]): number[] => values.map(({ real }) => real);
const byReal = (a: ComplexNumber, b: ComplexNumber): number => a.real - b.real || a.imaginary - b.imaginary;
const denseEigenvalues = (matrix: Matrix): ComplexNumber[] => {
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
  return realEigenvalues.map((real, k) => ({ real, imaginary: imaginaryEigenvalues[k] })).sort(byReal);
};

/** Largest distance of an eigenvalue to the nearest one of the other list, both ways. */
function distance(a: readonly ComplexNumber[], b: readonly ComplexNumber[]): number {
  const gap = (x: ComplexNumber, list: readonly ComplexNumber[]): number => Math.min(...list.map((y) => Math.hypot(x.real - y.real, x.imaginary - y.imaginary)));
  return Math.max(...a.map((x) => gap(x, b)), ...b.map((y) => gap(y, a)));
}

describe("eigenvalues of a Hessenberg matrix", () => {
  test.each([1, 2, 3, 5, 12, 40])("agree with those of ml-matrix, size %i", (m) => {
    for (let seed = 1; seed <= 5; seed++) {
      const matrix = randomMatrix(m, m, seededRandom(seed * 100 + m));
      for (let i = 0; i < m; i++) for (let j = 0; j < i - 1; j++) matrix.set(i, j, 0);
      const columns = Array.from({ length: m }, (_, j) => matrix.getColumn(j).slice(0, j + 2));
      expect(distance(hessenbergEigenvalues(columns), denseEigenvalues(matrix))).toBeLessThanOrEqual(1e-10 * m);
    }
  });

  test("of a companion matrix are the roots of its polynomial, those of a rotation are found by an exceptional shift", () => {
    expect(reals(hessenbergEigenvalues([[6, 1], [-11, 0, 1], [6, 0, 0]]))).toEqual([1, 2, 3].map((root) => expect.closeTo(root, 10) as number));
    const cyclic = hessenbergEigenvalues([[0, 1], [0, 0, 1], [1, 0, 0]]);
    for (const { real, imaginary } of cyclic) expect(Math.hypot(real, imaginary)).toBeCloseTo(1, 12);
  });

  test("of a matrix that is not finite are NaN", () => {
    for (const value of hessenbergEigenvalues([[1, 1], [Number.NaN, 0, 1], [1, 0, 0]])) expect(value.real).toBeNaN();
  });
});

const n = 24;
const random = seededRandom(5);
const matrix = symmetricMatrix(geometricSpectrum(n, 6), random);
const inverseOfM = symmetricMatrix(geometricSpectrum(n, 2), random);
const rhs = random.normalVector(n);
const spectrum = denseEigenvalues(inverseOfM.mmul(matrix));

const methods: [string, (system: KrylovSystem) => KrylovMethod][] = [
  ["cg", cg],
  ["minres", minres],
  ["gmres", (system) => gmres(system, { restart: n })],
  ["fgmres", (system) => fgmres(system, { restart: n })],
];

const projectionOf = (create: (system: KrylovSystem) => KrylovMethod, maxIterations: number) =>
  create(denseSystem(matrix, { preconditioner: densePreconditioner(inverseOfM) })).solve(rhs, new Float64Array(n), { relativeTolerance: 0, maxIterations, stagnationWindow: 1000 }).projection;

describe.each(methods)("the Ritz values of %s", (name, create) => {
  test("are the whole dense spectrum of the preconditioned operator when the Krylov space is", () => {
    const { ritz } = ritzValues(projectionOf(create, n));
    const found = reals(ritz);
    expect(found[0] / spectrum[0].real).toBeCloseTo(1, 5);
    expect(found.at(-1)! / spectrum.at(-1)!.real).toBeCloseTo(1, 5);
    expect(distance(ritz, spectrum)).toBeLessThanOrEqual(0.02 * spectrum.at(-1)!.real);
  });

  test("of half the space lie inside the spectrum, and the ends are found first", () => {
    const { ritz, harmonic } = ritzValues(projectionOf(create, n / 2));
    expect(ritz).toHaveLength(n / 2);
    if (name === "cg" || name === "minres") {
      for (const value of reals(ritz)) {
        expect(value).toBeGreaterThanOrEqual(spectrum[0].real * (1 - 1e-10));
        expect(value).toBeLessThanOrEqual(spectrum.at(-1)!.real * (1 + 1e-10));
      }
      // Harmonic Ritz values of a positive definite operator interlace from above.
      reals(harmonic).forEach((value, k) => expect(value).toBeGreaterThanOrEqual(reals(ritz)[k] * (1 - 1e-9)));
    }
    expect(reals(ritz).at(-1)! / spectrum.at(-1)!.real).toBeGreaterThan(0.9);
  });
});

test("CG, MINRES and GMRES see the same Lanczos matrix where M = I", () => {
  const plain = (create: (system: KrylovSystem) => KrylovMethod): number[] =>
    reals(ritzValues(create(denseSystem(matrix)).solve(rhs, new Float64Array(n), { relativeTolerance: 0, maxIterations: 8 }).projection).ritz);
  const reference = plain(cg);
  for (const create of [minres, (system: KrylovSystem) => gmres(system, { restart: 20 })]) {
    plain(create).forEach((value, k) => expect(value / reference[k]).toBeCloseTo(1, 8));
  }
});

test("harmonic Ritz values are the reciprocals of the Ritz values of the inverse on A times the Krylov space", () => {
  const general = randomMatrix(n, n, random).add(Matrix.eye(n).mul(2 * n ** 0.5));
  const m = 6;
  const { projection } = gmres(denseSystem(general, { symmetric: false }), { restart: 10 }).solve(rhs, new Float64Array(n), { relativeTolerance: 0, maxIterations: m });
  // W = A K for an orthonormal basis K of the Krylov space: eigenvalues of (WᵀW)⁻¹ Wᵀ A⁻¹ W.
  const powers = [Matrix.columnVector([...rhs])];
  while (powers.length < m) powers.push(general.mmul(powers.at(-1)!));
  const krylov = new Matrix(n, m);
  powers.forEach((power, k) => krylov.setColumn(k, power.to1DArray()));
  const scaled = krylov.mmul(Matrix.diag(Array.from({ length: m }, (_, k) => 1 / krylov.getColumnVector(k).norm())));
  const images = general.mmul(scaled);
  const projected = inverse(images.transpose().mmul(images)).mmul(images.transpose()).mmul(scaled);
  const expected = denseEigenvalues(projected).map(({ real, imaginary }) => {
    const size = real * real + imaginary * imaginary;
    return { real: real / size, imaginary: -imaginary / size };
  });
  expect(distance(ritzValues(projection).harmonic, expected.sort(byReal))).toBeLessThanOrEqual(1e-5);
});
