import { timeGrid, uniformTimeGrid, type TimeGrid } from "@parakkt/core";
import { matching, subdomainSolves, type MatchingFactorKind } from "@parakkt/precond";
import { denseMatrix, modalIntegrator, preconditionedSpectrum, seededRandom, serialDiscretization } from "@parakkt/testing";
import { Matrix } from "ml-matrix";

/** Rounding of a 64 × 64 eigenvalue problem whose matrices are scaled to the size of their largest entry. */
const ROUNDING = 1e-9;
const STIFFNESS = [0, 1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4];
const REACTIONS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2];
const LENGTHS = [4, 16, 64];

/** S = J W⁻¹ Jᵀ + W/ω of one mode µ, entry by entry, not by the code under test (SCH.1). */
function schurMatrix(sizes: readonly number[], mu: number, regularization: number): Matrix {
  const S = Matrix.zeros(sizes.length, sizes.length);
  sizes.forEach((tau, k) => {
    const e = 1 + tau * mu;
    S.set(k, k, (e * e) / tau + (k > 0 ? 1 / sizes[k - 1] : 0) + tau / regularization);
    if (k === 0) return;
    const off = -(1 + sizes[k - 1] * mu) / sizes[k - 1];
    S.set(k, k - 1, off);
    S.set(k - 1, k, off);
  });
  return S;
}

const sizesOf = (grid: TimeGrid): number[] => Array.from({ length: grid.steps }, (_, k) => grid.step(k + 1).size);

interface OneMode {
  readonly grid: TimeGrid;
  readonly mu: number;
  readonly regularization: number;
  readonly kind: MatchingFactorKind;
}

/** Extreme eigenvalues of Ŝ⁻¹S on the whole interval, natural left end. */
function naturalSpectrum({ grid, mu, regularization, kind }: OneMode): [number, number] {
  const discretization = serialDiscretization({ integrator: modalIntegrator(Float64Array.of(mu)), steps: grid, regularization });
  const inverse = matching(discretization, kind);
  const spectrum = preconditionedSpectrum(denseMatrix(grid.steps, grid.steps, inverse.apply), schurMatrix(sizesOf(grid), mu, regularization));
  return [spectrum[0], spectrum[spectrum.length - 1]];
}

/** The same for the second of two subdomains, whose left end is a Dirichlet condition: R S Rᵀ against its local solve. */
function dirichletSpectrum({ grid, mu, regularization, kind }: OneMode): [number, number] {
  const discretization = serialDiscretization({ integrator: modalIntegrator(Float64Array.of(mu)), steps: grid, regularization, subdomains: 2, overlap: 0 });
  const { first, last } = discretization.partition.owned(1);
  const m = last - first + 1;
  const local = subdomainSolves(discretization, kind);
  const { offsetOf } = discretization.stateLayout;
  const inverse = denseMatrix(m, m, (x, out) => {
    const residual = new Float64Array(grid.steps);
    const correction = new Float64Array(grid.steps);
    for (let k = 0; k < m; k++) residual[offsetOf(first + k)] = x[k];
    local.begin(residual);
    local.advance(1);
    local.addOwned(correction);
    for (let k = 0; k < m; k++) out[k] = correction[offsetOf(first + k)];
  });
  const block = schurMatrix(sizesOf(grid), mu, regularization).subMatrix(first - 1, last - 1, first - 1, last - 1);
  const spectrum = preconditionedSpectrum(inverse, block);
  return [spectrum[0], spectrum[spectrum.length - 1]];
}

/** The smallest and the largest eigenvalue met over all stiffnesses Lτ and reactions c, for n steps of size 1. */
function range(spectrum: (mode: OneMode) => [number, number], steps: number, kind: MatchingFactorKind): [number, number] {
  const grid = uniformTimeGrid(steps, steps);
  let [low, high] = [Infinity, -Infinity];
  for (const mu of STIFFNESS) {
    for (const c of REACTIONS) {
      const [least, largest] = spectrum({ grid, mu, regularization: 1 / (c * c), kind });
      [low, high] = [Math.min(low, least), Math.max(high, largest)];
    }
  }
  return [low, high];
}

