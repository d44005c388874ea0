import { plainKernels, simdKernels, type Kernels, type Lanes, type ModalSchurProblem, type ModalSchurRow } from "@parakkt/kernels";
import { differingBits, dot, euclideanNorm, relativeDistance, roundingBound, seededRandom } from "@parakkt/testing";
import { changedEntries } from "./lane-blocks.js";

const random = seededRandom(53);
const ONE: Lanes = 1;

/** Rows of the exact-in-time matching on the whole interval, τₖ of any size (TAP.4). */
function matchingRows(sizes: ArrayLike<number>, rate: number): ModalSchurRow[] {
  const rows: ModalSchurRow[] = [];
  let before = Infinity;
  for (let k = 0; k < sizes.length; k++) {
    const size = sizes[k];
    const ratio = k > 0 ? size / sizes[k - 1] : 0;
    const diagonal = Math.sqrt(1 + (rate * size) ** 2 + ratio * (1 - 1 / (before * before)));
    rows.push({ size, control: rate ** 2 * size, shift: diagonal / size, rhs: 1 / Math.sqrt(size), neighbour: Math.sqrt(ratio) / (before * size) });
    before = diagonal;
  }
  return rows;
}

function randomProblem(modes: number, steps: number): ModalSchurProblem {
  const sizes = random.normalVector(steps).map((value) => 0.1 * Math.exp(value));
  return { eigenvalues: random.normalVector(modes).map((value) => Math.exp(3 * value)), rows: matchingRows(sizes, 3) };
}

/** A copy in the memory of `kernels`. */
function inMemory(kernels: Kernels, values: Float64Array): Float64Array {
  const vector = kernels.allocate(values.length);
  vector.set(values);
  return vector;
}

