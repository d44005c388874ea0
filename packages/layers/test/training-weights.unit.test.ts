import { learningRate, perLayerWeights, regularization, sizeAt, splineBasis, splineWeights } from "@parakkt/layers";
import { dot, seededRandom } from "@parakkt/testing";

describe("B-splines", () => {
  test.each([[1, 0], [5, 0], [4, 1], [8, 3], [4, 3], [9, 2]])("%d of degree %d are not negative, add up to 1 and have local support", (count, degree) => {
    const basis = splineBasis(count, degree);
    const out = new Float64Array(count);
    for (let k = 0; k <= 100; k++) {
      basis.evaluate(k / 100, out);
      expect(Math.abs(out.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-14);
      expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
      expect(out.filter((value) => value > 0).length).toBeLessThanOrEqual(degree + 1);
    }
  });

  test("of degree 1 reproduce t from its values at the knots, and of degree 0 do not (negative control)", () => {
    const worst = (degree: number): number => {
      const basis = splineBasis(6, degree);
      const out = new Float64Array(6);
      return Math.max(...Array.from({ length: 51 }, (_, k) => {
        basis.evaluate(k / 50, out);
        return Math.abs(out.reduce((sum, value, j) => sum + (value * j) / 5, 0) - k / 50);
      }));
    };
    expect(worst(1)).toBeLessThan(1e-15);
    expect(worst(0)).toBeGreaterThan(0.05);
  });
});

describe.each([["per layer", perLayerWeights(8)], ["splines", splineWeights(8, { knots: 5, degree: 2 })]])("weights as %s", (_name, weights) => {
  const random = seededRandom(2);
  const coefficients = random.normalVector(3 * weights.rows);

  test("collect is the transpose of expand", () => {
    const [expanded, gradients, collected] = [new Float64Array(24), random.normalVector(24), new Float64Array(coefficients.length)];
    weights.expand(coefficients, expanded);
    weights.collect(gradients, collected);
    expect(Math.abs(dot(expanded, gradients) - dot(coefficients, collected))).toBeLessThan(1e-13);
  });
});

test("refined weights of single layers are those of the coarse ones, twice", () => {
  expect([...perLayerWeights(2).refine(Float64Array.of(1, 2, 3, 4))]).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
});

test("refined splines are the same functions: every second layer has the weights of the coarse one", () => {
  const coarse = splineWeights(8, { knots: 5, degree: 3 });
  const coefficients = seededRandom(1).normalVector(5);
  const [before, after] = [new Float64Array(8), new Float64Array(16)];
  coarse.expand(coefficients, before);
  splineWeights(16, { knots: 5, degree: 3 }).expand(coarse.refine(coefficients), after);
  expect(after.filter((_, n) => n % 2 === 0)).toEqual(before);
});

test("the gradient of the penalty is that of its value (central differences), for decay and smoothness", () => {
  const penalty = regularization({ decay: 0.3, smoothness: 0.7 });
  const weights = seededRandom(3).normalVector(12);
  const layered = { layers: 4, stepSize: 0.25, weights };
  const gradient = new Float64Array(12);
  penalty.addGradient(layered, gradient);
  weights.forEach((value, j) => {
    const at = (shift: number): number => penalty.value({ ...layered, weights: weights.map((w, k) => (k === j ? value + shift : w)) });
    expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - gradient[j])).toBeLessThan(1e-8);
  });
});

test("constant weights have no smoothness penalty, whatever the step size", () => {
  expect(regularization({ smoothness: 5 }).value({ layers: 3, stepSize: 0.1, weights: new Float64Array(6).fill(2) })).toBe(0);
});

describe("schedules", () => {
  const at = (schedule: Parameters<typeof learningRate>[0]["schedule"], epoch: number): number => learningRate({ rate: 2, epochs: 10, ...(schedule && { schedule }) })(epoch);

  test("of the learning rate: constant, step, exponential, cosine, and warm-up", () => {
    expect(at({ kind: "constant" }, 7)).toBe(2);
    expect([4.9, 5, 10].map((epoch) => at({ kind: "step", every: 5, factor: 0.5 }, epoch))).toEqual([2, 1, 0.5]);
    expect(at({ kind: "exponential", factor: 0.5 }, 3)).toBe(0.25);
    expect([0, 5, 10].map((epoch) => at({ kind: "cosine", final: 0 }, epoch))).toEqual([2, 1, 0]);
    expect(learningRate({ rate: 2, epochs: 10, warmUpEpochs: 4 })(1)).toBe(0.5);
  });

  test("of sizes: what began last holds", () => {
    const schedule = [{ from: 0, size: 8 }, { from: 3, size: 16 }];
    expect([0, 2.5, 3, 9].map((epoch) => sizeAt(schedule, epoch))).toEqual([8, 8, 16, 16]);
    expect(() => sizeAt([{ from: 1, size: 8 }], 0)).toThrow("begin at epoch 0");
  });
});
