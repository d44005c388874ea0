import { NotPositiveDefiniteError, plainKernels, simdKernels, type Kernels, type Lanes, type SolveFactors } from "@parakkt/kernels";
import { differingBits, seededRandom } from "@parakkt/testing";
import { blockAmongNaN, denseProblem, diffusionProblem, laneOf, relativeResidual, solveLanes, sparseProblem, type CholeskyProblem } from "./cholesky-problems.js";

const random = seededRandom(71);
const allLanes: Lanes[] = [1, 2, 4, 8];

const problems: CholeskyProblem[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 27, 61].map((size) => denseProblem(size, random)),
  ...[2, 5, 13, 30, 31, 57, 90].map((size) => sparseProblem(size, random)),
  ...[[1], [19], [7, 7], [20, 13], [33, 32], [3, 3, 3], [8, 9, 7]].map((points) => diffusionProblem(points, random)),
];

/** Factors of K lanes with the given shifts, one for all lanes if there is one. */
function randomFactors(lanes: Lanes, shifts: readonly number[]): SolveFactors {
  return { shift: Float64Array.from({ length: lanes }, (_, l) => shifts[l] ?? shifts[0]), rhs: random.normalVector(lanes), neighbour: random.normalVector(lanes) };
}

/** The largest relative residual of a lane. A backward stable solve has at most a few times √(rows of a panel) roundings. */
function largestResidual(kernels: Kernels, problem: CholeskyProblem, lanes: Lanes, factors: SolveFactors): number {
  const { size } = problem.data.pattern;
  const [x, y] = [random.normalVector(size * lanes), random.normalVector(size * lanes)];
  const out = solveLanes(kernels, { solver: kernels.cholesky(problem.data), lanes, factors }, x, y);
  const residuals = Array.from({ length: lanes }, (_, l) => {
    const b = Float64Array.from({ length: size }, (_, i) => factors.rhs[l] * x[i * lanes + l] + factors.neighbour[l] * y[i * lanes + l]);
    return relativeResidual(problem, factors.shift[l], laneOf(out, { lanes, lane: l, size }), b);
  });
  return Math.max(...residuals);
}

const ROUNDINGS = 16 * 2 ** -53;

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("%s Cholesky", (_, create) => {
  test.each(problems.map((problem) => [problem.name, problem] as const))("solves with its own α, β in each lane: %s", (_, problem) => {
    for (const lanes of allLanes) for (const shift of [0.25, 1e6]) expect(largestResidual(create(), problem, lanes, randomFactors(lanes, [shift]))).toBeLessThan(ROUNDINGS);
  });

  test.each([[1], [1, 2], [1, 1, 2, 2], [3, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 3], [1, 2, 3, 1, 2, 3, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8]])("solves lanes of different shifts: %p", (...shifts) => {
    for (const problem of [problems[8], problems[16], problems[23]]) {
      for (const lanes of allLanes) expect(largestResidual(create(), problem, lanes, randomFactors(lanes, shifts))).toBeLessThan(ROUNDINGS);
    }
  });

  test("the residual notices a factor of another shift", () => {
    const factors = randomFactors(4, [1]);
    const kernels = create();
    const { data } = problems[16];
    const x = random.normalVector(data.pattern.size * 4);
    const out = solveLanes(kernels, { solver: kernels.cholesky(data), lanes: 4, factors }, x);
    const [u, b] = [out.data, x].map((block, k) => laneOf({ data: block, offset: k === 0 ? out.offset : 0 }, { lanes: 4, lane: 0, size: data.pattern.size }));
    expect(relativeResidual(problems[16], 1, u, b.map((value) => factors.rhs[0] * value))).toBeLessThan(ROUNDINGS);
    expect(relativeResidual(problems[16], 1 + 1e-9, u, b.map((value) => factors.rhs[0] * value))).toBeGreaterThan(ROUNDINGS);
  });

  test.each(allLanes)("the output may be x, also when shifts differ: %i lanes", (lanes) => {
    const { data } = problems[22];
    for (const shifts of [[2], [2, 3, 3, 4, 3, 3, 3, 4]]) {
      const kernels = create();
      const [solver, factors] = [kernels.cholesky(data), randomFactors(lanes, shifts)];
      const [x, y] = [random.normalVector(solver.size * lanes), random.normalVector(solver.size * lanes)];
      const apart = solveLanes(kernels, { solver, lanes, factors }, x, y);
      const inPlace = blockAmongNaN(kernels, x.length, x);
      solver.solve(lanes, factors, { x: inPlace, y: blockAmongNaN(kernels, y.length, y), out: inPlace });
      expect(differingBits(inPlace.data, apart.data)).toBe(0);
    }
  });

  test("NaN in one lane stays in this lane", () => {
    const { data } = problems[23];
    for (const precision of ["double", "single"] as const) {
      for (const shifts of [[1], [1, 1, 5, 5, 1, 1, 7, 1]]) {
        const kernels = create();
        const solver = kernels.cholesky(data, { precision });
        const factors = randomFactors(8, shifts);
        const x = random.normalVector(solver.size * 8);
        const clean = solveLanes(kernels, { solver, lanes: 8, factors }, x);
        x[8 * 40 + 2] = NaN;
        const poisoned = solveLanes(kernels, { solver, lanes: 8, factors }, x);
        for (let lane = 0; lane < 8; lane++) {
          const [a, b] = [clean, poisoned].map((block) => laneOf(block, { lanes: 8, lane, size: solver.size }));
          if (lane === 2) expect(b.every(Number.isNaN)).toBe(true);
          else expect(differingBits(a, b)).toBe(0);
        }
      }
    }
  });

  test("names the pivot of a matrix that is not positive definite, and can go on", () => {
    const { data, matrix } = problems[20];
    const solver = create().cholesky(data);
    const smallest = matrix.values.reduce((least, value) => Math.min(least, value), 0);
    expect(() => solver.prepare(1, [1e-3, -1e4])).toThrow(NotPositiveDefiniteError);
    expect(() => solver.prepare(1, [10 * smallest])).toThrow(/not positive definite at pivot \d+: -/);
    expect(() => solver.prepare(1, [1])).not.toThrow();
  });

  test("refuses a shift that has not been prepared, and allocates nothing in solves", () => {
    const kernels = create();
    const solver = kernels.cholesky(problems[20].data);
    const block = { data: kernels.allocate(8 * solver.size), offset: 0 };
    solver.prepare(8, [1, 2]);
    const before = kernels.allocatedDoubles;
    for (const lanes of allLanes) solver.solve(lanes, randomFactors(lanes, [1, 2, 1, 1]), { x: block, out: block });
    solver.prepare(4, [2, 1]);
    expect(kernels.allocatedDoubles).toBe(before);
    expect(() => solver.solve(2, randomFactors(2, [1, 5]), { x: block, out: block })).toThrow(RangeError);
  });
});

