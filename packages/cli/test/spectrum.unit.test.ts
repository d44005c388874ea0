import { DIAGNOSTIC_DIMENSION, spectrumOf } from "../dist/output/spectrum.js";

/** tridiag(−1, 2, −1): eigenvalues 4 sin²(kπ/(2m + 2)). */
const laplacian = (m: number) => ({ symmetric: true, columns: Array.from({ length: m }, (_, k) => (k === 0 ? [2, -1] : [-1, 2, -1])) });
const smallestOf = (m: number): number => 4 * Math.sin(Math.PI / (2 * m + 2)) ** 2;

test("the spectrum of a diagnosis comes from the first vectors of a long run, whatever its length", () => {
  const spectrum = spectrumOf(laplacian(10_000), DIAGNOSTIC_DIMENSION)!;
  expect(spectrum.dimension).toBe(DIAGNOSTIC_DIMENSION);
  expect(spectrum.smallest / smallestOf(DIAGNOSTIC_DIMENSION)).toBeCloseTo(1, 8);
  // Inside the spectrum of the whole: the condition is a lower bound.
  expect(spectrum.smallest).toBeGreaterThan(smallestOf(10_000));
});

test("a short run is projected on all its vectors", () => {
  const spectrum = spectrumOf(laplacian(30), DIAGNOSTIC_DIMENSION)!;
  expect(spectrum.dimension).toBe(30);
  expect(spectrum.smallest / smallestOf(30)).toBeCloseTo(1, 8);
});

test("a run without iterations has no spectrum (negative control)", () => {
  expect(spectrumOf({ symmetric: true, columns: [] })).toBeUndefined();
});
