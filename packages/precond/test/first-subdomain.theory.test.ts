import { timeGrid, uniformTimeGrid, type TimeGrid, type TimeIntegrator } from "@parakkt/core";
import { subdomainSolves } from "@parakkt/precond";
import { denseMatrix, modalIntegrator, preconditionedSpectrum, serialDiscretization } from "@parakkt/testing";
import { Matrix, inverse } from "ml-matrix";

/** Rounding of a small eigenvalue problem whose matrices are scaled to the size of their largest entry. */
const ROUNDING = 1e-9;
const STEPS = 16;
const STIFFNESS = [0, 1e-3, 1e-1, 1, 1e2, 1e4];
const REACTIONS = [1e-6, 1e-3, 1e-1, 1, 1e2];

/** τRSRᵀ of the first m of equal steps of size 1, one mode µ, entry by entry (SCH.1), and `more` in its first entry. */
function firstBlock(m: number, { mu, c, more }: { mu: number; c: number; more: number }): Matrix {
  const e = 1 + mu;
  const S = Matrix.zeros(m, m);
  for (let k = 0; k < m; k++) {
    S.set(k, k, e * e + (k > 0 ? 1 : more) + c * c);
    if (k === 0) continue;
    S.set(k, k - 1, -e);
    S.set(k - 1, k, -e);
  }
  return S;
}

/** What δ further steps, before which the state is zero, leave in the first entry: 1 − 1/ℓ² with ℓ of their last row. */
function condensed(overlap: number, c: number): number {
  let rest = 1;
  for (let k = 0; k < overlap; k++) rest = 1 - 1 / (1 + c * c + rest);
  return rest;
}

/** Extreme eigenvalues of the local solve of the first of two subdomains against (τRSRᵀ with `more`)⁻¹, both on its owned steps. */
function spectrumOfFirst(overlap: number, mode: { mu: number; c: number; more: number }): [number, number] {
  const { mu, c } = mode;
  const grid = uniformTimeGrid(STEPS, STEPS);
  const discretization = serialDiscretization({ integrator: modalIntegrator(Float64Array.of(mu)), steps: grid, regularization: 1 / (c * c), subdomains: 2, overlap });
  const { offsetOf, length } = discretization.stateLayout;
  const solves = subdomainSolves(discretization, "exact");
  const [owned, all] = [STEPS / 2, STEPS / 2 + overlap];
  const local = denseMatrix(owned, owned, (x, out) => {
    const [residual, correction] = [new Float64Array(length), new Float64Array(length)];
    for (let k = 0; k < owned; k++) residual[offsetOf(k + 1)] = x[k];
    solves.begin(residual);
    solves.advance(1);
    solves.addOwned(correction);
    for (let k = 0; k < owned; k++) out[k] = correction[offsetOf(k + 1)];
  });
  const condensedToOwned = inverse(inverse(firstBlock(all, mode)).subMatrix(0, owned - 1, 0, owned - 1));
  const spectrum = preconditionedSpectrum(local, condensedToOwned);
  return [spectrum[0], spectrum[spectrum.length - 1]];
}

describe.each([0, 1, 3])("with an overlap of %i steps", (overlap) => {
  test("the first local solve has its spectrum in [½, 1] against RSRᵀ and what further steps before it leave in its first entry (TAP.1)", () => {
    for (const mu of STIFFNESS) {
      for (const c of REACTIONS) {
        const [low, high] = spectrumOfFirst(overlap, { mu, c, more: condensed(overlap, c) });
        expect(low).toBeGreaterThanOrEqual(0.5 - ROUNDING);
        expect(high).toBeLessThanOrEqual(1 + ROUNDING);
      }
    }
  });

  test("without what those steps leave there its smallest eigenvalue is below ½, since slow modes are taken back where time begins", () => {
    const [low, high] = spectrumOfFirst(overlap, { mu: 0, c: 1e-3, more: 0 });
    expect(low).toBeLessThan(0.45);
    expect(high).toBeLessThanOrEqual(1 + ROUNDING);
  });
});

/** The different reactions of the local solves. */
function reactions(grid: TimeGrid, { subdomains, overlap }: { subdomains: number; overlap: number }): Set<number> {
  const asked = new Set<number>();
  const integrator = modalIntegrator(Float64Array.of(1));
  const watched: TimeIntegrator = {
    ...integrator,
    withReaction(reaction) {
      asked.add(reaction);
      return integrator.withReaction(reaction);
    },
  };
  subdomainSolves(serialDiscretization({ integrator: watched, steps: grid, regularization: 1e-2, subdomains, overlap }), "dyadic");
  return asked;
}

test.each([
  [32, 4, 1],
  [32, 4, 0],
  [60, 5, 3],
])("%i equal steps in %i subdomains with overlap %i share ⌊log₂(m + 2δ)⌋ + 1 reactions, the first subdomain among them", (steps, subdomains, overlap) => {
  expect(reactions(uniformTimeGrid(1, steps), { subdomains, overlap }).size).toBe(Math.floor(Math.log2(steps / subdomains + 2 * overlap)) + 1);
});

test("unequal steps have a reaction each", () => {
  const times = Array.from({ length: 33 }, (_, k) => k + (k > 0 ? 0.01 * k * k : 0));
  expect(reactions(timeGrid(times), { subdomains: 4, overlap: 1 }).size).toBeGreaterThanOrEqual(32);
});
