import { cg, cosineFrequency, cosineTransform, denseCosineTransform, schurComplement, timeGrid, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { frequencyShift, timeDiagonalization, type FrequencyShifts } from "@parakkt/precond";
import { denseMatrix, modalIntegrator, preconditionedSpectrum, sampledModes, schurIterations, serialDiscretization, squareEigenvalues } from "@parakkt/testing";
import { Matrix } from "ml-matrix";

/** Rounding of eigenvalue problems with a condition of up to 1e8. */
const ROUNDING = 1e-7;
const STIFFNESS = [1e-3, 1e-1, 1, 10, 1e3];
const REACTIONS = [1e-5, 1e-3, 1e-1, 1, 10];
const STEPS = 24;

/** One mode x = τµ with c on N steps of the unit interval. */
function oneMode(x: number, c: number): SpaceTimeDiscretization {
  const tau = 1 / STEPS;
  return serialDiscretization({ integrator: modalIntegrator(Float64Array.of(x / tau)), steps: STEPS, regularization: (tau / c) ** 2 });
}

const schurMatrix = (d: SpaceTimeDiscretization): Matrix => denseMatrix(STEPS, STEPS, schurComplement(d).apply);

/** V diag(d) V of a mode, V by its dense reference. */
function inCosineBasis(diagonal: (theta: number) => number): Matrix {
  const transform = denseCosineTransform(STEPS);
  const V = denseMatrix(STEPS, STEPS, (e, out) => {
    out.set(e);
    transform.apply(out, 1);
  });
  return V.mmul(Matrix.diag(Array.from({ length: STEPS }, (_, k) => diagonal(cosineFrequency(STEPS, k + 1))))).mmul(V);
}

/** S_M⁻¹ = τ V diag(1/(x² + (2 − 2cos θ)(1 + x) + c²)) V of a mode: the exact blocks of (DIA.1). */
const exactBlocks = (x: number, c: number): Matrix =>
  inCosineBasis((theta) => 1 / STEPS / ((1 + x - Math.cos(theta)) ** 2 + Math.sin(theta) ** 2 + c * c));

const cases = STIFFNESS.flatMap((x) => REACTIONS.map((c) => [x, c] as const));

describe("one mode, N = 24", () => {
  test("spec(S_M⁻¹S) is 1 but for one value in [1, 2] (DIA.1)", () => {
    for (const [x, c] of cases) {
      const spectrum = preconditionedSpectrum(exactBlocks(x, c), schurMatrix(oneMode(x, c)));
      spectrum.slice(0, -1).forEach((value) => expect(Math.abs(value - 1)).toBeLessThan(ROUNDING));
      expect(spectrum[STEPS - 1]).toBeGreaterThan(1 - ROUNDING);
      expect(spectrum[STEPS - 1]).toBeLessThan(2 + ROUNDING);
    }
  });

  test("with the symbol of a Dirichlet left end, θ = kπ/(N+1), it is not (negative control)", () => {
    const [x, c] = [1e-1, 1e-3];
    const wrong = inCosineBasis((theta) => {
      const dirichlet = (theta * (2 * STEPS + 1)) / (2 * STEPS + 2);
      return 1 / STEPS / ((1 + x - Math.cos(dirichlet)) ** 2 + Math.sin(dirichlet) ** 2 + c * c);
    });
    const spectrum = preconditionedSpectrum(wrong, schurMatrix(oneMode(x, c)));
    expect(spectrum.filter((value) => Math.abs(value - 1) < 1e-3).length).toBeLessThan(STEPS - 1);
  });

  test.each([
    ["exact", 0.5, 2],
    ["shared", 0.5 / Math.SQRT2, 2 * Math.SQRT2],
  ] as const)("matched blocks with %s shifts have their spectrum in [%d, %d] (DIA.2)", (shifts, least, most) => {
    const extremes = cases.map(([x, c]) => {
      const d = oneMode(x, c);
      const spectrum = preconditionedSpectrum(denseMatrix(STEPS, STEPS, timeDiagonalization(d, shifts).apply), schurMatrix(d));
      return [spectrum[0], spectrum[STEPS - 1]];
    });
    expect(Math.min(...extremes.map(([low]) => low))).toBeGreaterThan(least - ROUNDING);
    expect(Math.max(...extremes.map(([, high]) => high))).toBeLessThan(most + ROUNDING);
  });

  test("blocks that forget the cosine leave these bounds (negative control)", () => {
    const [x, c] = [1e-3, 1e-3];
    const forgetful = inCosineBasis((theta) => 1 / STEPS / (1 + x + Math.hypot(Math.sin(theta), c)) ** 2);
    expect(preconditionedSpectrum(forgetful, schurMatrix(oneMode(x, c)))[0]).toBeLessThan(0.1);
  });

  test("the shift is 1 + √(sin²θ + c²) − cos θ without its cancellation", () => {
    const theta = cosineFrequency(100_000, 1);
    expect(frequencyShift(100_000, 1, 0) / (Math.sin(theta) + theta ** 2 / 2) - 1).toBeLessThan(1e-9);
    expect(frequencyShift(10, 7, 0.3)).toBeCloseTo(1 + Math.hypot(Math.sin(cosineFrequency(10, 7)), 0.3) - Math.cos(cosineFrequency(10, 7)), 14);
  });
});

/** Counts for ν = 1, 1e-2, 1e-4 × ω = 1, 1e-2, 1e-4, 1e-6 on 20 modes of n = 63. */
function counts(steps: number, preconditioner: (d: SpaceTimeDiscretization) => Preconditioner): number[] {
  return [1, 1e-2, 1e-4].flatMap((diffusivity) => {
    const integrator = modalIntegrator(sampledModes(squareEigenvalues(63, diffusivity), 20));
    return [1, 1e-2, 1e-4, 1e-6].map((regularization) => schurIterations({ integrator, steps, regularization, method: cg, preconditioner }));
  });
}

const matched = (shifts: FrequencyShifts) => (d: SpaceTimeDiscretization) => timeDiagonalization(d, shifts);

describe("CG on S, random right-hand side, 1e-8", () => {
  test.each([128, 512, 2048])("N = %i: 9 to 14 iterations with matched blocks", (steps) => {
    const found = counts(steps, matched("exact"));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...found)).toBeLessThanOrEqual(14);
  });

  test("N = 128: at most 18 with shared shifts", () => {
    expect(Math.max(...counts(128, matched("shared")))).toBeLessThanOrEqual(18);
  });

  test.each([128, 512, 2048])("N = %i: 2 to 11 with exact blocks", (steps) => {
    const exact = (d: SpaceTimeDiscretization): Preconditioner => exactBlockInverse(d, steps);
    const found = counts(steps, exact);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...found)).toBeLessThanOrEqual(11);
  });
});

