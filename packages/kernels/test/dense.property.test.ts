import { plainKernels, simdKernels, type Kernels, type MatrixProductData } from "@parakkt/kernels";
import { differingBits, seededRandom } from "@parakkt/testing";

const random = seededRandom(77);
const simd = simdKernels();
const EPSILON = 2 ** -53;

interface Operands {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
}

const extra = 3;

/** Strides beyond the rows for every second case. */
function padded(data: MatrixProductData, pad: number): MatrixProductData {
  const { rows, columns, inner, a, b } = data;
  return {
    ...data,
    a: { ...a, stride: (a?.transposed ? rows : inner) + pad },
    b: { ...b, stride: (b?.transposed ? inner : columns) + pad },
    c: { stride: columns + pad },
  };
}

function randomOperands({ rows, columns, inner }: MatrixProductData, pad: number): Operands {
  const size = (m: number, n: number): number => Math.max((m + pad) * (n + pad), 1);
  return { a: random.normalVector(size(rows, inner)), b: random.normalVector(size(inner, columns)), c: random.normalVector(size(rows, columns)) };
}

/** α Σₖ aᵢₖ bₖⱼ + β cᵢⱼ as the definition has it, and the sum of the moduli of its terms. */
function definition(data: MatrixProductData, { a, b, c }: Operands): { value: Float64Array; magnitude: Float64Array } {
  const { rows, columns, inner, alpha = 1, beta = 0 } = data;
  const entry = (x: Float64Array, operand: MatrixProductData["a"], i: number, j: number): number => (operand!.transposed ? x[j * operand!.stride! + i] : x[i * operand!.stride! + j]);
  const [value, magnitude] = [c.slice(), new Float64Array(c.length)];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * data.c!.stride! + j;
      let [sum, size] = [beta === 0 ? 0 : beta * c[at], beta === 0 ? 0 : Math.abs(beta * c[at])];
      for (let k = 0; k < inner; k++) {
        const term = alpha * entry(a, data.a, i, k) * entry(b, data.b, k, j);
        sum += term;
        size += Math.abs(term);
      }
      value[at] = sum;
      magnitude[at] = size;
    }
  }
  return { value, magnitude };
}

function computed(kernels: Kernels, data: MatrixProductData, { a, b, c }: Operands, inMemory: boolean): Float64Array {
  const placed = [a, b, c].map((x) => {
    const vector = inMemory ? kernels.allocate(x.length) : x.slice();
    vector.set(x);
    return vector;
  });
  kernels.dense.matrixProduct(data).apply(placed[0], placed[1], placed[2]);
  return placed[2].slice();
}

/** Largest error in units of what 2 (inner + 2) roundings of the terms can give. */
function worst(found: Float64Array, data: MatrixProductData, operands: Operands): number {
  const { value, magnitude } = definition(data, operands);
  return found.reduce((most, x, j) => Math.max(most, Math.abs(x - value[j]) / (2 * (data.inner + 2) * EPSILON * magnitude[j] || Number.MIN_VALUE)), 0);
}

const SIZES: [number, number, number][] = [
  [1, 1, 1],
  [4, 4, 4],
  [3, 5, 7],
  [5, 3, 1],
  [8, 4, 300],
  [65, 67, 33],
  [64, 8, 257],
  [7, 515, 40],
  [2, 6, 0],
  [0, 3, 4],
];
const TRANSPOSED = [0, 1, 2, 3].map((bits) => ({ a: { transposed: (bits & 1) !== 0 }, b: { transposed: (bits & 2) !== 0 } }));

describe.each(SIZES)("products of %i × %i with %i inner entries", (rows, columns, inner) => {
  test.each(TRANSPOSED)("are those of the definition in both kernels, from anywhere, and touch nothing else: %j", (operands) => {
    for (const [alpha, beta, pad] of [
      [1, 0, 0],
      [-0.5, 1, extra],
      [2, -3, 0],
      [1, 0, extra],
    ]) {
      const data = padded({ rows, columns, inner, alpha, beta, ...operands }, pad);
      const given = randomOperands(data, pad);
      for (const found of [computed(simd, data, given, true), computed(simd, data, given, false), computed(plainKernels(), data, given, true)]) {
        expect(worst(found, data, given)).toBeLessThan(1);
      }
    }
  });

  test("with β = 0 do not read what was there", () => {
    const data = padded({ rows, columns, inner }, 0);
    const given = { ...randomOperands(data, 0) };
    for (const kernels of [simd, plainKernels()]) {
      const found = computed(kernels, data, { ...given, c: given.c.slice().fill(NaN) }, true);
      expect([...found.subarray(0, rows * columns)].every(Number.isFinite)).toBe(true);
    }
  });
});

