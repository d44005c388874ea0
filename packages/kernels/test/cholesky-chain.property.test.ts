import { simdKernels, type Block, type Kernels, type Lanes, type LaneSolver, type SolveFactors } from "@parakkt/kernels";
import { differingBits, seededRandom } from "@parakkt/testing";
import { blockAmongNaN, diffusionProblem, sparseProblem } from "./cholesky-problems.js";

const random = seededRandom(81);
const ROWS = 4;
const problems = [sparseProblem(12, random), sparseProblem(47, random), diffusionProblem([33, 32], random)];
const chainedLanes: Lanes[] = [4, 8];

/** One shift in all lanes; α and β of each lane. */
const factorsOf = (lanes: Lanes, scale: number): SolveFactors => ({
  shift: new Float64Array(lanes).fill(2),
  rhs: random.normalVector(lanes).map((value, l) => (l % 2 ? scale : 1) * value),
  neighbour: random.normalVector(lanes),
});

interface Sweep {
  readonly kernels: Kernels;
  readonly solver: LaneSolver;
  readonly lanes: Lanes;
  readonly factors: readonly SolveFactors[];
}

const values = ({ solver, lanes }: Sweep, block: Block): Float64Array => block.data.slice(block.offset, block.offset + solver.size * lanes);

/** Forward through all rows and back to one row before the first, by `solve`; the forward products. */
function plainSweep({ kernels, solver, lanes, factors }: Sweep, xs: readonly Float64Array[]) {
  const length = solver.size * lanes;
  const products = factors.map(() => new Float64Array(2 * lanes));
  const rows = xs.map((x) => blockAmongNaN(kernels, length, x));
  rows.forEach((out, k) => {
    solver.solve(lanes, factors[k], { x: out, y: rows[k - 1], out });
    kernels.vectors.products(lanes, solver.size, out, out, products[k]);
  });
  for (let k = ROWS - 1; k >= 0; k--) solver.solve(lanes, factors[k], { x: rows[k], y: rows[k + 1], out: rows[k] });
  const beyond = blockAmongNaN(kernels, length);
  solver.solve(lanes, { ...factors[0], rhs: new Float64Array(lanes) }, { x: rows[0], y: rows[0], out: beyond });
  return { rows, beyond, products };
}

/** The same by the chain. */
function chainedSweep(sweep: Sweep, xs: readonly Float64Array[]) {
  const { kernels, solver, lanes, factors } = sweep;
  const length = solver.size * lanes;
  const chain = solver.chain!(lanes)!;
  const products = factors.map(() => new Float64Array(2 * lanes));
  const rows = xs.map((x) => blockAmongNaN(kernels, length, x));
  rows.forEach((row, k) => chain.solve(factors[k], { x: row, kept: row }, k > 0, products[k]));
  for (let k = ROWS - 1; k >= 0; k--) {
    chain.solveKept(factors[k], rows[k], k < ROWS - 1);
    chain.read(rows[k]);
  }
  const beyond = blockAmongNaN(kernels, length);
  chain.solveKept(factors[0], undefined, true);
  chain.read(beyond);
  return { rows, beyond, products, chain };
}

test.each([
  ["ordinary numbers", 1],
  ["numbers beyond single precision in every other lane", 2 ** 300],
  ["numbers below single precision in every other lane", 2 ** -300],
])("the rows of a chain have the bits of separate solves, back and forth: %s", (_, scale) => {
  for (const problem of problems) {
    for (const lanes of chainedLanes) {
      const kernels = simdKernels();
      const solver = kernels.cholesky(problem.data, { precision: "single" });
      solver.prepare(lanes, [2]);
      const sweep = { kernels, solver, lanes, factors: Array.from({ length: ROWS }, (_unused, k) => factorsOf(lanes, k === 1 ? scale : 1)) };
      const xs = sweep.factors.map(() => random.normalVector(solver.size * lanes));
      const [plain, chained] = [plainSweep(sweep, xs), chainedSweep(sweep, xs)];
      plain.rows.forEach((row, k) => expect(differingBits(values(sweep, chained.rows[k]), values(sweep, row))).toBe(0));
      expect(differingBits(values(sweep, chained.beyond), values(sweep, plain.beyond))).toBe(0);
      plain.products.forEach((products, k) => expect(chained.products[k]).toEqual(products));
      // Negative control: without its neighbour the last row is another one.
      sweep.solver.solve(lanes, { ...sweep.factors[3], neighbour: new Float64Array(lanes) }, { x: blockAmongNaN(kernels, xs[3].length, xs[3]), out: plain.rows[3] });
      expect(differingBits(values(sweep, plain.rows[3]), values(sweep, chained.rows[3]))).toBeGreaterThan(0);
    }
  }
});

test("a chain advances x and p with the bits of the vector kernel, and writes nothing beside them", () => {
  for (const lanes of chainedLanes) {
    const kernels = simdKernels();
    const solver = kernels.cholesky(problems[1].data, { precision: "single" });
    solver.prepare(lanes, [2]);
    const sweep = { kernels, solver, lanes, factors: Array.from({ length: ROWS }, () => factorsOf(lanes, 1)) };
    const length = solver.size * lanes;
    const { chain, beyond } = chainedSweep(sweep, sweep.factors.map(() => random.normalVector(length)));
    const [p, x] = [random.normalVector(length), random.normalVector(length)];
    const [alone, chained] = [0, 1].map(() => ({ p: blockAmongNaN(kernels, length, p), x: blockAmongNaN(kernels, length, x) }));
    kernels.vectors.advance({ a: 0.3, b: -1.7 }, { ...alone, z: beyond }, length);
    chain.advance({ a: 0.3, b: -1.7 }, chained);
    for (const name of ["p", "x"] as const) expect(differingBits(chained[name].data, alone[name].data)).toBe(0);
  }
});

test("chains are for single precision and blocks that have room for what is kept", () => {
  const kernels = simdKernels();
  const [double, single] = (["double", "single"] as const).map((precision) => kernels.cholesky(problems[1].data, { precision }));
  expect(double.chain?.(8)).toBeUndefined();
  expect(single.chain?.(2)).toBeUndefined();
  expect(kernels.cholesky(sparseProblem(3, random).data, { precision: "single" }).chain?.(4)).toBeUndefined();
});
