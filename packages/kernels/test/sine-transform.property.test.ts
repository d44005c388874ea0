import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { seededRandom } from "@parakkt/testing";

const random = seededRandom(31);

/** Axes in reverse order, straight from the definition. */
function transformByDefinition(x: Float64Array, [nx, ny = 1, nz = 1]: readonly number[]): Float64Array {
  const sine = (n: number, j: number, k: number): number => (n === 1 ? 1 : Math.sin((Math.PI * ((j + 1) * (k + 1))) / (n + 1)));
  const out = new Float64Array(x.length);
  for (let kx = 0, i = 0; kx < nx; kx++) {
    for (let ky = 0; ky < ny; ky++) {
      for (let kz = 0; kz < nz; kz++, i++) {
        x.forEach((value, at) => {
          const [jx, jy, jz] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
          out[i] += value * sine(nx, jx, kx) * sine(ny, jy, ky) * sine(nz, jz, kz);
        });
      }
    }
  }
  return out;
}

function vectorOf(kernels: Kernels, values: Float64Array): Float64Array {
  const vector = kernels.allocate(values.length);
  vector.set(values);
  return vector;
}

function transformed(kernels: Kernels, points: readonly number[], values: Float64Array): Float64Array {
  const x = vectorOf(kernels, values);
  kernels.sineTransform(points).apply(x);
  return x;
}

function largestDifference(x: Float64Array, y: Float64Array): number {
  expect(x.length).toBe(y.length);
  return x.reduce((worst, value, i) => Math.max(worst, Math.abs(value - y[i])), 0);
}

/** A sum of `terms` products carries about √terms roundings, a tree of sums fewer. */
const rounding = (points: readonly number[]): number => 8 * Number.EPSILON * points.reduce((a, b) => a * b, 1);

const shapes: number[][] = [[1], [2], [3], [7], [8], [15], [1, 1], [2, 1], [1, 5], [3, 7], [7, 7], [15, 7], [7, 12], [9, 10], [16, 15], [3, 2, 1], [7, 3, 4], [5, 7, 15]];

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("the %s sine transform", (_, create) => {
  test.each(shapes.map((shape) => [shape]))("of %j points is Σ x Π sin(πjk/(n+1)) with the axes reversed", (points) => {
    const x = random.normalVector(points.reduce((a, b) => a * b, 1));
    expect(largestDifference(transformed(create(), points, x), transformByDefinition(x, points))).toBeLessThan(rounding(points));
  });

  test.each([[[31]], [[63, 63]], [[15, 7, 31]], [[20, 31]]])("of %j points twice, scaled, gives back three states", (points) => {
    const size = points.reduce((a, b) => a * b, 1);
    const x = random.normalVector(3 * size);
    const kernels = create();
    const y = vectorOf(kernels, x);
    const { apply, scale } = kernels.sineTransform(points);
    apply(y);
    kernels.sineTransform([...points].reverse()).apply(y);
    expect(largestDifference(y.map((value) => scale * value), x)).toBeLessThan(30 * Number.EPSILON);
  });
});

test.each([[[127]], [[255]], [[511]], [[1023]], [[100]], [[127, 31]], [[31, 127]], [[63, 255]], [[50, 127]], [[31, 15, 63]]])("simd and plain agree on %j points", (points) => {
  const size = points.reduce((a, b) => a * b, 1);
  const x = random.normalVector(11 * size);
  expect(largestDifference(transformed(simdKernels(), points, x), transformed(plainKernels(), points, x))).toBeLessThan(20 * Number.EPSILON * size);
});

/** [block][dof][lane] of states one behind the other. */
function inLanes(states: Float64Array, lanes: number, size: number): Float64Array {
  return Float64Array.from(states, (_, i) => {
    const [lane, dof, block] = [i % lanes, Math.floor(i / lanes) % size, Math.floor(i / (lanes * size))];
    return states[(block * lanes + lane) * size + dof];
  });
}

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("the %s sine transform of blocks", (_, create) => {
  const boxes = [[31], [7, 7], [5, 12], [15, 31], [31, 15], [20, 31], [7, 15, 9], [15, 31, 15]];
  test.each(boxes.flatMap((points) => ([2, 4, 8] as const).map((lanes) => [points, lanes] as const)))("of %j points in %i lanes gives each lane the bits that it has alone", (points, lanes) => {
    const size = points.reduce((a, b) => a * b, 1);
    const states = random.normalVector(2 * lanes * size);
    const kernels = create();
    const blocks = vectorOf(kernels, inLanes(states, lanes, size));
    kernels.sineTransform(points, lanes).apply(blocks, lanes);
    const alone = Array.from({ length: 2 * lanes }, (__, k) => [...transformed(kernels, points, states.subarray(k * size, (k + 1) * size))]).flat();
    expect([...blocks]).toEqual([...inLanes(Float64Array.from(alone), lanes, size)]);
  });

  test("refuses more lanes than it was made for", () => {
    const kernels = create();
    const { apply } = kernels.sineTransform([3, 3], 2);
    expect(() => apply(kernels.allocate(36), 4)).toThrow("made for blocks of fewer than 4 lanes");
  });
});