function randomVector(kernels: Kernels, { eigenvalues, rows }: ModalSchurProblem): Float64Array {
  return inMemory(kernels, random.normalVector(eigenvalues.length * rows.length));
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
/** Modes beyond 8192 make a second block. */
const shapes: [number, number][] = [[1, 1], [1, 6], [2, 1], [2, 5], [3, 2], [31, 20], [32, 33], [8193, 3], [16389, 2]];

describe.each<[string, Kernels]>([
  ["simd", simdKernels()],
  ["plain", plainKernels()],
])("%s conjugate gradients in the modes", (_, kernels) => {
  const allocate = (problem: ModalSchurProblem): Float64Array => kernels.allocate(problem.eigenvalues.length * problem.rows.length);

  /** S x by the diagonal operator, row by row. */
  const applyByRows = ({ eigenvalues, rows }: ModalSchurProblem, x: Float64Array): Float64Array => {
    const modes = eigenvalues.length;
    const operator = kernels.diagonal(eigenvalues);
    const [out, t] = [kernels.allocate(x.length), kernels.allocate(x.length)];
    const factors = (values: number[]): Record<"a" | "b" | "c" | "d", Float64Array> => {
      const [a, b, c, d] = values.map((value) => Float64Array.of(value));
      return { a, b, c, d };
    };
    const row = (data: Float64Array, k: number) => (k >= 0 && k < rows.length ? { data, offset: k * modes } : undefined);
    rows.forEach(({ size, control }, k) => {
      operator.combine(ONE, factors([1 / size, 1, -1 / size, 0]), { x: row(x, k)!, y: row(x, k + 1), out: row(t, k)! });
      operator.combine(ONE, factors([1, size, -1, control]), { x: row(t, k)!, y: row(t, k - 1), z: row(x, k), out: row(out, k)! });
    });
    return out;
  };
  const productsByRows = ({ eigenvalues, rows }: ModalSchurProblem, x: Float64Array, y: Float64Array): Float64Array => {
    const all = new Float64Array(2 * rows.length);
    rows.forEach((_row, k) => {
      const offset = k * eigenvalues.length;
      kernels.vectors.products(ONE, eigenvalues.length, { data: x, offset }, { data: y, offset }, all.subarray(2 * k, 2 * k + 2));
    });
    return all;
  };

  test.each(shapes)("S of %i modes and %i steps is the tridiagonal matrix of the Schur complement", (modes, steps) => {
    const problem = randomProblem(modes, steps);
    const [x, out] = [randomVector(kernels, problem), allocate(problem)];
    kernels.modalConjugateGradients(problem).apply(x, out);
    let defect = 0;
    for (let i = 0; i < x.length; i++) {
      const [k, mu] = [Math.floor(i / modes), problem.eigenvalues[i % modes]];
      const { size, control } = problem.rows[k];
      const [e, before] = [1 + size * mu, k > 0 ? problem.rows[k - 1].size : Infinity];
      const terms = [((e * e) / size) * x[i], x[i] / before, control * x[i], -(e / size) * (x[i + modes] ?? 0), -((1 + before * mu) / before) * (x[i - modes] ?? 0)];
      if (k === 0) terms.pop();
      defect = Math.max(defect, Math.abs(terms.reduce((a, b) => a + b) - out[i]) / terms.reduce((a, b) => a + Math.abs(b), 0));
    }
    expect(defect).toBeLessThan(roundingBound(16));
  });

  test.each(shapes)("S of %i modes and %i steps has the bits of the diagonal operator row by row; without control it has not", (modes, steps) => {
    const problem = randomProblem(modes, steps);
    const [x, out] = [randomVector(kernels, problem), allocate(problem)];
    kernels.modalConjugateGradients(problem).apply(x, out);
    expect(differingBits(out, applyByRows(problem, x))).toBe(0);
    const uncontrolled = { ...problem, rows: problem.rows.map((row) => ({ ...row, control: 0 })) };
    expect(differingBits(out, applyByRows(uncontrolled, x))).toBeGreaterThan(0);
  });

  test.each(shapes)("products over %i modes and %i steps have the bits of the vector kernels", (modes, steps) => {
    const problem = randomProblem(modes, steps);
    const gradients = kernels.modalConjugateGradients(problem);
    const [x, y, p] = [0, 1, 2].map(() => randomVector(kernels, problem));
    const products = new Float64Array(2 * steps);
    gradients.begin(y, products);
    expect(differingBits(products, productsByRows(problem, y, y))).toBe(0);
    for (const beta of [0, 0.7]) {
      gradients.turn(beta, y, p, products);
      expect(differingBits(products, productsByRows(problem, p, applyByRows(problem, p)))).toBe(0);
    }
    gradients.advance(0.3, { x, y, p }, { preconditioned: products, residual: new Float64Array(2 * steps) });
    expect(differingBits(products, productsByRows(problem, y, y))).toBe(0);
  });

  test.each(shapes)("of %i modes and %i steps: y·y is rᵀM⁻¹r, and r comes back from y", (modes, steps) => {
    const problem = randomProblem(modes, steps);
    const gradients = kernels.modalConjugateGradients(problem);
    const r = random.normalVector(modes * steps);
    const [x, y, z] = [allocate(problem), inMemory(kernels, r), allocate(problem).fill(NaN)];
    const [preconditioned, residual] = [new Float64Array(2 * steps), new Float64Array(2 * steps)];
    gradients.begin(y, preconditioned);
    gradients.turn(0, y, z, new Float64Array(2 * steps));
    const expected = dot(r, z);
    expect(Math.abs(sum(preconditioned) - expected) / expected).toBeLessThan(1e-12);
    gradients.advance(0, { x, y, p: z }, { preconditioned, residual });
    expect(Math.abs(sum(residual) / euclideanNorm(r) ** 2 - 1)).toBeLessThan(1e-12);
    expect(sum(x.map(Math.abs))).toBe(0);
  });

  test.each([[7, 40], [50, 25]])("of %i modes and %i steps converge to the solution as fast as a spectrum in [½, 2] allows", (modes, steps) => {
    const problem = randomProblem(modes, steps);
    const solution = random.normalVector(modes * steps);
    const rhs = allocate(problem);
    const gradients = kernels.modalConjugateGradients(problem);
    gradients.apply(inMemory(kernels, solution), rhs);
    const { x, norms } = solve(kernels, problem, rhs, 25);
    expect(relativeDistance(x, solution)).toBeLessThan(1e-11);
    const image = allocate(problem);
    gradients.apply(x, image);
    const trueNorm = euclideanNorm(rhs.map((value, i) => value - image[i]));
    expect(trueNorm).toBeLessThan(1e-12 * euclideanNorm(rhs));
    const early = solve(kernels, problem, rhs, 4);
    gradients.apply(early.x, image);
    expect(Math.abs(euclideanNorm(rhs.map((value, i) => value - image[i])) / early.norms[4] - 1)).toBeLessThan(1e-9);
    expect(norms[20] / norms[0]).toBeLessThan(1e-6);
  });

  test("a wrong M = FFᵀ converges more slowly", () => {
    const problem = randomProblem(20, 40);
    const rhs = inMemory(kernels, random.normalVector(800));
    const wrong = { ...problem, rows: problem.rows.map((row) => ({ ...row, neighbour: 0 })) };
    const [right, slow] = [problem, wrong].map((each) => solve(kernels, each, rhs, 12).norms[12]);
    expect(slow).toBeGreaterThan(10 * right);
  });

  test.each([[8, 2], [9, 8]])("of %i modes keep a NaN in its mode %i", (modes, mode) => {
    const problem = randomProblem(modes, 6);
    const gradients = kernels.modalConjugateGradients(problem);
    const vectors = [0, 1, 2].map(() => random.normalVector(6 * modes));
    const [clean, spoilt] = [false, true].map((spoil) => {
      const [x, y, p] = vectors.map((vector) => inMemory(kernels, vector));
      if (spoil) y[3 * modes + mode] = NaN;
      const [turned, preconditioned, residual] = [0, 1, 2].map(() => new Float64Array(12));
      gradients.begin(y, preconditioned);
      gradients.turn(0.5, y, p, turned);
      gradients.advance(0.5, { x, y, p }, { preconditioned, residual });
      return { vectors: [x, y, p], products: [turned, preconditioned, residual] };
    });
    for (const v of [0, 1, 2]) {
      const changed = changedEntries(clean.vectors[v], spoilt.vectors[v]);
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.every((i) => i % modes === mode)).toBe(true);
      expect(changedEntries(clean.products[v], spoilt.products[v]).every((i) => i % 2 === mode % 2)).toBe(true);
    }
  });
});

