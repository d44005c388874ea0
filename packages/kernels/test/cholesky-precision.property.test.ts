import { plainKernels, simdKernels, type Kernels, type Lanes } from "@parakkt/kernels";
import { differingBits, seededRandom } from "@parakkt/testing";
import { denseProblem, diffusionProblem, laneOf, relativeResidual, solveLanes, sparseProblem } from "./cholesky-problems.js";

const random = seededRandom(72);
const allLanes: Lanes[] = [1, 2, 4, 8];
const problems = [
  ...[1, 2, 3, 5, 6, 7, 8, 23].map((size) => denseProblem(size, random)),
  ...[12, 47, 90].map((size) => sparseProblem(size, random)),
  ...[[33, 32], [8, 9, 7]].map((points) => diffusionProblem(points, random)),
];
const SINGLE_ROUNDINGS = 16 * 2 ** -24;

/** Ones for α, zeros for β, one shift. */
const plainFactors = (lanes: Lanes, shift: number) => ({ shift: new Float64Array(lanes).fill(shift), rhs: new Float64Array(lanes).fill(1), neighbour: new Float64Array(lanes) });

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("%s Cholesky with single precision factors", (_, create) => {
  test.each(problems.map((problem) => [problem.name, problem] as const))("leaves residuals of a few single roundings, far above double ones: %s", (_, problem) => {
    const kernels = create();
    const solver = kernels.cholesky(problem.data, { precision: "single" });
    for (const lanes of allLanes) {
      const x = random.normalVector(solver.size * lanes);
      const out = solveLanes(kernels, { solver, lanes, factors: plainFactors(lanes, 3) }, x);
      for (let lane = 0; lane < lanes; lane++) {
        const [u, b] = [laneOf(out, { lanes, lane, size: solver.size }), laneOf({ data: x, offset: 0 }, { lanes, lane, size: solver.size })];
        const residual = relativeResidual(problem, 3, u, b);
        expect(residual).toBeLessThan(SINGLE_ROUNDINGS);
        if (solver.size > 40) expect(residual).toBeGreaterThan(100 * 2 ** -53);
      }
    }
  });

  test.each([-1000, -160, -33, 33, 130, 1000])("right-hand sides of size 2^%i give the same digits as those near 1, lane by lane", (exponent) => {
    const kernels = create();
    const solver = kernels.cholesky(problems[11].data, { precision: "single" });
    for (const lanes of allLanes) {
      const factors = plainFactors(lanes, 1);
      const x = random.normalVector(solver.size * lanes).map((value) => value / 8);
      // Each lane's largest entry in [1, 2), so that a power of two brings it there again.
      for (let l = 0; l < lanes; l++) x[7 * lanes + l] = 1.5;
      const scales = Float64Array.from({ length: lanes }, (_, l) => (l % 2 === 0 ? 2 ** exponent : 1));
      const scaled = solveLanes(kernels, { solver, lanes, factors }, x.map((value, i) => value * scales[i % lanes]));
      const near = solveLanes(kernels, { solver, lanes, factors }, x);
      for (let lane = 0; lane < lanes; lane++) {
        const [u, v] = [scaled, near].map((block) => laneOf(block, { lanes, lane, size: solver.size }));
        expect(differingBits(u, v.map((value) => value * scales[lane]))).toBe(0);
      }
    }
    expect([0, Infinity]).toContain(Math.abs(exponent) > 150 ? Math.fround(2 ** exponent) : 0);
  });

  test("maps zero to zero, also beside lanes that are not", () => {
    const kernels = create();
    const solver = kernels.cholesky(problems[12].data, { precision: "single" });
    const x = random.normalVector(solver.size * 4).map((value, i) => (i % 4 === 1 ? 0 : value));
    const out = solveLanes(kernels, { solver, lanes: 4, factors: plainFactors(4, 1) }, x);
    expect(laneOf(out, { lanes: 4, lane: 1, size: solver.size }).every((value) => value === 0)).toBe(true);
    expect(laneOf(out, { lanes: 4, lane: 2, size: solver.size }).every((value) => value !== 0)).toBe(true);
  });

  test("lanes of different shifts have their own factors and scales", () => {
    const kernels = create();
    const problem = problems[11];
    const solver = kernels.cholesky(problem.data, { precision: "single" });
    const factors = { shift: Float64Array.of(5, 1, 1, 2, 1, 1, 2, 9), rhs: Float64Array.of(1, 1e-200, 1, 1, 1e200, 1, 1, 1), neighbour: random.normalVector(8).map((value) => 1e-220 * value) };
    const [x, y] = [random.normalVector(solver.size * 8), random.normalVector(solver.size * 8)];
    const out = solveLanes(kernels, { solver, lanes: 8, factors }, x, y);
    for (let lane = 0; lane < 8; lane++) {
      const b = Float64Array.from({ length: solver.size }, (_, i) => factors.rhs[lane] * x[i * 8 + lane] + factors.neighbour[lane] * y[i * 8 + lane]);
      expect(relativeResidual(problem, factors.shift[lane], laneOf(out, { lanes: 8, lane, size: solver.size }), b)).toBeLessThan(SINGLE_ROUNDINGS);
    }
  });
});
