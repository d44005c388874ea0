import { plainKernels, simdKernels, type CombinationFactors, type Kernels, type Lanes, type SolveFactors } from "@parakkt/kernels";
import { differingBits, roundingBound, seededRandom } from "@parakkt/testing";
import { blockOf, changedEntries, entriesOf, LANES, laneOf, withNaN } from "./lane-blocks.js";

const random = seededRandom(52);
const SIZES = [1, 2, 3, 8, 17, 500];
const shapes = LANES.flatMap((lanes) => SIZES.map((size): [Lanes, number] => [lanes, size]));

interface Case {
  readonly lanes: Lanes;
  readonly eigenvalues: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array | undefined;
  readonly z: Float64Array | undefined;
  readonly combination: CombinationFactors;
  readonly solve: SolveFactors;
}

function randomCase(lanes: Lanes, size: number, withY: boolean, withZ: boolean): Case {
  const vector = (): Float64Array => random.normalVector(lanes * size);
  const [a, b, c, d] = [0, 1, 2, 3].map(() => random.normalVector(lanes));
  const positive = (length: number): Float64Array => random.normalVector(length).map(Math.exp);
  return {
    lanes,
    eigenvalues: positive(size),
    x: vector(),
    y: withY ? vector() : undefined,
    z: withZ ? vector() : undefined,
    combination: { a, b, c, d },
    solve: { shift: withZ ? new Float64Array(lanes).fill(Math.exp(random.normal())) : positive(lanes), rhs: random.normalVector(lanes), neighbour: random.normalVector(lanes) },
  };
}

function casesOf(lanes: Lanes, size: number): Case[] {
  return [0, 1, 2, 3].map((mask) => randomCase(lanes, size, (mask & 1) > 0, (mask & 2) > 0));
}

interface Combined {
  readonly out: Float64Array;
  readonly products: Float64Array;
}

/** `into`: the block that `out` is. */
function combine(kernels: Kernels, { lanes, eigenvalues, x, y, z, combination }: Case, into: "new" | "y" | "z" = "new"): Combined {
  const blocks = { x: blockOf(kernels, x), y: y && blockOf(kernels, y), z: z && blockOf(kernels, z) };
  const fresh = blockOf(kernels, new Float64Array(x.length).fill(NaN));
  const out = (into === "new" ? undefined : blocks[into]) ?? fresh;
  const products = new Float64Array(2 * lanes);
  kernels.diagonal(eigenvalues).combine(lanes, combination, { ...blocks, out }, products);
  return { out: entriesOf(out), products };
}

function combineWithoutProducts(kernels: Kernels, { lanes, eigenvalues, x, y, z, combination }: Case): Float64Array {
  const out = blockOf(kernels, new Float64Array(x.length).fill(NaN));
  kernels.diagonal(eigenvalues).combine(lanes, combination, { x: blockOf(kernels, x), y: y && blockOf(kernels, y), z: z && blockOf(kernels, z), out });
  return entriesOf(out);
}

function solve(kernels: Kernels, { lanes, eigenvalues, x, y, solve: factors }: Case, inPlace = false): Float64Array {
  const [from, fresh] = [blockOf(kernels, x), blockOf(kernels, new Float64Array(x.length).fill(NaN))];
  const out = inPlace ? from : fresh;
  const diagonal = kernels.diagonal(eigenvalues);
  diagonal.prepare(lanes, [...factors.shift]);
  diagonal.solve(lanes, factors, { x: from, y: y && blockOf(kernels, y), out });
  return entriesOf(out);
}

/** The largest defect of out = a x + b µ x + c y + d z, divided by the sum of the magnitudes. */
function combinationDefect({ lanes, eigenvalues, x, y, z, combination: { a, b, c, d } }: Case, out: Float64Array): number {
  let defect = 0;
  for (let i = 0; i < x.length; i++) {
    const l = i % lanes;
    const terms = [a[l] * x[i], b[l] * eigenvalues[Math.floor(i / lanes)] * x[i], c[l] * (y ? y[i] : 0), d[l] * (z ? z[i] : 0)];
    defect = Math.max(defect, Math.abs(terms.reduce((p, q) => p + q) - out[i]) / terms.reduce((sum, term) => sum + Math.abs(term), 0));
  }
  return defect;
}

/** The largest defect of (µ + σ) out = α x + β y, divided by the sum of the magnitudes. */
function solveDefect({ lanes, eigenvalues, x, y, solve: { shift, rhs, neighbour } }: Case, out: Float64Array): number {
  let defect = 0;
  for (let i = 0; i < x.length; i++) {
    const l = i % lanes;
    const terms = [rhs[l] * x[i], neighbour[l] * (y ? y[i] : 0)];
    const left = (eigenvalues[Math.floor(i / lanes)] + shift[l]) * out[i];
    defect = Math.max(defect, Math.abs(left - terms[0] - terms[1]) / (Math.abs(terms[0]) + Math.abs(terms[1])));
  }
  return defect;
}

