import { mgrit } from "@parakkt/layers";
import { convergence, type CountCase } from "./iteration-counts.js";
import { hierarchyOf, randomState, recurrentNetwork } from "./network-cases.js";

const DEPTHS = [64, 256, 1024];
const FACTORS = [2, 4, 8, 16];

/** The largest count over the depths and coarsening factors that leave at least two coarse steps. */
function mostCycles(setting: Omit<CountCase, "steps">): number {
  const cycles = FACTORS.flatMap((coarsening) => DEPTHS.map((steps) => convergence({ ...setting, coarsening, steps }).cycles));
  return Math.max(...cycles);
}

describe.each([
  ["smooth", 1, { average: 4, inject: 6 }],
  ["smooth", 5, { average: 7, inject: 7 }],
  ["random", 1, { average: 6, inject: 8 }],
  ["random", 5, { average: 9, inject: 12 }],
] as const)("a dense network of width 16 with %s weights, T = %i, 64 to 1024 layers, c = 2 to 16", (weights, duration, most) => {
  test.each(["average", "inject"] as const)("takes the recorded cycles with two levels and coarse weights by %s", (coarse) => {
    expect(mostCycles({ weights, duration, coarse })).toBeLessThanOrEqual(most[coarse]);
  });

  test("takes at most two more in V-cycles on all levels, and as many in F-cycles", () => {
    const deep = { weights, duration, levels: 4, coarsening: 4 } as const;
    for (const steps of DEPTHS.slice(1)) {
      const two = convergence({ ...deep, steps, levels: 2 }).cycles;
      expect(convergence({ ...deep, steps }).cycles).toBeLessThanOrEqual(two + 2);
      expect(convergence({ ...deep, steps, options: { cycle: "F" } }).cycles).toBeLessThanOrEqual(two);
      expect(convergence({ ...deep, steps, options: { relaxations: [1, 0] } }).cycles).toBeLessThanOrEqual(two + 3);
    }
  });
});

test.each([4, 8])("the implicit gated recurrent unit converges over a sequence of 1024, c = %i", (coarsening) => {
  const N = 1024;
  const network = recurrentNetwork({ steps: N, features: 8, seed: 5 });
  const solver = mgrit(hierarchyOf(N, { coarsening, levels: 2, duration: N }), network);
  expect(solver.solve({ initialState: randomState(network.stateSize) }, { relativeTolerance: 1e-10, maxIterations: 14 }).reason.kind).toBe("converged");
});