/** S_M⁻¹ on modes, whose eigenvalues the integrator tells by a step of size 1 of each: A = I + τL. */
function exactBlockInverse(d: SpaceTimeDiscretization, steps: number): Preconditioner {
  const { integrator, stateLayout, partition, regularization } = d;
  const transform = cosineTransform(steps);
  const step = partition.grid.step(1);
  const diagonal = new Float64Array(stateLayout.dofs);
  integrator.residual(step, new Float64Array(stateLayout.dofs), diagonal.map(() => 1), diagonal);
  return {
    size: stateLayout.length,
    stationary: true,
    symmetric: true,
    apply(residual, correction) {
      correction.set(residual);
      transform.apply(correction, stateLayout.dofs);
      for (let i = 0; i < correction.length; i++) {
        const theta = cosineFrequency(steps, Math.floor(i / stateLayout.dofs) + 1);
        correction[i] *= step.size / ((diagonal[i % stateLayout.dofs] - Math.cos(theta)) ** 2 + Math.sin(theta) ** 2 + step.size ** 2 / regularization);
      }
      transform.apply(correction, stateLayout.dofs);
    },
  };
}

test("unequal steps are refused with the reason", () => {
  const d = serialDiscretization({ integrator: modalIntegrator(Float64Array.of(1, 2)), steps: timeGrid([0, 0.5, 0.6, 1]), regularization: 1 });
  expect(() => timeDiagonalization(d)).toThrow("steps of unequal size");
});
