import { plainKernels, simdKernels, type Block, type Kernels, type Lanes, type VectorKernels } from "@parakkt/kernels";
import { differingBits, roundingBound, seededRandom } from "@parakkt/testing";
import { blockOf, changedEntries, entriesOf, LANES, laneOf, withNaN } from "./lane-blocks.js";

const random = seededRandom(51);
const SIZES = [1, 2, 3, 7, 16, 33, 1001];
const shapes = LANES.flatMap((lanes) => SIZES.map((size): [Lanes, number] => [lanes, size]));

interface Arguments {
  readonly lanes: Lanes;
  readonly size: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

function randomArguments(lanes: Lanes, size: number): Arguments {
  const [x, y] = [random.normalVector(lanes * size), random.normalVector(lanes * size)];
  return { lanes, size, x, y, a: random.normalVector(lanes), b: random.normalVector(lanes) };
}

interface Blocks {
  readonly x: Block;
  readonly y: Block;
  readonly products: Float64Array;
}

type Operation = (vectors: VectorKernels, args: Arguments, blocks: Blocks) => void;

const operations: Record<string, Operation> = {
  axpy: (vectors, { lanes, size, a }, { x, y }) => vectors.axpy(a[0], x, y, lanes * size),
  xpay: (vectors, { lanes, size, a }, { x, y }) => vectors.xpay(x, a[0], y, lanes * size),
  "advance p": (vectors, { lanes, size, a, b }, { x, y }) => vectors.advance({ a: a[0], b: b[0] }, { x: y, p: x, z: y }, lanes * size),
  "combine into x": (vectors, { lanes, size, a, b }, { x, y }) => vectors.combine(lanes, size, { a, b }, { x, y, out: x }),
  "combine into y": (vectors, { lanes, size, a, b }, { x, y }) => vectors.combine(lanes, size, { a, b }, { x, y, out: y }),
  separate: (vectors, { lanes, size }, { x, y }) => vectors.separate(lanes, size, x, y),
  join: (vectors, { lanes, size }, { x, y }) => vectors.join(lanes, size, x, y),
  products: (vectors, { lanes, size }, { x, y, products }) => vectors.products(lanes, size, x, y, products),
  axpyProducts: (vectors, { lanes, size, a }, { x, y, products }) => vectors.axpyProducts(lanes, size, a[0], x, y, products),
};

/** These move the entries of a lane. */
const TRANSPOSITIONS = ["separate", "join"];

interface Result {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly products: Float64Array;
}

function run(kernels: Kernels, operation: Operation, args: Arguments): Result {
  const [x, y, products] = [blockOf(kernels, args.x), blockOf(kernels, args.y), new Float64Array(2 * args.lanes)];
  operation(kernels.vectors, args, { x, y, products });
  return { x: entriesOf(x), y: entriesOf(y), products };
}

function differences(one: Result, other: Result): number {
  return differingBits(one.x, other.x) + differingBits(one.y, other.y) + differingBits(one.products, other.products);
}

/** What an operation must give, entry by entry: the order of its operations is fixed. */
const expected: Record<string, (args: Arguments, i: number) => number> = {
  axpy: ({ x, y, a }, i) => y[i] + a[0] * x[i],
  xpay: ({ x, y, a }, i) => x[i] + a[0] * y[i],
  "combine into x": ({ x, y, a, b, lanes }, i) => a[i % lanes] * x[i] + b[i % lanes] * y[i],
  "combine into y": ({ x, y, a, b, lanes }, i) => a[i % lanes] * x[i] + b[i % lanes] * y[i],
  separate: ({ x, lanes, size }, i) => x[(i % size) * lanes + Math.floor(i / size)],
  join: ({ x, lanes, size }, i) => x[(i % lanes) * size + Math.floor(i / lanes)],
  axpyProducts: ({ x, y, a }, i) => y[i] + a[0] * x[i],
};

describe.each<[string, Kernels]>([
  ["simd", simdKernels()],
  ["plain", plainKernels()],
])("the %s vector kernels", (_, kernels) => {
  test.each(Object.keys(expected))("%s has the bits of its formula and leaves the rest alone", (name) => {
    for (const [lanes, size] of shapes) {
      const args = randomArguments(lanes, size);
      const values = args.x.map((_value, i) => expected[name](args, i));
      const result = run(kernels, operations[name], args);
      const [out, other, before] = name === "combine into x" ? [result.x, result.y, args.y] : [result.y, result.x, args.x];
      expect([differingBits(out, values), differingBits(other, before)]).toEqual([0, 0]);
    }
  });

  test.each(shapes)("products of %i lanes of %i dofs are the scalar products of each lane", (lanes, size) => {
    const args = randomArguments(lanes, size);
    const { products } = run(kernels, operations.products, args);
    for (let lane = 0; lane < lanes; lane++) {
      const [x, y] = [laneOf(lanes, lane, args.x), laneOf(lanes, lane, args.y)];
      for (const parity of [0, 1]) {
        const terms = x.map((value, j) => value * y[j]).filter((_term, j) => j % 2 === parity);
        const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        const exact = [...terms].sort((p, q) => Math.abs(p) - Math.abs(q)).reduce((sum, term) => sum + term, 0);
        expect(Math.abs(products[2 * lane + parity] - exact)).toBeLessThanOrEqual(2 * roundingBound(size) * magnitude);
      }
    }
  });

  test.each(shapes)("products of %i lanes of %i dofs have the bits that each lane has alone", (lanes, size) => {
    const args = randomArguments(lanes, size);
    for (const name of ["products", "axpyProducts"]) {
      const { products } = run(kernels, operations[name], args);
      for (let lane = 0; lane < lanes; lane++) {
        const alone = { ...args, lanes: 1 as const, x: laneOf(lanes, lane, args.x), y: laneOf(lanes, lane, args.y) };
        expect(differingBits(products.subarray(2 * lane, 2 * lane + 2), run(kernels, operations[name], alone).products)).toBe(0);
      }
    }
  });

  test.each(shapes)("axpyProducts of %i lanes of %i dofs is axpy, then products", (lanes, size) => {
    const args = randomArguments(lanes, size);
    const fused = run(kernels, operations.axpyProducts, args);
    const { y } = run(kernels, operations.axpy, args);
    expect(differences(fused, { x: args.x, y, products: run(kernels, operations.products, { ...args, x: y, y }).products })).toBe(0);
  });

  test.each(shapes)("multiProducts of %i lanes of %i dofs have the bits of products, for any number of vectors", (lanes, size) => {
    for (const count of [1, 3, 4, 9, 35]) {
      const { y } = randomArguments(lanes, size);
      const vectors = Array.from({ length: count }, () => blockOf(kernels, random.normalVector(lanes * size)));
      const place = blockOf(kernels, y);
      const products = new Float64Array(2 * lanes * count);
      kernels.vectors.multiProducts(lanes, size, vectors.map(({ data }) => data), count, place, products);
      vectors.forEach((x, k) => {
        const single = new Float64Array(2 * lanes);
        kernels.vectors.products(lanes, size, x, place, single);
        expect(differingBits(products.subarray(2 * lanes * k, 2 * lanes * (k + 1)), single)).toBe(0);
      });
    }
  });

  test.each(LANES)("of %i lanes keep a NaN in its lane", (lanes) => {
    const args = randomArguments(lanes, 9);
    const lane = lanes - 1;
    for (const name of Object.keys(operations).filter((name) => !TRANSPOSITIONS.includes(name))) {
      const [clean, spoilt] = [run(kernels, operations[name], args), run(kernels, operations[name], { ...args, x: withNaN(lanes, lane, 4, args.x) })];
      for (const field of ["x", "y"] as const) {
        expect(changedEntries(clean[field], spoilt[field]).every((i) => i === 4 * lanes + lane)).toBe(true);
      }
      expect(differingBits(clean.products.subarray(0, 2 * lane), spoilt.products.subarray(0, 2 * lane))).toBe(0);
    }
  });
});

test("simd and plain products have the same bits, and another order of summation has not", () => {
  const [simd, plain] = [simdKernels(), plainKernels()];
  for (const [lanes, size] of shapes) {
    const args = randomArguments(lanes, size);
    for (const operation of Object.values(operations)) expect(differences(run(simd, operation, args), run(plain, operation, args))).toBe(0);
  }
  const args = randomArguments(1, 1001);
  const reversed = { ...args, x: args.x.slice().reverse(), y: args.y.slice().reverse() };
  expect(differences(run(simd, operations.products, args), { ...args, products: run(plain, operations.products, reversed).products })).toBeGreaterThan(0);
});
