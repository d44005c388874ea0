import { cg, uniformTimeGrid, type TimeIntegrator } from "@parakkt/core";
import { matching, twoLevel, type MatchingFactorKind } from "@parakkt/precond";
import { decayingIntegrator, denseMatrix, modalIntegrator, preconditionedSpectrum, sampledModes, schurIterations, serialDiscretization, squareEigenvalues } from "@parakkt/testing";
import { Matrix } from "ml-matrix";

const ROUNDING = 1e-9;
const DECAYS = [1e-3, 1e-2, 1e-1, 1, 1e1, 1e2];
const RATES = [1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2];
const FACTORS = [1, 1.5, 3, 10, 1e2, 1e4, 1e6];

/** S of one mode on steps of size 1, entry by entry (SCH.1). */
function schurMatrix(steps: number, mu: number, rate: number): Matrix {
  const S = Matrix.zeros(steps, steps);
  for (let k = 0; k < steps; k++) {
    S.set(k, k, (1 + mu) ** 2 + (k > 0 ? 1 : 0) + rate * rate);
    if (k === 0) continue;
    S.set(k, k - 1, -(1 + mu));
    S.set(k - 1, k, -(1 + mu));
  }
  return S;
}

/** The extreme eigenvalues of Ŝ⁻¹S over modes from µ₀ on, where Ŝ is told that none decays slower than `told` · µ₀. */
function spectrum({ steps, decay, rate, told = 1 }: { steps: number; decay: number; rate: number; told?: number }): [number, number] {
  const values = FACTORS.flatMap((factor) => {
    const integrator = { ...modalIntegrator(Float64Array.of(decay * factor)), slowestDecay: told * decay };
    const discretization = serialDiscretization({ integrator, steps: uniformTimeGrid(steps, steps), regularization: 1 / rate ** 2 });
    const inverse = denseMatrix(steps, steps, matching(discretization, "exact").apply);
    return preconditionedSpectrum(inverse, schurMatrix(steps, decay * factor, rate));
  });
  return [Math.min(...values), Math.max(...values)];
}

test("reaction and slowest decay add up to the rate of the slowest mode under control (RAT.1), but for classical matching (SCH.3)", () => {
  for (const regularization of [1e-12, 1e-4, 1, 1e8]) {
    for (const slowestDecay of [0, 1e-3, 20, 1e7]) {
      const integrator = { ...modalIntegrator(Float64Array.of(30), 1.5), slowestDecay };
      const discretization = serialDiscretization({ integrator, steps: 8, regularization });
      const added = (kind: MatchingFactorKind): number => {
        const l = 1 + matching(discretization, kind).factor![0]!.reaction / 8;
        return 8 * (kind === "classical" ? l - 1 : l - 1 / l);
      };
      const control = 1.5 / Math.sqrt(regularization);
      // ℓ has lost what of τρ lies below the rounding of 1.
      const rounding = 2 ** -50 * (Math.hypot(slowestDecay, control) + 8);
      expect(Math.abs(added("stationary") + slowestDecay - Math.hypot(slowestDecay, control))).toBeLessThanOrEqual(rounding);
      expect(Math.abs(added("classical") - control)).toBeLessThanOrEqual(rounding);
    }
  }
});

test.each([4, 16, 64])("the spectrum lies in [½, 5/4] for every µ₀ and ω, and the condition is at most a fiftieth above that of |s|/√ω, on %i steps", (steps) => {
  for (const decay of DECAYS) {
    for (const rate of RATES) {
      const [least, largest] = spectrum({ steps, decay, rate });
      expect(least).toBeGreaterThanOrEqual(0.5 - ROUNDING);
      expect(largest).toBeLessThanOrEqual(1.25);
      const [classicalLeast, classicalLargest] = spectrum({ steps, decay, rate, told: 0 });
      expect(largest / least).toBeLessThanOrEqual(classicalLargest / classicalLeast + 0.02);
    }
  }
});

test("where the slowest mode decays as fast as control acts, the condition falls from above 1.6 to below 1.4", () => {
  const mode = { steps: 64, decay: 0.05, rate: 0.05 };
  const condition = ([least, largest]: [number, number]): number => largest / least;
  expect(condition(spectrum({ ...mode, told: 0 }))).toBeGreaterThan(1.6);
  expect(condition(spectrum(mode))).toBeLessThan(1.4);
});

test("a decay that is told ten times too large is paid for: the upper bound is left", () => {
  expect(spectrum({ steps: 64, decay: 0.05, rate: 0.1, told: 10 })[1]).toBeGreaterThan(1.5);
});

test("conjugate gradients need fewer iterations where ω is large and nowhere more, by matching and by two levels, ν = 1 and 1e-2", () => {
  const modes = (diffusivity: number): Float64Array => sampledModes(squareEigenvalues(63, diffusivity), 48);
  const counts = (integratorOf: (eigenvalues: Float64Array) => TimeIntegrator, subdomains: number): number[] =>
    [1, 1e-2].flatMap((diffusivity) =>
      [1, 1e-2, 1e-4, 1e-6].map((regularization) =>
        schurIterations({ integrator: integratorOf(modes(diffusivity)), steps: 256, subdomains, regularization, method: cg, preconditioner: (d) => (subdomains === 1 ? matching(d, "exact") : twoLevel(d, { combination: "additive", factor: "exact" })) }),
      ),
    );
  const [matched, classical] = [counts(decayingIntegrator, 1), counts(modalIntegrator, 1)];
  matched.forEach((count, i) => expect(count).toBeLessThanOrEqual(classical[i]!));
  expect(matched[0]).toBeLessThanOrEqual(3);
  expect(classical[0]).toBeGreaterThanOrEqual(5);
  const [decomposed, classicallyDecomposed] = [counts(decayingIntegrator, 32), counts(modalIntegrator, 32)];
  decomposed.forEach((count, i) => expect(count).toBeLessThanOrEqual(classicallyDecomposed[i]!));
});
