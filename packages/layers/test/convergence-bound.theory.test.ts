import { integratorSteps, mgrit, timeHierarchy } from "@parakkt/layers";
import { uniformTimeGrid } from "@parakkt/core";
import { modalIntegrator } from "@parakkt/testing";

/** x = −z = hμ of the modes of a heat equation, over six decades. */
const MODES = Float64Array.from({ length: 121 }, (_, k) => 10 ** (-3 + k / 20));
const FACTORS = [2, 4, 8, 16];

interface Setting {
  readonly c: number;
  readonly relaxations: number;
  readonly intervals: number;
}

/** |μᶜ − μ_c| (1 − |μ_c|^(N_c − 1))/(1 − |μ_c|) |μ|^(cν) for backward Euler, μ = 1/(1 + x), μ_c = 1/(1 + cx) (MGR.6). */
function bound(x: number, { c, relaxations, intervals }: Setting): number {
  const mu = 1 / (1 + x);
  const coarse = 1 / (1 + c * x);
  return ((Math.abs(mu ** c - coarse) * (1 - coarse ** (intervals - 1))) / (1 - coarse)) * mu ** (c * relaxations);
}

/** ‖eₖ₊₁‖/‖eₖ‖ at the C-points for every mode and k = 0, 1, 2: uₙ = 0 is the solution, so that states are errors; eₖ at rounding level left out. */
function errorFactors({ c, relaxations, intervals }: Setting): number[][] {
  const hierarchy = timeHierarchy(uniformTimeGrid(c * intervals, c * intervals), { coarsening: c, levels: 2 });
  const solver = mgrit(hierarchy, integratorSteps(modalIntegrator(MODES)), { relaxations });
  const norms = (): number[] => {
    const sums = new Array<number>(MODES.length).fill(0);
    for (let i = 1; i <= intervals; i++) solver.state(c * i).forEach((error, mode) => (sums[mode] += error * error));
    return sums.map(Math.sqrt);
  };
  const initialState = new Float64Array(MODES.length);
  solver.solve({ initialState, guess: (_, out) => void out.fill(1) }, { maxIterations: 0 });
  const history = [norms()];
  for (let k = 0; k < 3; k++) {
    solver.solve({ initialState, guess: "previous" }, { relativeTolerance: 0, maxIterations: 1 });
    history.push(norms());
  }
  return MODES.reduce<number[][]>((all, _, mode) => [...all, history.slice(1).flatMap((after, k) => (history[k][mode] > 1e-250 ? [after[mode] / history[k][mode]] : []))], []);
}

const largest = (values: readonly number[]): number => Math.max(0, ...values);
/** Rounding of one cycle, relative to an error that is computed as a difference of terms of size one. */
const ROUNDING = 1e-13;

describe.each([
  ["F", 0, [0.125, 0.2039, 0.2489, 0.273]],
  ["FCF", 1, [0.0527, 0.0813, 0.0962, 0.1038]],
] as const)("backward Euler with %s-relaxation", (_name, relaxations, suprema) => {
  test("has the convergence bounds of the theory over all z < 0", () => {
    FACTORS.forEach((c, k) => {
      const supremum = largest(Array.from({ length: 4001 }, (_, j) => bound(10 ** (-4 + j / 500), { c, relaxations, intervals: 1e6 })));
      expect(Math.abs(supremum - suprema[k])).toBeLessThan(6e-5);
    });
  });

  test.each(FACTORS)("reduces the error of every mode at least as much as the bound says, c = %i (MGR.6)", (c) => {
    const setting = { c, relaxations, intervals: 48 };
    const factors = errorFactors(setting);
    MODES.forEach((x, mode) => expect(largest(factors[mode])).toBeLessThanOrEqual(bound(x, setting) * (1 + ROUNDING) + ROUNDING));
  });

  test("comes near the bound, so that two thirds of it would not be one", () => {
    const setting = { c: 4, relaxations, intervals: 48 };
    const reached = errorFactors(setting).map((factors, mode) => largest(factors) / bound(MODES[mode], setting));
    expect(largest(reached)).toBeGreaterThan(0.8);
  });
});
