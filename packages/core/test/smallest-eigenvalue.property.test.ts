import { boxGrid, diffusionOperator, type Diffusivity } from "@parakkt/core";
import { denseMatrix, symmetricEigenvalues } from "@parakkt/testing";
import fc from "fast-check";

/** How far bisection may stay below the eigenvalue of a line. */
const ACCURACY = 0.01;
const ROUNDING = 1e-12;

const grids = fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 3 }).chain((cells) =>
  fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: cells.length, maxLength: cells.length }).map((extent) => boxGrid({ extent, cells })),
);

function smallest(grid: ReturnType<typeof boxGrid>, diffusivity: Diffusivity): { bound: number; exact: number } {
  const operator = diffusionOperator(grid, diffusivity);
  const [exact = NaN] = symmetricEigenvalues(denseMatrix(grid.size, grid.size, operator.apply));
  return { bound: operator.smallestEigenvalue, exact };
}

test("the sum of the weakest lines never exceeds the smallest eigenvalue, whatever ν is (EIG.1)", () => {
  const withDiffusivity = grids.chain((grid) =>
    fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: grid.nodes, maxLength: grid.nodes }).map((exponents) => ({ grid, nodal: Float64Array.from(exponents, (e) => 10 ** e) })),
  );
  fc.assert(
    fc.property(withDiffusivity, ({ grid, nodal }) => {
      const { bound, exact } = smallest(grid, nodal);
      const largest = nodal.reduce((most, value) => Math.max(most, value)) * grid.spacing.reduce((sum, h) => sum + 4 / h ** 2, 0);
      expect(bound).toBeGreaterThan(0);
      expect(bound).toBeLessThanOrEqual(exact + ROUNDING * largest);
    }),
    { numRuns: 150 },
  );
});

test("where ν is constant it is the smallest eigenvalue, and on a line it is to the accuracy of the bisection", () => {
  fc.assert(
    fc.property(grids, fc.double({ min: 0.1, max: 10, noNaN: true }), (grid, nu) => {
      const constant = smallest(grid, nu);
      expect(Math.abs(constant.bound - constant.exact)).toBeLessThanOrEqual(ROUNDING * diffusionOperator(grid, nu).rows * constant.exact + ROUNDING * constant.exact);
      const line = smallest(boxGrid({ extent: [grid.extent[0]!], cells: [grid.cells[0]! + 1] }), (x) => nu + x * x);
      expect(line.bound).toBeGreaterThanOrEqual(line.exact * (1 - ACCURACY - ROUNDING));
    }),
    { numRuns: 40 },
  );
});

test("strong lines would not do: with a weak layer their sum exceeds the smallest eigenvalue", () => {
  const grid = boxGrid({ extent: [1, 1], cells: [8, 8] });
  const { bound, exact } = smallest(grid, (_x, y) => (y > 0.4 ? 1e-3 : 1));
  const strong = diffusionOperator(grid, 1).smallestEigenvalue;
  expect(bound).toBeLessThanOrEqual(exact);
  expect(strong).toBeGreaterThan(exact);
});
