import { seededRandom } from "@parakkt/testing";
import { addCombination, scaled, subtractCombination } from "../dist/linalg/vector-kernels.js";

describe("linear combinations of basis columns", () => {
  const n = 17;
  const random = seededRandom(210);
  const basis = Array.from({ length: 9 }, () => random.normalVector(n));
  const coefficients = random.normalVector(9);
  const start = random.normalVector(n);

  test.each([0, 1, 3, 4, 5, 7, 8, 9])("of %i columns are the sum of their terms", (count) => {
    const y = Float64Array.from(start);
    addCombination(basis, coefficients, count, y);
    y.forEach((value, i) => {
      let expected = start[i];
      let magnitude = Math.abs(expected);
      for (let k = 0; k < count; k++) {
        expected += coefficients[k] * basis[k][i];
        magnitude += Math.abs(coefficients[k] * basis[k][i]);
      }
      // Another order of summation: (count + 1)·ε of the sum of magnitudes.
      expect(Math.abs(value - expected)).toBeLessThanOrEqual((count + 1) * Number.EPSILON * magnitude);
    });
  });

  test("are subtracted with the same rounding and leave the coefficients alone", () => {
    const [added, subtracted] = [new Float64Array(n), new Float64Array(n)];
    const copy = Float64Array.from(coefficients);
    addCombination(basis, coefficients, 9, added);
    subtractCombination(basis, coefficients, 9, subtracted);
    expect(subtracted).toEqual(added.map((value) => -value));
    expect(coefficients).toEqual(copy);
  });

  test("keep padding zero", () => {
    const padded = basis.map((column) => Float64Array.from([...column, 0]));
    const y = new Float64Array(n + 1);
    addCombination(padded, coefficients, 9, y);
    expect(y[n]).toBe(0);
  });
});

test("a scaled vector may replace its original", () => {
  const x = Float64Array.of(1, -2, 3);
  scaled(-2, x, x);
  expect(x).toEqual(Float64Array.of(-2, 4, -6));
});