describe.each(LENGTHS)("on %i steps, Lτ from 0 to 1e4 and c from 1e-6 to 1e2", (steps) => {
  test("classical matching has its spectrum in [½, 1] (SCH.3)", () => {
    const [low, high] = range(naturalSpectrum, steps, "classical");
    expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
    expect(high).toBeLessThanOrEqual(1 + ROUNDING);
  });

  test("exact-in-time matching has its spectrum in [½, 1] with the natural left end (TAP.1)", () => {
    const [low, high] = range(naturalSpectrum, steps, "exact");
    expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
    expect(high).toBeLessThanOrEqual(1 + ROUNDING);
  });

  test("the tapered local solve has its spectrum in [½, 1] with the Dirichlet left end (TAP.1)", () => {
    const [low, high] = range(dirichletSpectrum, 2 * steps, "exact");
    expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
    expect(high).toBeLessThanOrEqual(1 + ROUNDING);
  });

  test("the dyadic taper has its spectrum in [½, 1.2] at either left end (TAP.3)", () => {
    const natural = range(naturalSpectrum, steps, "dyadic");
    const dirichlet = range(dirichletSpectrum, 2 * steps, "dyadic");
    for (const [low, high] of [natural, dirichlet]) {
      expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
      expect(high).toBeLessThanOrEqual(1.2);
    }
  });

  test("the stationary factor has its spectrum in [¼, 1] with the natural left end (TAP.5)", () => {
    const [low, high] = range(naturalSpectrum, steps, "stationary");
    expect(low).toBeGreaterThanOrEqual(0.25 - ROUNDING);
    expect(high).toBeLessThanOrEqual(1 + ROUNDING);
  });

  test("the natural local solve in a Dirichlet subdomain reaches m + 1: why it is not the default", () => {
    const [, high] = range(dirichletSpectrum, 2 * steps, "classical");
    expect(high).toBeGreaterThan((steps + 1) * (1 - 1e-3));
    expect(high).toBeLessThanOrEqual((steps + 1) * (1 + ROUNDING));
  });
});

test("exact-in-time matching is exact where there is no space, L = 0", () => {
  const [low, high] = range((mode) => naturalSpectrum({ ...mode, mu: 0 }), 16, "exact");
  expect(Math.abs(low - 1)).toBeLessThan(ROUNDING);
  expect(Math.abs(high - 1)).toBeLessThan(ROUNDING);
});

test("random step sizes over two decades keep the spectrum in [½, 1.05] at either left end (TAP.4)", () => {
  const random = seededRandom(4);
  for (let sample = 0; sample < 20; sample++) {
    const times = [0];
    for (let k = 0; k < 32; k++) times.push(times[k] + 10 ** (2 * random.uniform() - 1));
    const grid = timeGrid(times);
    for (const mu of [0, 1e-2, 1, 1e2, 1e4]) {
      for (const c of [1e-4, 1e-2, 1, 1e2]) {
        const mode: OneMode = { grid, mu, regularization: 1 / (c * c), kind: "exact" };
        for (const [low, high] of [naturalSpectrum(mode), dirichletSpectrum(mode)]) {
          expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
          expect(high).toBeLessThanOrEqual(1.05);
        }
      }
    }
  }
});

test("rows that ignore the unequal sizes leave [½, 1.05]", () => {
  const grid = timeGrid([0, 0.1, 0.2, 10, 10.1, 20]);
  const equal = naturalSpectrum({ grid: uniformTimeGrid(20, 5), mu: 1, regularization: 1, kind: "exact" });
  const unequal = naturalSpectrum({ grid, mu: 1, regularization: 1, kind: "exact" });
  expect(equal[1]).toBeLessThanOrEqual(1 + ROUNDING);
  const wrong = preconditionedSpectrum(
    denseMatrix(5, 5, matching(serialDiscretization({ integrator: modalIntegrator(Float64Array.of(1)), steps: uniformTimeGrid(20, 5), regularization: 1 }), "exact").apply),
    schurMatrix(sizesOf(grid), 1, 1),
  );
  expect(unequal[0]).toBeGreaterThanOrEqual(0.5 - ROUNDING);
  expect(wrong[wrong.length - 1] / wrong[0]).toBeGreaterThan(4);
});

test("classical matching on unequal steps is (J + sW/√ω) W⁻¹ (…)ᵀ, with its spectrum in [½, 1] (SCH.3)", () => {
  const grid = timeGrid([0, 0.3, 0.4, 1.4, 1.6, 3, 3.1]);
  for (const mu of [0, 0.1, 3, 200]) {
    for (const regularization of [1e-4, 1e-2, 1, 1e4]) {
      const [low, high] = naturalSpectrum({ grid, mu, regularization, kind: "classical" });
      expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
      expect(high).toBeLessThanOrEqual(1 + ROUNDING);
    }
  }
});
