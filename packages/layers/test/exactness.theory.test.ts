import { mgrit, stepFunctionPerLevel, type StepFunction } from "@parakkt/layers";
import { relativeDistance } from "@parakkt/testing";
import { denseNetwork, hierarchyOf, plainStates, randomState, randomWeights } from "./network-cases.js";

/** Rounding of a few dozen steps, each of which adds a few units in the last place. */
const ROUNDING = 1e-13;
const N = 64;
const width = 5;

const layers = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 3 }), width });
const initialState = randomState(layers.stateSize);
/** A coarse step that knows nothing of the layers, so that there is no convergence but the exactness. */
const useless: StepFunction = { stateSize: layers.stateSize, step: (_at, state, next) => next.set(state) };
const steps = stepFunctionPerLevel([layers, useless]);

/** Distances of u₀ … u_N from plain stepping after k cycles. */
function distances({ c, relaxations, cycles }: { c: number; relaxations: number; cycles: number }): number[] {
  const hierarchy = hierarchyOf(N, { coarsening: c, levels: 2, duration: 20 });
  const solver = mgrit(hierarchy, steps, { relaxations });
  solver.solve({ initialState }, { relativeTolerance: 0, maxIterations: cycles });
  return plainStates(hierarchy, layers, initialState).map((exact, n) => relativeDistance(solver.state(n), exact));
}

describe.each([
  [4, 0, 16],
  [4, 1, 8],
  [4, 2, 6],
  [16, 0, 4],
  [16, 1, 2],
  [16, 2, 2],
])("two levels, N = 64, c = %i, ν = %i", (c, relaxations, needed) => {
  test(`are exact everywhere after ⌈N/((ν + 1)c)⌉ = ${needed} cycles, and not one earlier (MGR.5)`, () => {
    expect(Math.ceil(N / ((relaxations + 1) * c))).toBe(needed);
    expect(Math.max(...distances({ c, relaxations, cycles: needed }))).toBeLessThan(ROUNDING);
    expect(Math.max(...distances({ c, relaxations, cycles: needed - 1 }))).toBeGreaterThan(ROUNDING);
  });

  test("are exact below point c((ν + 1)k + 1) after k cycles, and not at that point", () => {
    for (let cycles = 0; cycles < Math.min(needed, 3); cycles++) {
      const found = distances({ c, relaxations, cycles });
      const reach = c * ((relaxations + 1) * cycles + 1);
      expect(Math.max(...found.slice(0, reach))).toBeLessThan(ROUNDING);
      if (reach <= N) expect(found[reach]).toBeGreaterThan(ROUNDING);
    }
  });
});
