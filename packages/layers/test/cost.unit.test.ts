import { adjointMgrit, cycleSpan, estimatedSpan, mgrit, modelledSpeedup, type HierarchyOptions, type SpanOptions } from "@parakkt/layers";
import { denseNetwork, hierarchyOf, randomState, randomWeights } from "./network-cases.js";

const width = 3;

/** Counts of forward and adjoint solves of k cycles. */
function solved(N: number, levels: HierarchyOptions, { options = {}, cycles = 2 }: { options?: SpanOptions; cycles?: number } = {}) {
  const network = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 3 }), width });
  const hierarchy = hierarchyOf(N, levels);
  const forward = mgrit(hierarchy, network, options);
  const adjoint = adjointMgrit(forward, network, options);
  const limits = { relativeTolerance: 0, maxIterations: cycles };
  forward.solve({ initialState: randomState(network.stateSize) }, limits);
  adjoint.solve({ finalAdjoint: randomState(network.stateSize, 98) }, limits);
  return { hierarchy, forward: forward.counts, adjoint: adjoint.counts };
}

describe("the span of a cycle", () => {
  test("of a million steps is that of the formula: no list of intervals is spread over the stack", () => {
    const level = (steps: number, intervals: number) => ({ index: 0, steps, intervals, interval: (i: number) => ({ first: 4 * i + 1, last: 4 * i + 4 }), step: () => { throw new Error("no step is looked at"); }, blocks: hierarchyOf(8, {}).levels[0].blocks });
    expect(cycleSpan({ levels: [level(1e6, 250_000), level(250_000, 0)] })).toBe(estimatedSpan({ steps: 1e6, coarsening: 4, levels: 2 }));
  });

  test.each([
    [64, 4],
    [64, 8],
    [256, 16],
    [1024, 4],
  ])("of two levels with FCF-relaxation is 2(c − 1) + 3 + N/c, N = %i, c = %i (MGR.10)", (N, c) => {
    const hierarchy = hierarchyOf(N, { coarsening: c, levels: 2 });
    expect(cycleSpan(hierarchy)).toBe(2 * (c - 1) + 3 + N / c);
    expect(cycleSpan(hierarchy)).toBe(estimatedSpan({ steps: N, coarsening: c, levels: 2 }));
  });

  test.each<[number, HierarchyOptions, SpanOptions]>([
    [64, { levels: 2 }, {}],
    [64, { levels: 3, coarsening: [8, 2] }, { relaxations: [2, 0] }],
    [100, { levels: 4, coarsening: 3 }, { cycle: "F" }],
    [61, { levels: 3, coarsening: 4 }, { relaxations: 0 }],
    [48, { levels: 4, coarsening: 2 }, { cycle: "F", relaxations: [1, 0] }],
  ])("is what is counted, after one sweep to begin with: N = %i, %j, %j", (N, levels, options) => {
    for (const cycles of [0, 1, 3]) {
      const { hierarchy, forward, adjoint } = solved(N, levels, { options, cycles });
      const [finest] = hierarchy.levels;
      const longest = Math.ceil(finest.steps / finest.intervals);
      expect(forward.span).toBe(longest + cycles * cycleSpan(hierarchy, options));
      expect(adjoint.span).toBe(forward.span);
    }
  });

  test.each<SpanOptions>([{}, { cycle: "F", relaxations: [2, 1] }])("on one worker is all that is evaluated in a cycle, on two about half of it, %j", (options) => {
    const levels = { levels: 3, coarsening: 4 };
    const total = (cycles: number): number => solved(128, levels, { options, cycles }).forward.evaluations.reduce((sum, count) => sum + count, 0);
    const span = (workers: number): number => cycleSpan(hierarchyOf(128, levels), { ...options, workers });
    expect(span(1)).toBe(total(2) - total(1));
    expect(span(2)).toBeGreaterThan(span(1) / 2);
    expect(span(2)).toBeLessThan(0.6 * span(1));
  });

  test("of many levels is the usual estimate when coarse levels have F-relaxation, and longer with FCF-relaxation everywhere", () => {
    for (const N of [256, 1024, 4096]) {
      const hierarchy = hierarchyOf(N);
      const estimate = estimatedSpan({ steps: N, coarsening: 4, levels: hierarchy.levels.length });
      expect(cycleSpan(hierarchy, { relaxations: [1, 0] })).toBe(estimate);
      expect(cycleSpan(hierarchy)).toBe(estimate + 4 * (hierarchy.levels.length - 2));
    }
  });
});

test("evaluations and products by level: (ν + 1) N a cycle on the finest, 2 N/c on the coarsest of two", () => {
  const [N, c, cycles] = [64, 4, 3];
  for (const relaxations of [0, 1, 2]) {
    const { forward, adjoint } = solved(N, { coarsening: c, levels: 2 }, { options: { relaxations }, cycles });
    const expected = [N * (1 + cycles * (relaxations + 1)), (2 * cycles * N) / c];
    expect(forward.evaluations).toEqual(expected);
    expect(adjoint.evaluations).toEqual(expected);
  }
});

describe("the modelled speed-up of a training step: two forward cycles, one backward cycle, twice the cost backward", () => {
  test.each([
    [64, 1.9],
    [256, 5.6],
    [1024, 17.9],
    [4096, 59],
  ])("is at best %i layers: %d without communication (MGR.11)", (N, expected) => {
    const digits = expected < 50 ? 1 : 0;
    expect(Number(modelledSpeedup(N).speedup.toFixed(digits))).toBe(expected);
  });

  test("is 1 where nothing can be gained, and smaller for more cycles", () => {
    expect(modelledSpeedup(16)).toMatchObject({ speedup: 1, levels: 1, workers: 1 });
    expect(modelledSpeedup(256, { forwardIterations: 4, backwardIterations: 2 }).speedup).toBe(modelledSpeedup(256).speedup / 2);
  });

  test("is less with the cost of messages, that of the best plan for it: two exchanges a level and two gathers a cycle", () => {
    const costs = { exchangeCost: 0.5, gatherCost: 2 };
    for (const N of [64, 256, 1024, 4096]) {
      const { speedup, levels, coarsening } = modelledSpeedup(N, costs);
      expect(speedup).toBeLessThan(modelledSpeedup(N).speedup);
      const span = estimatedSpan({ steps: N, coarsening, levels });
      expect(speedup).toBeCloseTo((3 * N) / (4 * span + 3 * ((levels - 1) + 4)), 9);
    }
  });

  test("breaks even between four and eight workers, so that two cannot show a gain", () => {
    for (const N of [256, 1024, 4096]) {
      const speedup = (workers: number): number => (3 * N) / (4 * cycleSpan(hierarchyOf(N), { workers, relaxations: [1, 0] }));
      expect(speedup(2)).toBeLessThan(1);
      expect(speedup(8)).toBeGreaterThan(1);
      expect(speedup(4)).toBeGreaterThan(0.8);
      expect(speedup(4)).toBeLessThan(1.2);
    }
  });
});
