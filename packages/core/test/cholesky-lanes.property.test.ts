import { choleskySolver, diffusionOperator, InvalidArgumentError } from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { differingBits, seededRandom } from "@parakkt/testing";
import { backwardError, inclusion, minus, norm2, smoothDiffusivity, solved, unitGrid } from "./spatial-cases.js";

const random = seededRandom(52);
const shifts = Float64Array.of(2, 2, 500, 2);
const factors = { shift: shifts, rhs: Float64Array.of(1, 2, -1, 0.5), neighbour: new Float64Array(4) };

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("Cholesky on lanes of the %s kernels", (_, create) => {
  test.each([["smooth ν", smoothDiffusivity], ["an inclusion", inclusion]] as const)("solves what the solver solves: %s", (_name, nu) => {
    const operator = diffusionOperator(unitGrid(24, 17), nu);
    const kernels = create();
    const solver = choleskySolver(operator);
    const lanes = solver.lanes(kernels);
    const x = { data: kernels.allocate(4 * lanes.size), offset: 0 };
    const out = { data: kernels.allocate(4 * lanes.size), offset: 0 };
    x.data.set(random.normalVector(4 * lanes.size));
    lanes.prepare(4, [...shifts]);
    lanes.solve(4, factors, { x, out });
    for (let l = 0; l < 4; l++) {
      const rhs = Float64Array.from({ length: lanes.size }, (_value, i) => factors.rhs[l] * x.data[4 * i + l]);
      const u = Float64Array.from({ length: lanes.size }, (_value, i) => out.data[4 * i + l]);
      expect(backwardError(operator, { shift: shifts[l], x: u, rhs })).toBeLessThan(64 * 2 ** -53);
      // Away from the solution of another shift, close to that of its own.
      expect(norm2(minus(u, solved(solver, shifts[l], rhs)))).toBeLessThan(1e-9 * norm2(u));
      expect(norm2(minus(u, solved(solver, shifts[l] + 1, rhs)))).toBeGreaterThan(1e-6 * norm2(u));
    }
  });

  test("gives a lane the same bits alone, among lanes of its shift and among lanes of other shifts", () => {
    const kernels = create();
    const solver = choleskySolver(diffusionOperator(unitGrid(24, 17), smoothDiffusivity)).lanes(kernels);
    const rhs = random.normalVector(solver.size);
    const solutions = ([1, 2, 4, 8] as const).flatMap((lanes) =>
      [new Float64Array(lanes).fill(2), Float64Array.from({ length: lanes }, (_value, l) => (l === 0 ? 2 : 3))].map((shift) => {
        const block = { data: kernels.allocate(lanes * solver.size), offset: 0 };
        rhs.forEach((value, i) => block.data.fill(value, lanes * i, lanes * i + lanes));
        solver.prepare(lanes, [...shift]);
        solver.solve(lanes, { shift, rhs: new Float64Array(lanes).fill(1), neighbour: new Float64Array(lanes) }, { x: block, out: block });
        return Float64Array.from({ length: solver.size }, (_value, i) => block.data[lanes * i]);
      }),
    );
    for (const solution of solutions) expect(differingBits(solution, solutions[0])).toBe(0);
  });

  test("solves a lane that is always alone to the same backward error, in the order of a single lane", () => {
    const operator = diffusionOperator(unitGrid(24, 17), smoothDiffusivity);
    const kernels = create();
    const solver = choleskySolver(operator).lanes(kernels);
    const rhs = random.normalVector(solver.size);
    const block = { data: kernels.allocate(solver.size), offset: 0 };
    block.data.set(rhs);
    solver.prepare(1, [2]);
    solver.solve(1, { shift: Float64Array.of(2), rhs: Float64Array.of(1), neighbour: Float64Array.of(0), alone: true }, { x: block, out: block });
    expect(backwardError(operator, { shift: 2, x: block.data, rhs })).toBeLessThan(64 * 2 ** -53);
    expect(backwardError(operator, { shift: 2.001, x: block.data, rhs })).toBeGreaterThan(64 * 2 ** -53);
  });

  test("a shift that makes the matrix indefinite is an invalid argument that names the unknown", () => {
    const lanes = choleskySolver(diffusionOperator(unitGrid(9, 9), 1)).lanes(create());
    expect(() => lanes.prepare(1, [-1e4])).toThrow(InvalidArgumentError);
    expect(() => lanes.prepare(1, [-1e4])).toThrow(/choleskySolver.lanes.*at pivot 0 \(unknown \d+\).*got -/);
  });

  test("single precision rounds to single precision on lanes, and is exact but for that", () => {
    const operator = diffusionOperator(unitGrid(24, 17), 1);
    const kernels = create();
    const solver = choleskySolver(operator, { precision: "single" });
    expect([solver.exact, choleskySolver(operator).exact]).toEqual([true, true]);
    const lanes = solver.lanes(kernels);
    const rhs = random.normalVector(lanes.size);
    const block = { data: kernels.allocate(lanes.size), offset: 0 };
    block.data.set(rhs);
    lanes.prepare(1, [1]);
    lanes.solve(1, { shift: Float64Array.of(1), rhs: Float64Array.of(1), neighbour: Float64Array.of(0) }, { x: block, out: block });
    const error = backwardError(operator, { shift: 1, x: block.data, rhs });
    expect(error).toBeLessThan(64 * 2 ** -24);
    expect(error).toBeGreaterThan(64 * 2 ** -53);
  });
});
