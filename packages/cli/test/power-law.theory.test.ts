import { seededRandom } from "@parakkt/core";
import { leastSquares } from "../dist/study/least-squares.js";
import { fitPowerLaw, type Observation } from "../dist/study/power-law.js";
import { describeVerdict, judgeExponent } from "../dist/study/verdict.js";

const OPTIONS = { seed: 1, resamples: 400, counts: false };
const STEPS = [64, 128, 256, 512];
const SUBDOMAINS = [4, 8, 16];
const REGULARIZATIONS = [1e-2, 1e-4, 1e-6];

/** 36 cells of C N^a P^b ω^c with a relative error. */
function cells(law: (N: number, P: number, ω: number) => number, error: () => number = () => 0): Observation[] {
  return STEPS.flatMap((N) => SUBDOMAINS.flatMap((P) => REGULARIZATIONS.map((ω) => ({ factors: [N, P, ω], value: law(N, P, ω) * Math.exp(error()) }))));
}

test("least squares residuals are orthogonal to every column, and leverages sum to the rank", () => {
  const random = seededRandom(3);
  const columns = [1, 2, 3].map(() => [...random.normalVector(9)]);
  const { residuals, leverages } = leastSquares(columns, [...random.normalVector(9)]);
  for (const column of columns) expect(Math.abs(column.reduce((sum, value, i) => sum + value * residuals[i]!, 0))).toBeLessThan(1e-13);
  expect(leverages.reduce((sum, value) => sum + value, 0)).toBeCloseTo(3, 12);
});

test("an exact power law is found to rounding, with intervals of no width", () => {
  const fit = fitPowerLaw(cells((N, P, ω) => 3 * N ** 0.5 * P ** -0.25 * ω ** 0.125), OPTIONS)!;
  expect(Math.abs(fit.constant - 3)).toBeLessThan(1e-12);
  [0.5, -0.25, 0.125].forEach((exponent, k) => {
    expect(Math.abs(fit.exponents[k]!.value - exponent)).toBeLessThan(1e-13);
    expect(fit.exponents[k]!.high - fit.exponents[k]!.low).toBeLessThan(1e-12);
  });
});

test("95 % intervals hold the true exponent in 90 to 99 % of 200 noisy studies; a wrong exponent they do not hold", () => {
  let [held, heldWrong] = [0, 0];
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(1000 + seed);
    const { low, high } = fitPowerLaw(cells((N) => 2 * N ** 0.3, () => 0.1 * random.normal()), { ...OPTIONS, seed, resamples: 200 })!.exponents[0]!;
    if (low <= 0.3 && 0.3 <= high) held++;
    if (low <= 0.5 && 0.5 <= high) heldWrong++;
  }
  expect(held).toBeGreaterThanOrEqual(180);
  expect(held).toBeLessThanOrEqual(198);
  expect(heldWrong).toBeLessThan(10);
});

test("the same seed gives the same intervals, another seed others", () => {
  const random = seededRandom(5);
  const data = cells((N) => N, () => 0.2 * random.normal());
  expect(fitPowerLaw(data, OPTIONS)).toEqual(fitPowerLaw(data, OPTIONS));
  expect(fitPowerLaw(data, { ...OPTIONS, seed: 2 })).not.toEqual(fitPowerLaw(data, OPTIONS));
});

test("a count that never changes is only known to ±½: its interval has the width that rounding leaves", () => {
  const { low, high } = fitPowerLaw(cells(() => 12), { ...OPTIONS, counts: true })!.exponents[1]!;
  expect(low).toBeLessThan(-0.001);
  expect(high).toBeGreaterThan(0.001);
  expect(high - low).toBeLessThan(Math.log(12.5 / 11.5) / Math.log(4));
});

test("factors that vary together get one exponent, and too few cells none", () => {
  const together = STEPS.map((N) => ({ factors: [N, N / 16], value: N ** 0.5 }));
  const fit = fitPowerLaw(together, OPTIONS)!;
  expect(fit.exponents[1]).toBeUndefined();
  expect(fit.exponents[0]!.value).toBeCloseTo(0.5, 12);
  expect(fitPowerLaw(together.slice(0, 2), OPTIONS)).toBeUndefined();
});

test("verdicts: within ±0.1 robust, beyond not, across undecided", () => {
  const exponent = (low: number, high: number) => ({ value: (low + high) / 2, low, high });
  expect(judgeExponent(exponent(-0.01, 0.05), 0.1)).toBe("yes");
  expect(judgeExponent(exponent(0.2, 0.4), 0.1)).toBe("no, grows");
  expect(judgeExponent(exponent(-0.4, -0.2), 0.1)).toBe("no, falls");
  expect(judgeExponent(exponent(0.05, 0.15), 0.1)).toBe("undecided");
  expect(describeVerdict("P", "b", { exponent: exponent(-0.01, 0.05), within: 0.1, values: [4, 8, 16, 4] })).toBe("robust in P: yes, b = 0.02 ± 0.03 (P = 4 … 16: 3 values in 4 solves)");
  expect(describeVerdict("N", "a", { exponent: exponent(-0.102, 0.102), within: 0.1, values: [1e-4, 1] })).toMatch(/^robust in N: undecided, a = 0\.000 ± 0\.102 \(N = 1e-4 … 1: 2 values in 2 solves\); the interval reaches beyond ±0\.1:/);
});