describe.each<[string, Kernels]>([
  ["simd", simdKernels()],
  ["plain", plainKernels()],
])("the %s diagonal operator", (_, kernels) => {
  test.each(shapes)("of %i lanes of %i dofs combines and solves by its formula; other factors do not", (lanes, size) => {
    for (const problem of casesOf(lanes, size)) {
      expect(combinationDefect(problem, combine(kernels, problem).out)).toBeLessThan(roundingBound(8));
      expect(solveDefect(problem, solve(kernels, problem))).toBeLessThan(roundingBound(8));
      const wrong = { ...problem, combination: { ...problem.combination, b: problem.combination.b.map((b) => b * (1 + 1e-6)) }, eigenvalues: problem.eigenvalues.map((mu) => mu + 1) };
      expect(combinationDefect(problem, combine(kernels, wrong).out)).toBeGreaterThan(roundingBound(8));
      expect(solveDefect(problem, solve(kernels, wrong))).toBeGreaterThan(roundingBound(8));
    }
  });

  test.each(shapes)("of %i lanes of %i dofs gives each lane the bits that it has alone", (lanes, size) => {
    for (const problem of casesOf(lanes, size)) {
      const [{ out, products }, solved] = [combine(kernels, problem), solve(kernels, problem)];
      for (let lane = 0; lane < lanes; lane++) {
        const part = (values: Float64Array): Float64Array => laneOf(lanes, lane, values);
        const { a, b, c, d } = problem.combination;
        const { shift, rhs, neighbour } = problem.solve;
        const factor = (values: Float64Array): Float64Array => values.slice(lane, lane + 1);
        const alone: Case = {
          ...problem,
          ...{ lanes: 1, x: part(problem.x), y: problem.y && part(problem.y), z: problem.z && part(problem.z) },
          combination: { a: factor(a), b: factor(b), c: factor(c), d: factor(d) },
          solve: { shift: factor(shift), rhs: factor(rhs), neighbour: factor(neighbour) },
        };
        const single = combine(kernels, alone);
        expect([differingBits(part(out), single.out), differingBits(products.slice(2 * lane, 2 * lane + 2), single.products)]).toEqual([0, 0]);
        expect(differingBits(part(solved), solve(kernels, alone))).toBe(0);
      }
    }
  });

  test.each(shapes)("of %i lanes of %i dofs: products are those of the vector kernels, and do not change the result", (lanes, size) => {
    for (const problem of casesOf(lanes, size)) {
      const { out, products } = combine(kernels, problem);
      const expected = new Float64Array(2 * lanes);
      kernels.vectors.products(lanes, size, blockOf(kernels, out), blockOf(kernels, problem.z ?? out), expected);
      expect(differingBits(products, expected)).toBe(0);
      expect(differingBits(combineWithoutProducts(kernels, problem), out)).toBe(0);
    }
  });

  test.each(shapes)("of %i lanes of %i dofs may write over y and z, the solve over x", (lanes, size) => {
    const problem = randomCase(lanes, size, true, true);
    const { out, products } = combine(kernels, problem);
    for (const into of ["y", "z"] as const) {
      const over = combine(kernels, problem, into);
      expect([differingBits(over.out, out), differingBits(over.products, products)]).toEqual([0, 0]);
    }
    expect(differingBits(solve(kernels, problem, true), solve(kernels, problem))).toBe(0);
  });

  test.each(LANES)("of %i lanes keeps a NaN in its entry and its lane", (lanes) => {
    const problem = randomCase(lanes, 9, true, true);
    const [at, lane] = [5 * lanes + (lanes - 1), lanes - 1];
    const spoilt = { ...problem, x: withNaN(lanes, lane, 5, problem.x) };
    const [clean, dirty] = [combine(kernels, problem), combine(kernels, spoilt)];
    expect(changedEntries(clean.out, dirty.out)).toEqual([at]);
    expect(changedEntries(clean.products, dirty.products)).toEqual([2 * lane + 1]);
    expect(changedEntries(solve(kernels, problem), solve(kernels, spoilt))).toEqual([at]);
  });
});

test.each(shapes)("simd and plain have the same bits on %i lanes of %i dofs", (lanes, size) => {
  const [simd, plain] = [simdKernels(), plainKernels()];
  for (const problem of casesOf(lanes, size)) {
    const [fast, reference] = [combine(simd, problem), combine(plain, problem)];
    expect([differingBits(fast.out, reference.out), differingBits(fast.products, reference.products)]).toEqual([0, 0]);
    expect(differingBits(solve(simd, problem), solve(plain, problem))).toBe(0);
  }
});