test.each(problems.map((problem) => [problem.name, problem] as const))("simd and plain agree: %s", (_, problem) => {
  const [shift, smallest] = [10, problem.name.startsWith("diffusion") ? 0 : 0.5];
  for (const lanes of allLanes) {
    const factors = randomFactors(lanes, [shift]);
    const x = random.normalVector(problem.data.pattern.size * lanes);
    const [fast, plain] = [simdKernels(), plainKernels()].map((kernels) => solveLanes(kernels, { solver: kernels.cholesky(problem.data), lanes, factors }, x));
    for (let lane = 0; lane < lanes; lane++) {
      const [u, v] = [fast, plain].map((block) => laneOf(block, { lanes, lane, size: problem.data.pattern.size }));
      // Both leave a residual of a few roundings, and ‖(A + σI)⁻¹‖∞ ≤ 1/(σ + what the diagonal exceeds the row sums by).
      const bound = (2 * ROUNDINGS * (problem.norm + shift)) / (shift + smallest);
      const difference = Math.max(...u.map((value, i) => Math.abs(value - v[i])));
      expect(difference).toBeLessThanOrEqual(bound * Math.max(...v.map(Math.abs)));
    }
  }
});

test("simd and plain stop at the same pivot", () => {
  const { data, matrix, norm } = problems[22];
  const rejection = (kernels: Kernels, shift: number): NotPositiveDefiniteError | undefined => {
    try {
      kernels.cholesky(data).prepare(1, [shift]);
    } catch (error) {
      if (error instanceof NotPositiveDefiniteError) return error;
      throw error;
    }
    return undefined;
  };
  const pivots = [3e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2].map((share) => {
    const [fast, plain] = [simdKernels(), plainKernels()].map((kernels) => rejection(kernels, -share * norm)!);
    expect(fast.pivot).toBe(plain.pivot);
    expect(Math.abs(fast.value - plain.value)).toBeLessThan(1e-9 * norm);
    return fast.pivot;
  });
  expect(new Set(pivots).size).toBeGreaterThan(2);
  expect(matrix.values.every(Number.isFinite) && rejection(simdKernels(), 0)).toBe(undefined);
});

test("all lanes take the same numbers: K lanes are K solves of one", () => {
  const { data } = problems[23];
  const kernels = simdKernels();
  const solver = kernels.cholesky(data);
  const one = random.normalVector(solver.size);
  for (const lanes of allLanes) {
    const factors = { shift: new Float64Array(lanes).fill(1), rhs: new Float64Array(lanes).fill(1), neighbour: new Float64Array(lanes) };
    const x = Float64Array.from({ length: solver.size * lanes }, (_, i) => one[Math.floor(i / lanes)]);
    const out = solveLanes(kernels, { solver, lanes, factors }, x);
    const first = laneOf(out, { lanes, lane: 0, size: solver.size });
    for (let lane = 1; lane < lanes; lane++) expect(differingBits(first, laneOf(out, { lanes, lane, size: solver.size }))).toBe(0);
  }
});
