import { classicUpdate, implicitUpdate, mgrit, type GatedUpdate } from "@parakkt/layers";
import { convergence, type CountCase } from "./iteration-counts.js";
import { hierarchyOf, randomState, recurrentNetwork } from "./network-cases.js";

const DEPTHS = [64, 256, 1024];
const counts = (setting: Omit<CountCase, "steps">): number[] => DEPTHS.map((steps) => convergence({ ...setting, steps }).cycles);

test.each([
  ["smooth", 1, 2, 5],
  ["smooth", 5, 4, 7],
  ["random", 1, 2, 8],
  ["random", 5, 2, 12],
] as const)("a dense network with %s weights, T = %i, takes %i to %i cycles for 64, 256 and 1024 layers, and not more for more layers", (weights, duration, least, most) => {
  const found = counts({ weights, duration });
  for (const cycles of found) {
    expect(cycles).toBeGreaterThanOrEqual(least);
    expect(cycles).toBeLessThanOrEqual(most);
  }
  expect(found[2]).toBeLessThanOrEqual(found[0]);
});

test("without a coarse problem that knows the layers, the cycles grow with depth", () => {
  const [few, more] = [64, 256].map((steps) => convergence({ steps, weights: "smooth", duration: 5, uselessCoarse: true }).cycles);
  expect(few).toBe(64 / 8);
  expect(more).toBeGreaterThanOrEqual(2 * few);
});

test.each([
  [1, 4],
  [1, 8],
  [5, 4],
  [5, 8],
])("averaged coarse weights have a convergence factor at least twice as good as injected ones for random weights, T = %i, c = %i", (duration, coarsening) => {
  const factor = (coarse: "average" | "inject"): number => convergence({ steps: 256, weights: "random", duration, coarsening, coarse }).factor;
  expect(2 * factor("average")).toBeLessThanOrEqual(factor("inject"));
});

test("for smooth weights, T = 5, averaging gains less than that: the layers of an interval are alike", () => {
  const factor = (coarse: "average" | "inject"): number => convergence({ steps: 256, weights: "smooth", duration: 5, coarse }).factor;
  expect(2 * factor("average")).toBeGreaterThan(factor("inject"));
});

describe.each([4, 8])("gated recurrent units over a sequence of 256, c = %i", (coarsening) => {
  const N = 256;
  const residuals = (update: GatedUpdate): readonly number[] => {
    const network = recurrentNetwork({ steps: N, features: 8, seed: 5, update });
    const solver = mgrit(hierarchyOf(N, { coarsening, levels: 2, duration: N }), network);
    return solver.solve({ initialState: randomState(network.stateSize) }, { relativeTolerance: 1e-10, maxIterations: 12 }).residualNorms;
  };

  test("converge to 1e-10 in at most 12 cycles with the implicit update", () => {
    const norms = residuals(implicitUpdate);
    expect(norms[norms.length - 1]).toBeLessThanOrEqual(1e-10 * norms[0]);
  });

  test("diverge with the classic one, which is explicit: coarse steps are beyond its limit of stability", () => {
    const norms = residuals(classicUpdate);
    expect(norms[5]).toBeGreaterThan(1e3 * norms[0]);
  });
});
