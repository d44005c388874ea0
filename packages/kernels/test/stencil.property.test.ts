import { plainKernels, simdKernels, type Block, type CombinationFactors, type ConstantStencilData, type Kernels, type Lanes, type StencilData } from "@parakkt/kernels";
import { differingBits, roundingBound, seededRandom } from "@parakkt/testing";

const random = seededRandom(61);
const lanes: Lanes[] = [1, 2, 4, 8];
const boxes = [[1], [2], [3], [17], [1, 1], [2, 3], [5, 4], [1, 7], [7, 1], [16, 9], [1, 1, 1], [2, 2, 2], [3, 4, 5], [5, 1, 3], [1, 4, 1], [8, 3, 4], [70], [33, 3], [67, 2], [39, 2, 3]];

type Stencil = StencilData | ConstantStencilData;
type Parts = "none" | "y" | "z" | "y and z";

function variableStencil(points: readonly number[]): StencilData {
  const size = points.reduce((a, b) => a * b, 1);
  const couplings = points.map((count, axis) => {
    const stride = points.slice(0, axis).reduce((a, b) => a * b, 1);
    return Float64Array.from({ length: size }, (_, i) => (Math.floor(i / stride) % count > 0 ? 0.5 + random.uniform() : 0));
  });
  return { points, diagonal: Float64Array.from({ length: size }, () => 6 + random.uniform()), couplings };
}

function constantStencil(points: readonly number[]): ConstantStencilData {
  return { points, diagonal: 6.5, coupling: points.map((_, axis) => 1.1 - 0.3 * axis) };
}

const stencils: [string, Stencil][] = boxes.flatMap((points): [string, Stencil][] => [
  [`${points.join("×")}, variable`, variableStencil(points)],
  [`${points.join("×")}, constant`, constantStencil(points)],
]);

function sizeOf({ points }: Stencil): number {
  return points.reduce((a, b) => a * b, 1);
}

/** L x by the definition, point by point. */
function definition(stencil: Stencil, x: Float64Array): Float64Array {
  const { points } = stencil;
  return x.map((_, i) => {
    let sum = ("coupling" in stencil ? stencil.diagonal : stencil.diagonal[i]) * x[i];
    let stride = 1;
    points.forEach((count, axis) => {
      const coupling = (at: number): number => ("coupling" in stencil ? stencil.coupling[axis] : stencil.couplings[axis][at]);
      const coordinate = Math.floor(i / stride) % count;
      if (coordinate > 0) sum -= coupling(i) * x[i - stride];
      if (coordinate < count - 1) sum -= coupling(i + stride) * x[i + stride];
      stride *= count;
    });
    return sum;
  });
}

/** Entries of lane l of a block. */
function lane(values: Float64Array, k: Lanes, l: number): Float64Array {
  return Float64Array.from({ length: values.length / k }, (_, i) => values[i * k + l]);
}

interface Combined {
  readonly out: Float64Array;
  readonly products: Float64Array;
}

interface Input {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly factors: CombinationFactors;
}

function input(size: number, k: Lanes): Input {
  const [x, y, z] = [1, 2, 3].map(() => random.normalVector(size * k));
  const [a, b, c, d] = [1, 2, 3, 4].map(() => random.normalVector(k));
  return { x, y, z, factors: { a, b, c, d } };
}

interface Layout {
  readonly k: Lanes;
  readonly parts: Parts;
  readonly out?: "y" | "z";
  readonly alone?: boolean;
}

/** With memory that is not a number around each block. */
function combined(kernels: Kernels, stencil: Stencil, { x, y, z, factors }: Input, { k, parts, out, alone = false }: Layout): Combined {
  const block = (values?: Float64Array): Block => {
    const data = kernels.allocate(x.length + 2).fill(NaN);
    if (values !== undefined) data.set(values, 1);
    return { data, offset: 1 };
  };
  const blocks = { x: block(x), y: parts.startsWith("y") ? block(y) : undefined, z: parts.endsWith("z") ? block(z) : undefined };
  const target = (out === undefined ? undefined : blocks[out]) ?? block();
  const products = new Float64Array(2 * k);
  kernels.stencil(stencil).combine(k, factors, { ...blocks, out: target }, alone ? undefined : products);
  expect([target.data[0], target.data.at(-1)]).toEqual([NaN, NaN]);
  return { out: target.data.slice(1, -1), products };
}

