import { boxGrid, diffusionOperator, type Diffusivity, type PointFunction } from "@parakkt/core";
import { maxNorm, minus } from "./spatial-cases.js";

const { PI, sin, cos, exp } = Math;

interface Exact {
  readonly name: string;
  readonly dimension: number;
  readonly extent: readonly number[];
  readonly nu: Diffusivity;
  readonly u: PointFunction;
  /** −∇·(ν∇u) */
  readonly image: PointFunction;
}

/** u = sin πx sin πy sin πz on boxes with whole extents, so that u = 0 on the boundary. */
const u1: PointFunction = (x) => sin(PI * x);
const u2: PointFunction = (x, y) => sin(PI * x) * sin(PI * y);
const u3: PointFunction = (x, y, z) => sin(PI * x) * sin(PI * y) * sin(PI * z);
/** ν = exp(x/2 + y/3 + z/4): −∇·(ν∇u) = −ν(∆u + u_x/2 + u_y/3 + u_z/4). */
const nu: PointFunction = (x, y, z) => exp(x / 2 + y / 3 + z / 4);

const cases: Exact[] = [
  { name: "1-D, constant ν", dimension: 1, extent: [2], nu: 3, u: u1, image: (...p) => 3 * PI ** 2 * u1(...p) },
  { name: "2-D, constant ν", dimension: 2, extent: [1, 2], nu: 0.5, u: u2, image: (...p) => PI ** 2 * u2(...p) },
  { name: "3-D, constant ν", dimension: 3, extent: [1, 1, 2], nu: 1, u: u3, image: (...p) => 3 * PI ** 2 * u3(...p) },
  {
    name: "1-D, smooth ν",
    dimension: 1,
    extent: [1],
    nu,
    u: u1,
    image: (x, y, z) => nu(x, y, z) * (PI ** 2 * sin(PI * x) - (PI / 2) * cos(PI * x)),
  },
  {
    name: "2-D, smooth ν",
    dimension: 2,
    extent: [1, 1],
    nu,
    u: u2,
    image: (x, y, z) =>
      nu(x, y, z) * (2 * PI ** 2 * u2(x, y, z) - (PI / 2) * cos(PI * x) * sin(PI * y) - (PI / 3) * sin(PI * x) * cos(PI * y)),
  },
  {
    name: "3-D, smooth ν",
    dimension: 3,
    extent: [1, 1, 1],
    nu,
    u: u3,
    image: (x, y, z) =>
      nu(x, y, z) *
      (3 * PI ** 2 * u3(x, y, z) -
        (PI / 2) * cos(PI * x) * sin(PI * y) * sin(PI * z) -
        (PI / 3) * sin(PI * x) * cos(PI * y) * sin(PI * z) -
        (PI / 4) * sin(PI * x) * sin(PI * y) * cos(PI * z)),
  },
];

function consistencyError({ extent, nu: diffusivity, u, image }: Exact, cells: number): number {
  const grid = boxGrid({ extent, cells: extent.map((length) => cells * length) });
  const out = new Float64Array(grid.size);
  diffusionOperator(grid, diffusivity).apply(grid.evaluate(u), out);
  return maxNorm(minus(out, grid.evaluate(image)));
}

function observedOrder(exact: Exact, cells: number): number {
  return Math.log2(consistencyError(exact, cells) / consistencyError(exact, 2 * cells));
}

test.each(cases)("the stencil is consistent of second order: $name", (exact) => {
  const order = observedOrder(exact, exact.dimension === 3 ? 16 : 64);
  expect(order).toBeGreaterThan(1.95);
  expect(order).toBeLessThan(2.05);
});

test("a diffusivity that is wrong by O(h) is noticed", () => {
  const exact = cases[4];
  const order = Math.log2(
    consistencyError({ ...exact, nu: (x, y, z) => nu(x + 1 / 64, y, z) }, 64) / consistencyError({ ...exact, nu: (x, y, z) => nu(x + 1 / 128, y, z) }, 128),
  );
  expect(order).toBeLessThan(1.2);
});
