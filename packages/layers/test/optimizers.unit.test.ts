import { adam, gradientDescent, lbfgs, momentum, type Optimizer } from "@parakkt/layers";
import { seededRandom } from "@parakkt/testing";

/** J(θ) = ½ Σ kⱼ θⱼ², a quadratic with condition number 100. */
const curvatures = Float64Array.from({ length: 8 }, (_, j) => 10 ** (j / 3.5));
const quadratic = (x: Float64Array): number => x.reduce((sum, value, j) => sum + (curvatures[j] * value * value) / 2, 0);
const gradientOf = (x: Float64Array): Float64Array => x.map((value, j) => curvatures[j] * value);

interface Minimization {
  readonly optimizer: Optimizer;
  readonly rate: number;
  readonly updates: number;
  readonly gradient?: (x: Float64Array) => Float64Array;
}

function minimize({ optimizer, rate, updates, gradient = gradientOf }: Minimization): { values: number[]; steps: number[]; x: Float64Array } {
  const x = seededRandom(5).normalVector(8);
  const steps: number[] = [];
  const values = [quadratic(x)];
  for (let k = 0; k < updates; k++) {
    steps.push(optimizer.update({ parameters: x, gradient: gradient(x), value: quadratic(x), rate, objective: quadratic }).step);
    values.push(quadratic(x));
  }
  return { values, steps, x };
}

test("descent multiplies each component by 1 − αk", () => {
  const { x } = minimize({ optimizer: gradientDescent(), rate: 0.01, updates: 7 });
  const start = seededRandom(5).normalVector(8);
  x.forEach((value, j) => expect(Math.abs(value - start[j] * (1 - 0.01 * curvatures[j]) ** 7)).toBeLessThan(1e-14));
});

test("momentum is faster than descent where the condition number is 100", () => {
  const at = (optimizer: Optimizer): number => minimize({ optimizer, rate: 0.01, updates: 100 }).values[100];
  expect(at(momentum(8))).toBeLessThan(0.1 * at(gradientDescent()));
});

test("the first step of Adam is the rate in every component, against the sign of the gradient", () => {
  const start = seededRandom(5).normalVector(8);
  const { x } = minimize({ optimizer: adam(8), rate: 0.1, updates: 1 });
  x.forEach((value, j) => expect(Math.abs(value - (start[j] - 0.1 * Math.sign(start[j])))).toBeLessThan(1e-8));
});

test("Adam after two updates is what its formulas say", () => {
  const optimizer = adam(1, { firstDecay: 0.5, secondDecay: 0.75, offset: 0 });
  const x = Float64Array.of(1);
  for (const g of [2, -1]) optimizer.update({ parameters: x, gradient: Float64Array.of(g), value: 0, rate: 0.1, objective: () => 0 });
  const [m, v] = [(0.5 * 0.5 * 2 - 0.5) / 0.75, (0.75 * 0.25 * 4 + 0.25) / (1 - 0.75 ** 2)];
  expect(x[0]).toBeCloseTo(1 - 0.1 - (0.1 * m) / Math.sqrt(v), 14);
});

describe("L-BFGS", () => {
  test("lowers a quadratic of 8 unknowns by 1e-10 in 30 updates and never goes up", () => {
    const { values } = minimize({ optimizer: lbfgs(8), rate: 1, updates: 30 });
    values.slice(1).forEach((value, k) => expect(value).toBeLessThanOrEqual(values[k]));
    expect(values[30]).toBeLessThan(1e-10 * values[0]);
  });

  test("finds no step along a gradient of the wrong sign, and leaves the parameters alone (negative control)", () => {
    const { steps, x } = minimize({ optimizer: lbfgs(8), rate: 1, updates: 1, gradient: (at) => gradientOf(at).map((value) => -value) });
    expect(steps).toEqual([0]);
    expect(x).toEqual(seededRandom(5).normalVector(8));
  });

  test("satisfies Armijo's condition at every step", () => {
    const optimizer = lbfgs(8, { pairs: 2 });
    const x = seededRandom(5).normalVector(8);
    for (let k = 0; k < 20; k++) {
      const [before, value, gradient] = [x.slice(), quadratic(x), gradientOf(x)];
      optimizer.update({ parameters: x, gradient, value, rate: 1, objective: quadratic });
      const slope = gradient.reduce((sum, g, j) => sum + g * (x[j] - before[j]), 0);
      expect(quadratic(x)).toBeLessThanOrEqual(value + 1e-4 * slope + 1e-15 * value);
    }
  });
});
