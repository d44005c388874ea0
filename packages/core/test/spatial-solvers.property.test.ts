import {
  boxGrid,
  choleskySolver,
  diffusionOperator,
  fastDiagonalizationSolver,
  InvalidArgumentError,
  multigridSolver,
  nestedDissection,
  symbolicCholesky,
  type BoxGrid,
  type Diffusivity,
  type SpatialOperator,
  type SpatialSolver,
} from "@parakkt/core";
import { denseMatrix, seededRandom, symmetricEigenvalues } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { backwardError, dot, inclusion, minus, norm2, normBound, smoothDiffusivity, solved, unitGrid } from "./spatial-cases.js";

const grids: BoxGrid[] = [
  unitGrid(2),
  boxGrid({ extent: [3], cells: [50] }),
  unitGrid(32, 32),
  boxGrid({ extent: [1, 2], cells: [25, 14] }),
  boxGrid({ extent: [1, 1], cells: [64, 5] }),
  unitGrid(8, 8, 8),
  boxGrid({ extent: [1, 0.5, 2], cells: [9, 6, 4] }),
];
const diffusivities: [string, Diffusivity][] = [
  ["constant ν", 0.7],
  ["smooth ν", smoothDiffusivity],
  ["inclusion 1e4", inclusion],
];
const factories: [string, (operator: SpatialOperator) => SpatialSolver][] = [
  ["fast diagonalization", fastDiagonalizationSolver],
  ["Cholesky", choleskySolver],
  ["multigrid to rounding", (operator) => multigridSolver(operator)],
  ["one multigrid cycle", (operator) => multigridSolver(operator, { cycles: 1 })],
  ["two multigrid cycles", (operator) => multigridSolver(operator, { cycles: 2 })],
];
const shifts = [0, 1e-3, 1, 1e3, 1e6, 1e12];

const cases = grids.flatMap((grid) =>
  diffusivities.flatMap(([diffusivityName, nu]) => {
    const operator = diffusionOperator(grid, nu);
    return factories
      .filter(([name]) => name !== "fast diagonalization" || operator.constantDiffusivity !== undefined)
      .map(([name, create]) => ({ name, diffusivityName, cells: grid.cells.join("×"), operator, create }));
  }),
);

/** The smallest eigenvalue of L is at least that for the smallest ν of the box, 2 Σ 4/extent² for a safe bound: sin x ≥ 2x/π. */
function conditionBound(operator: SpatialOperator, shift: number): number {
  const smallest = (operator.constantDiffusivity ?? 0.4) * operator.grid.extent.reduce((sum, length) => sum + 4 / length ** 2, 0);
  return normBound(operator, shift) / (smallest + shift);
}

describe.each(cases)("$name, $cells cells, $diffusivityName", ({ operator, create }) => {
  const solver = create(operator);
  const random = seededRandom(31);
  const [x, y] = [random.normalVector(operator.rows), random.normalVector(operator.rows)];

  test.each(shifts)("is symmetric and positive with shift %p", (shift) => {
    const [bx, by] = [solved(solver, shift, x), solved(solver, shift, y)];
    // Each solve carries a relative error of c u cond.
    const tolerance = 32 * 2 ** -53 * conditionBound(operator, shift);
    expect(Math.abs(dot(bx, y) - dot(x, by))).toBeLessThan(tolerance * (norm2(bx) * norm2(y) + norm2(x) * norm2(by)));
    expect(dot(bx, x)).toBeGreaterThan(0);
  });

  test("may overwrite the right-hand side, and is the same map at every call", () => {
    const apart = solved(solver, 10, x);
    const inPlace = x.slice();
    solver.shifted(10).solve(inPlace, inPlace);
    expect(inPlace).toEqual(apart);
    expect(solved(solver, 10, x)).toEqual(apart);
  });

  test("sets up each shift once and refuses shifts that make no sense", () => {
    const first = solver.shifted(5);
    const { storage } = solver;
    expect(solver.shifted(5)).toBe(first);
    expect(solver.storage).toBe(storage);
    for (const shift of [-1, NaN, Infinity]) expect(() => solver.shifted(shift)).toThrow(InvalidArgumentError);
  });

  test("maps zero to zero", () => {
    expect(norm2(solved(solver, 1, new Float64Array(operator.rows)))).toBe(0);
  });
});

describe.each(cases.filter(({ create, operator }) => create(operator).exact))("exact: $name, $cells cells, $diffusivityName", ({ operator, create }) => {
  const solver = create(operator);
  const rhs = seededRandom(32).normalVector(operator.rows);

  test.each(shifts)("leaves a backward error of a few roundings with shift %p", (shift) => {
    const x = solved(solver, shift, rhs);
    // √n u for the dense sine products and the panels of Cholesky, all n ≤ 350 per inner product.
    expect(backwardError(operator, { shift, x, rhs })).toBeLessThan(64 * 2 ** -53);
  });

  test("agrees with Cholesky", () => {
    for (const shift of shifts) {
      const [x, reference] = [solved(solver, shift, rhs), solved(choleskySolver(operator), shift, rhs)];
      expect(norm2(minus(x, reference))).toBeLessThan(64 * 2 ** -53 * conditionBound(operator, shift) * norm2(reference));
    }
  });

  test("another shift gives another solution", () => {
    expect(norm2(minus(solved(solver, 1, rhs), solved(solver, 2, rhs)))).toBeGreaterThan(1e-6 * norm2(solved(solver, 1, rhs)));
  });
});