/** Σ over the even and the odd entries, each in ascending order. */
function parityProducts(x: Float64Array, y: Float64Array): Float64Array {
  const sums = new Float64Array(2);
  x.forEach((value, i) => (sums[i % 2] += value * y[i]));
  return sums;
}

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("the %s stencil", (_, create) => {
  const kernels = create();

  test.each(stencils)("%s: a x + b L x + c y + d z lane by lane", (_name, stencil) => {
    for (const k of lanes) {
      for (const parts of ["none", "y", "z", "y and z"] as const) {
        const given = input(sizeOf(stencil), k);
        const { out } = combined(kernels, stencil, given, { k, parts });
        for (let l = 0; l < k; l++) {
          const [a, b, c, d] = [given.factors.a[l], given.factors.b[l], given.factors.c[l], given.factors.d[l]];
          const [x, y, z] = [given.x, given.y, given.z].map((values) => lane(values, k, l));
          const image = definition(stencil, x);
          const largest = Math.max(...x.map(Math.abs));
          lane(out, k, l).forEach((value, i) => {
            const terms = [a * x[i], b * image[i], parts.startsWith("y") ? c * y[i] : 0, parts.endsWith("z") ? d * z[i] : 0];
            // At most 7 + 3 terms; Σ|L_ij| ≤ 2 · 7.
            expect(Math.abs(value - terms.reduce((sum, term) => sum + term))).toBeLessThan(roundingBound(12) * (14 * Math.abs(b) * largest + terms.reduce((sum, term) => sum + Math.abs(term), 0)));
          });
        }
      }
    }
  });

  test.each(stencils)("%s: products with z, or of the result with itself, even and odd dofs in ascending order", (_name, stencil) => {
    for (const k of lanes) {
      for (const parts of ["y", "y and z"] as const) {
        const given = input(sizeOf(stencil), k);
        const { out, products } = combined(kernels, stencil, given, { k, parts });
        for (let l = 0; l < k; l++) {
          const expected = parityProducts(lane(out, k, l), lane(parts === "y" ? out : given.z, k, l));
          expect(differingBits(products.slice(2 * l, 2 * l + 2), expected)).toBe(0);
        }
      }
    }
  });

  test.each(stencils)("%s: products or not, the result has the same bits", (_name, stencil) => {
    for (const k of lanes) {
      for (const parts of ["none", "y", "z", "y and z"] as const) {
        const given = input(sizeOf(stencil), k);
        const [along, alone] = [false, true].map((without) => combined(kernels, stencil, given, { k, parts, alone: without }));
        expect(differingBits(along.out, alone.out)).toBe(0);
        expect(alone.products.every((value) => value === 0)).toBe(true);
      }
    }
  });

  test.each(stencils)("%s: the result may replace y or z", (_name, stencil) => {
    for (const k of lanes) {
      const given = input(sizeOf(stencil), k);
      const apart = combined(kernels, stencil, given, { k, parts: "y and z" });
      for (const out of ["y", "z"] as const) {
        const inPlace = combined(kernels, stencil, given, { k, parts: "y and z", out });
        expect(differingBits(inPlace.out, apart.out)).toBe(0);
        expect(differingBits(inPlace.products, apart.products)).toBe(0);
      }
    }
  });

  test.each(stencils)("%s: a lane has the same bits in blocks of 1, 2, 4 and 8", (_name, stencil) => {
    const given = input(sizeOf(stencil), 8);
    // Zeros too: their signs count as bits.
    const sparse = { ...given, x: given.x.map((value) => (Math.abs(value) < 0.5 ? 0 * value : value)) };
    for (const parts of ["none", "y", "z", "y and z"] as const) {
      const all = combined(kernels, stencil, sparse, { k: 8, parts });
      for (const k of [1, 2, 4] as const) {
        for (let first = 0; first < 8; first += k) {
          const block = (values: Float64Array): Float64Array => values.filter((_, i) => i % 8 >= first && i % 8 < first + k);
          const factors = { a: block(sparse.factors.a), b: block(sparse.factors.b), c: block(sparse.factors.c), d: block(sparse.factors.d) };
          const part = combined(kernels, stencil, { x: block(sparse.x), y: block(sparse.y), z: block(sparse.z), factors }, { k, parts });
          expect(differingBits(part.out, block(all.out))).toBe(0);
          expect(differingBits(part.products, all.products.slice(2 * first, 2 * (first + k)))).toBe(0);
        }
      }
    }
  });

  test.each(stencils)("%s: a lane beside seven of the same factors, those of a residual too, has the bits that it has alone", (_name, stencil) => {
    const [a, b, c, d] = [1, 2, 3, 4].map(() => random.normal());
    for (const same of [{ a, b, c, d }, { a, b: -1, c: 1, d }]) {
      const inLanes = (k: Lanes): CombinationFactors => {
        const [ofA, ofB, ofC, ofD] = [same.a, same.b, same.c, same.d].map((value) => new Float64Array(k).fill(value));
        return { a: ofA, b: ofB, c: ofC, d: ofD };
      };
      const { x, y, z } = input(sizeOf(stencil), 8);
      const sparse = x.map((value) => (Math.abs(value) < 0.5 ? 0 * value : value));
      for (const parts of ["none", "y", "z", "y and z"] as const) {
        for (const alone of [false, true]) {
          const all = combined(kernels, stencil, { x: sparse, y, z, factors: inLanes(8) }, { k: 8, parts, alone });
          for (const l of [0, 3, 4, 7]) {
            const single = { x: lane(sparse, 8, l), y: lane(y, 8, l), z: lane(z, 8, l), factors: inLanes(1) };
            const part = combined(kernels, stencil, single, { k: 1, parts, alone });
            expect([differingBits(part.out, lane(all.out, 8, l)), differingBits(part.products, all.products.slice(2 * l, 2 * l + 2))]).toEqual([0, 0]);
          }
        }
      }
    }
  });

  test("what is not a number stays in its lane", () => {
    for (const stencil of [variableStencil([6, 5, 4]), constantStencil([7, 6])]) {
      for (const k of [2, 4, 8] as const) {
        const given = input(sizeOf(stencil), k);
        const clean = combined(kernels, stencil, given, { k, parts: "y and z" });
        const x = given.x.map((value, i) => (i % k === k - 1 ? NaN : value));
        const dirty = combined(kernels, stencil, { ...given, x }, { k, parts: "y and z" });
        for (let l = 0; l < k; l++) {
          expect(differingBits(lane(dirty.out, k, l), lane(clean.out, k, l))).toBe(l < k - 1 ? 0 : sizeOf(stencil));
        }
      }
    }
  });

  test("each lane has its own factors: exchanging those of two lanes is noticed", () => {
    const stencil = variableStencil([9, 8]);
    const given = input(sizeOf(stencil), 8);
    const swapped = given.factors.b.slice();
    [swapped[2], swapped[3]] = [swapped[3], swapped[2]];
    const first = combined(kernels, stencil, given, { k: 8, parts: "none" });
    const second = combined(kernels, stencil, { ...given, factors: { ...given.factors, b: swapped } }, { k: 8, parts: "none" });
    for (let l = 0; l < 8; l++) expect(differingBits(lane(first.out, 8, l), lane(second.out, 8, l))).toBe(l === 2 || l === 3 ? sizeOf(stencil) : 0);
  });

  test("needs no memory but its own", () => {
    const operator = kernels.stencil(variableStencil([20, 20]));
    const x = { data: kernels.allocate(3200), offset: 0 };
    const out = { data: kernels.allocate(3200), offset: 0 };
    const before = kernels.allocatedDoubles;
    operator.combine(8, input(1, 8).factors, { x, out }, new Float64Array(16));
    expect(kernels.allocatedDoubles).toBe(before);
  });
});