test("random sizes agree with the reference, and one wrong entry is seen", () => {
  for (let k = 0; k < 40; k++) {
    const [rows, columns, inner] = [0, 0, 0].map(() => 1 + Math.floor(random.uniform() * 90));
    const data = padded({ rows, columns, inner, alpha: random.normal(), beta: random.normal(), ...TRANSPOSED[k % 4] }, k % 3);
    const given = randomOperands(data, k % 3);
    const found = computed(simd, data, given, k % 2 === 0);
    expect(worst(found, data, given)).toBeLessThan(1);
    found[0] += 1e-10 * (1 + Math.abs(found[0]));
    expect(worst(found, data, given)).toBeGreaterThan(1);
  }
});

describe("a row of the product", () => {
  const [columns, inner] = [37, 301];
  const b = random.normalVector(columns * inner);
  const a = random.normalVector(80 * inner);
  const product = (kernels: Kernels, rows: number, from: Float64Array, transposed: boolean): Float64Array =>
    computed(kernels, padded({ rows, columns, inner, b: { transposed } }, 0), { a: from, b, c: new Float64Array(rows * columns) }, true);

  test.each([true, false])("has the same bits in whatever matrix it comes, B transposed: %s", (transposed) => {
    for (const kernels of [simd, plainKernels()]) {
      const all = product(kernels, 80, a, transposed);
      for (const [first, rows] of [
        [0, 1],
        [3, 4],
        [17, 30],
      ]) {
        const some = product(kernels, rows, a.slice(first * inner, (first + rows) * inner), transposed);
        expect(differingBits(some, all.slice(first * columns, (first + rows) * columns))).toBe(0);
      }
    }
  });
});

test("many products at once have the bits of single ones, from anywhere", () => {
  const count = 5;
  const kernel = simd.dense.matrixProduct({ rows: 3, columns: 6, inner: 9, b: { transposed: true } });
  for (const allocate of [simd.allocate, (length: number) => new Float64Array(length)]) {
    const vectors = (length: number): Float64Array[] =>
      Array.from({ length: count }, () => {
        const x = allocate(length);
        x.set(random.normalVector(length));
        return x;
      });
    const [a, b, c] = [vectors(27), vectors(54), vectors(18)];
    kernel.applyMany(a, b, c);
    const single = allocate(18);
    for (let k = 0; k < count; k++) {
      kernel.apply(a[k], b[k], single);
      expect(differingBits(c[k], single)).toBe(0);
    }
  }
});

test("vectors from before a growth of the memory are still recognised as its own", () => {
  const kernels = simdKernels();
  const [a, b, c] = [16, 16, 16].map(kernels.allocate);
  a.fill(1);
  b.fill(2);
  kernels.allocate(2 ** 20);
  const before = kernels.allocatedDoubles;
  const product = kernels.dense.matrixProduct({ rows: 4, columns: 4, inner: 4 });
  const withWork = kernels.allocatedDoubles;
  product.apply(a, b, c);
  expect(kernels.allocatedDoubles).toBe(withWork);
  expect(withWork).toBeGreaterThan(before);
  expect([...c]).toEqual(Array(16).fill(8));
});

describe("tanh", () => {
  const arguments_ = [...Array.from({ length: 4001 }, (_, j) => (j - 2000) / 97), ...Array.from({ length: 300 }, (_, j) => 10 ** -j), 710, -1e300];
  const of = (kernels: Kernels, x: Float64Array): Float64Array => {
    const y = x.slice();
    kernels.dense.tanh(y);
    return y;
  };

  test("is right to two units in the last place, odd, and ±1 far out", () => {
    const found = of(simd, Float64Array.from(arguments_));
    arguments_.forEach((x, j) => expect(Math.abs(found[j] - Math.tanh(x))).toBeLessThanOrEqual(2 * 2 ** -52 * Math.abs(Math.tanh(x))));
    expect(differingBits(of(simd, Float64Array.from(arguments_, (x) => -x)), found.map((y) => -y))).toBe(0);
    expect([...of(simd, Float64Array.of(Infinity, -Infinity, NaN, 0, -0))]).toEqual([1, -1, NaN, 0, -0]);
  });

  test("has the same bits wherever an entry stands, and in the memory", () => {
    const x = random.normalVector(7);
    const all = of(simd, x);
    x.forEach((value, j) => expect(of(simd, Float64Array.of(value))[0]).toBe(all[j]));
    const inMemory = simd.allocate(7);
    inMemory.set(x);
    simd.dense.tanh(inMemory);
    expect(differingBits(inMemory.slice(), all)).toBe(0);
  });
});