describe("storage", () => {
  const operator = diffusionOperator(unitGrid(32, 32), 1);
  const [n, m] = [31, 31 * 31];

  test("of fast diagonalization does not depend on the number of shifts", () => {
    const solver = fastDiagonalizationSolver(operator);
    solver.shifted(1);
    solver.shifted(2);
    expect(solver.storage).toBe(2 * (4 * (4 * 16 + 4 * 15) + 32) + m);
  });

  test("of Cholesky is nnz(A) and a factor and a vector per shift", () => {
    const solver = choleskySolver(operator);
    const symbolic = symbolicCholesky(operator.toCsr(), nestedDissection([n, n], "axes"));
    expect(solver.storage).toBe(5 * m - 4 * n);
    solver.shifted(1);
    solver.shifted(2);
    expect(solver.storage).toBe(5 * m - 4 * n + 2 * (symbolic.doubles + m));
    expect(solver.factorNonzeros).toBe(symbolic.nonzeros);
  });

  test.each([1, undefined])("of multigrid with cycles = %p is the documented sum over the levels, and that of one lane from the first shift on", (cycles) => {
    const solver = multigridSolver(operator, cycles === undefined ? {} : { cycles });
    const levels = [31, 15, 7];
    const [finer, coarser] = [levels.slice(0, -1), levels.slice(1)];
    const sum = (terms: number[]): number => terms.reduce((a, b) => a + b, 0);
    const shared = sum(levels.map((k) => 2 * k ** 2)) + sum(coarser.map((k) => (3 * k - 2) ** 2)) + sum(finer.map((k) => 4 * k));
    expect(solver.storage).toBe(shared);
    solver.shifted(1);
    // Three vectors a level, five coefficients a point below the finest and three there, two vectors an interpolation, four vectors, a factor.
    const interpolations = sum(finer.map((k) => k * Math.floor(k / 2) + k ** 2));
    const oneLane = sum(levels.map((k) => 3 * k ** 2)) + sum(coarser.map((k) => 5 * k ** 2)) + 3 * m + interpolations + 4 * m;
    const perShift = 49 * 9;
    expect(solver.storage).toBe(shared + oneLane + perShift);
    solver.shifted(2);
    expect(solver.storage).toBe(shared + oneLane + 2 * perShift);
  });
});

describe("arguments", () => {
  test("fast diagonalization refuses a variable diffusivity and says what to use", () => {
    expect(() => fastDiagonalizationSolver(diffusionOperator(unitGrid(4, 4), smoothDiffusivity))).toThrow(/choleskySolver or multigridSolver/);
  });

  test("multigrid refuses a number of cycles that makes no sense", () => {
    for (const cycles of [0, -1, 1.5, NaN]) {
      expect(() => multigridSolver(diffusionOperator(unitGrid(4, 4), 1), { cycles })).toThrow(InvalidArgumentError);
    }
  });

  test("the solvers say what they are", () => {
    const operator = diffusionOperator(unitGrid(8, 8), 1);
    const described = factories.map(([, create]) => create(operator)).map(({ name, exact, factors }) => [name, exact, factors]);
    expect(described).toEqual([
      ["fast-diagonalization", true, false],
      ["cholesky", true, true],
      ["multigrid", true, false],
      ["multigrid", false, false],
      ["multigrid", false, false],
    ]);
  });
});

describe("a fixed number of cycles", () => {
  const jump = (x: number, y: number): number => (Math.hypot(x - 0.5, y - 0.5) < 0.3 && Math.hypot(x - 0.5, y - 0.5) > 0.2 ? 1e4 : 1);

  test.each([
    ["inclusion", unitGrid(14, 14), inclusion],
    ["ring", unitGrid(16, 16), jump],
    ["stretched", boxGrid({ extent: [1, 10], cells: [20, 9] }), jump],
    ["3-D", unitGrid(6, 5, 7), inclusion],
    ["stretched 3-D", boxGrid({ extent: [1, 5, 0.1], cells: [6, 6, 6] }), 1],
  ] as [string, BoxGrid, Diffusivity][])("is a symmetric matrix with spec(BA) in (0, 1]: %s", (_, grid, nu) => {
    const operator = diffusionOperator(grid, nu);
    for (const shift of [0, 300, 1e5]) {
      for (const cycles of [1, 2, 3]) {
        const solve = multigridSolver(operator, { cycles }).shifted(shift);
        const b = denseMatrix(grid.size, grid.size, solve.solve);
        expect(Matrix.sub(b, b.transpose()).norm("frobenius")).toBeLessThan(1e-11 * b.norm("frobenius"));
        const exact = denseMatrix(grid.size, grid.size, choleskySolver(operator).shifted(shift).solve);
        const eigenvalues = symmetricEigenvalues(Matrix.sub(exact, b));
        // B ⪯ A⁻¹ is the same as spec(BA) ≤ 1; B ≻ 0 is checked apart.
        expect(eigenvalues[0]).toBeGreaterThan(-1e-11 * exact.norm("frobenius"));
        expect(symmetricEigenvalues(b)[0]).toBeGreaterThan(0);
      }
    }
  });
});