interface Solved {
  readonly x: Float64Array;
  /** ‖rₖ‖₂ */
  readonly norms: number[];
}

/** Conjugate gradients from x = 0. */
function solve(kernels: Kernels, problem: ModalSchurProblem, rhs: Float64Array, iterations: number): Solved {
  const gradients = kernels.modalConjugateGradients(problem);
  const [x, y, p] = [kernels.allocate(rhs.length), inMemory(kernels, rhs), kernels.allocate(rhs.length).fill(NaN)];
  const [preconditioned, residual, curvature] = [0, 1, 2].map(() => new Float64Array(2 * problem.rows.length));
  gradients.begin(y, preconditioned);
  const norms = [euclideanNorm(rhs)];
  let [rho, beta] = [sum(preconditioned), 0];
  for (let k = 0; k < iterations; k++) {
    gradients.turn(beta, y, p, curvature);
    gradients.advance(rho / sum(curvature), { x, y, p }, { preconditioned, residual });
    beta = sum(preconditioned) / rho;
    rho = sum(preconditioned);
    norms.push(Math.sqrt(sum(residual)));
  }
  return { x, norms };
}

test.each(shapes)("simd and plain have the same bits on %i modes and %i steps, and write nowhere else", (modes, steps) => {
  const problem = randomProblem(modes, steps);
  const vectors = [0, 1, 2].map(() => random.normalVector(modes * steps));
  const [fast, plain] = [simdKernels(), plainKernels()].map((kernels) => {
    const gradients = kernels.modalConjugateGradients(problem);
    const whole = kernels.allocate(3 * (modes * steps + 3)).fill(NaN);
    const [x, y, p] = vectors.map((vector, v) => {
      const part = whole.subarray(v * (vector.length + 3) + 1, v * (vector.length + 3) + 1 + vector.length);
      part.set(vector);
      return part;
    });
    const [turned, preconditioned, residual] = [0, 1, 2].map(() => new Float64Array(2 * steps));
    gradients.begin(y, preconditioned);
    gradients.turn(0.7, y, p, turned);
    gradients.advance(0.3, { x, y, p }, { preconditioned, residual });
    return [whole, turned, preconditioned, residual];
  });
  expect(fast[0].filter(Number.isNaN).length).toBe(9);
  expect(fast.map((values, i) => differingBits(values, plain[i]))).toEqual([0, 0, 0, 0]);
});
