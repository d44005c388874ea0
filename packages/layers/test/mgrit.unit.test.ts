import { InvalidArgumentError, uniformTimeGrid } from "@parakkt/core";
import { denseResidual, integratorSteps, layerSteps, mgrit, stepFunctionPerLevel, timeHierarchy, valuesPerStep, type Layer, type Mgrit, type StepFunction } from "@parakkt/layers";
import { differingBits, modalIntegrator, relativeDistance } from "@parakkt/testing";
import { denseNetwork, hierarchyOf, plainStates, randomState, randomWeights, smoothWeights } from "./network-cases.js";

const N = 64;
const width = 5;
const network = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 3 }), width });
const initialState = randomState(network.stateSize);
const states = (solver: Mgrit): Float64Array[] => Array.from({ length: N + 1 }, (_, n) => solver.state(n).slice());
const bitsApart = (x: readonly Float64Array[], y: readonly Float64Array[]): number => x.reduce((sum, state, n) => sum + differingBits(state, y[n]), 0);

describe("one level", () => {
  const hierarchy = hierarchyOf(N, { levels: 1 });

  test("is plain stepping, bit for bit, and two converged levels are not", () => {
    const serial = mgrit(hierarchy, network);
    const { reason, iterations, residualNorms } = serial.solve({ initialState });
    expect(reason).toEqual({ kind: "converged", by: "serial-march" });
    expect([iterations, residualNorms]).toEqual([0, []]);
    const reference = plainStates(hierarchy, network, initialState);
    expect(bitsApart(states(serial), reference)).toBe(0);
    const twoLevels = mgrit(hierarchyOf(N, { levels: 2 }), network);
    twoLevels.solve({ initialState }, { relativeTolerance: 1e-10 });
    expect(bitsApart(states(twoLevels), reference)).toBeGreaterThan(0);
  });

  test("adds the right-hand side to every step", () => {
    const g = (n: number): Float64Array => randomState(network.stateSize, n);
    const serial = mgrit(hierarchy, network);
    serial.solve({ initialState, rightHandSide: (n, out) => out.set(g(n)) });
    const expected = new Float64Array(network.stateSize);
    network.step(hierarchy.levels[0].step(7), serial.state(6), expected);
    expect(differingBits(serial.state(7), expected.map((value, j) => value + g(7)[j]))).toBe(0);
  });
});

describe.each([
  ["two levels", { levels: 2 }, {}],
  ["four levels", { levels: 4, coarsening: 3 }, {}],
  ["levels of their own factors", { levels: 3, coarsening: [8, 2] }, { relaxations: [1, 0] }],
  ["a factor that does not divide", { levels: 3, coarsening: 5 }, {}],
  ["F-cycles", { levels: 3 }, { cycle: "F" as const }],
  ["weighted C-relaxation", { levels: 3 }, { weight: [1.2, 0.9] }],
])("%s", (_name, levels, options) => {
  const hierarchy = hierarchyOf(N, levels);
  const reference = plainStates(hierarchy, network, initialState);

  test("converge to plain stepping", () => {
    const solver = mgrit(hierarchy, network, options);
    const { reason, residualNorms, iterations } = solver.solve({ initialState }, { relativeTolerance: 1e-13 });
    expect(reason).toEqual({ kind: "converged", by: "relative-tolerance" });
    expect(residualNorms).toHaveLength(iterations + 1);
    states(solver).forEach((state, n) => expect(relativeDistance(state, reference[n])).toBeLessThan(1e-12));
  });

  test("stay at the solution, with a residual below 1e-14, and not next to it", () => {
    const after = (cycles: number, shift: number): number => {
      const guess = (n: number, out: Float64Array): void => out.set(reference[n].map((value) => value + shift));
      const { residualNorms } = mgrit(hierarchy, network, options).solve({ initialState, guess }, { relativeTolerance: 0, maxIterations: cycles });
      return residualNorms[residualNorms.length - 1];
    };
    expect(after(0, 0)).toBe(0);
    expect(after(1, 1e-16)).toBeLessThan(1e-14);
    expect(after(0, 1e-10)).toBeGreaterThan(1e-14);
  });

  test("leave no residual at F-points, bit for bit, but one at C-points", () => {
    const solver = mgrit(hierarchy, network, options);
    solver.solve({ initialState }, { relativeTolerance: 0, maxIterations: 1 });
    const [level] = hierarchy.levels;
    const ends = new Set(Array.from({ length: level.intervals }, (_, i) => level.interval(i).last));
    const next = new Float64Array(network.stateSize);
    const differing = Array.from({ length: N }, (_, k) => {
      network.step(level.step(k + 1), solver.state(k), next);
      return differingBits(solver.state(k + 1), next);
    });
    expect(differing.filter((_, k) => !ends.has(k + 1)).every((bits) => bits === 0)).toBe(true);
    expect(differing.some((bits, k) => ends.has(k + 1) && bits > 0)).toBe(true);
  });
});

describe("the right-hand side", () => {
  test("of a heat equation with a source is solved as the march does, on three levels and from every guess", () => {
    const heat = integratorSteps(modalIntegrator(Float64Array.of(0.5, 20, 3000)));
    const task = { initialState: Float64Array.of(1, 1, 1), rightHandSide: (n: number, out: Float64Array) => void out.fill(Math.cos(n) / N) };
    const serial = mgrit(hierarchyOf(N, { levels: 1 }), heat);
    serial.solve(task);
    for (const guess of ["constant", "nested"] as const) {
      const solver = mgrit(hierarchyOf(N, { levels: 3, coarsening: 3 }), heat);
      const { reason } = solver.solve({ ...task, guess }, { relativeTolerance: 1e-13 });
      expect(reason.kind).toBe("converged");
      for (let n = 0; n <= N; n++) expect(relativeDistance(solver.state(n), serial.state(n))).toBeLessThan(1e-12);
    }
  });

  test("inside of the step function, as forcing, gives the same states", () => {
    const integrator = modalIntegrator(Float64Array.of(0.5, 20));
    const steps = integratorSteps(integrator, (at, out) => void out.fill(at.size * Math.cos(at.end)));
    const [serial, solver] = [mgrit(hierarchyOf(N, { levels: 1 }), steps), mgrit(hierarchyOf(N, { levels: 3 }), steps)];
    for (const each of [serial, solver]) each.solve({ initialState: Float64Array.of(1, 2) }, { relativeTolerance: 1e-13 });
    expect(relativeDistance(solver.state(N), serial.state(N))).toBeLessThan(1e-12);
  });
});

describe("layers that take many steps at once", () => {
  const N = 16;
  /** The same layer with `forwardMany`, which notes how many calls it was given. */
  const batched = (sizes: number[], error = 0): StepFunction => {
    const layer = denseResidual({ batch: 2, features: width });
    const forwardMany: Layer["forwardMany"] = (calls, states, next) => {
      sizes.push(calls.length);
      calls.forEach((call, k) => layer.forward({ ...call, size: call.size + error }, states[k], next[k]));
    };
    return layerSteps({ layer: { ...layer, forwardMany }, parameters: valuesPerStep(randomWeights({ steps: N, width, seed: 3 }), "average") });
  };
  const single = layerSteps({ layer: denseResidual({ batch: 2, features: width }), parameters: valuesPerStep(randomWeights({ steps: N, width, seed: 3 }), "average") });
  const finalState = (steps: StepFunction): Float64Array => {
    const solver = mgrit(hierarchyOf(N, { levels: 2 }), steps);
    solver.solve({ initialState: randomState(2 * width) }, { relativeTolerance: 0, maxIterations: 1 });
    return solver.state(N);
  };

  test("are given the k-th steps of all intervals together, with the same bits, and a different result shows", () => {
    const sizes: number[] = [];
    expect(differingBits(finalState(batched(sizes)), finalState(single))).toBe(0);
    expect(sizes).toEqual(Array(3 * 4 + 1).fill(4));
    expect(differingBits(finalState(batched([], 1e-12)), finalState(single))).toBeGreaterThan(0);
  });
});

test("C-relaxation with weight ω takes (1 − ω) u + ω arrival", () => {
  const [mu, omega] = [0.5, 0.7];
  const halving: StepFunction = { stateSize: 1, step: (_at, [u], next) => void (next[0] = mu * u) };
  const unchanged: StepFunction = { stateSize: 1, step: (_at, [u], next) => void (next[0] = u) };
  const solver = mgrit(hierarchyOf(4, { coarsening: 2, levels: 2 }), stepFunctionPerLevel([halving, unchanged]), { weight: omega });
  const guess = [0, 0, 3, 0, 5];
  solver.solve({ initialState: Float64Array.of(1), guess: (n, out) => void (out[0] = guess[n]) }, { maxIterations: 1 });
  const arrival = mu ** 2;
  const relaxed = (1 - omega) * guess[2] + omega * arrival;
  expect(solver.state(2)[0]).toBe(arrival);
  expect(Math.abs(solver.state(4)[0] - (arrival + (mu ** 2 - 1) * relaxed))).toBeLessThan(1e-15);
});

describe("initial guesses", () => {
  const smooth = denseNetwork({ weights: smoothWeights({ steps: N, width, seed: 3 }), width });
  const firstResidual = (guess: "constant" | "nested"): number =>
    mgrit(hierarchyOf(N, { levels: 3, coarsening: 2, duration: 3 }), smooth).solve({ initialState, guess }, { maxIterations: 0 }).residualNorms[0];

  test("nested iteration begins with a residual at least ten times smaller than that of constant states", () => {
    expect(firstResidual("nested")).toBeLessThan(firstResidual("constant") / 10);
  });

  test("nested iteration takes a V-cycle on each level between the coarsest and the finest", () => {
    const hierarchy = hierarchyOf(N, { levels: 3 });
    const solver = mgrit(hierarchy, smooth);
    solver.solve({ initialState, guess: "nested" }, { maxIterations: 0 });
    const [fine, middle, coarse] = hierarchy.levels.map(({ steps }) => steps);
    expect(solver.counts.evaluations).toEqual([fine, 3 * middle, 3 * coarse]);
  });

  test("nested iteration gives a coarse step the right-hand sides of its fine ones: exact where nothing else moves", () => {
    const still: StepFunction = { stateSize: 1, step: (_at, [u], next) => void (next[0] = u) };
    const solver = mgrit(hierarchyOf(N, { levels: 3 }), still);
    const { residualNorms } = solver.solve({ initialState: Float64Array.of(1), rightHandSide: (n, out) => void (out[0] = n), guess: "nested" }, { maxIterations: 0 });
    expect(residualNorms[0]).toBe(0);
    expect(solver.state(N)[0]).toBe(1 + (N * (N + 1)) / 2);
  });

  test("the states of the last solve are kept, so that halves of a solve make a whole one", () => {
    const whole = mgrit(hierarchyOf(N, { levels: 3 }), network);
    const halves = mgrit(hierarchyOf(N, { levels: 3 }), network);
    whole.solve({ initialState }, { relativeTolerance: 0, maxIterations: 4 });
    halves.solve({ initialState }, { relativeTolerance: 0, maxIterations: 2 });
    halves.solve({ initialState, guess: "previous" }, { relativeTolerance: 0, maxIterations: 2 });
    expect(bitsApart(states(whole), states(halves))).toBe(0);
  });

  test("there is no previous state before the first solve", () => {
    expect(() => mgrit(hierarchyOf(N), network).solve({ initialState, guess: "previous" })).toThrow(InvalidArgumentError);
  });
});

describe("halting", () => {
  const solve = (criteria: object) => mgrit(hierarchyOf(N, { levels: 2 }), network).solve({ initialState }, criteria);

  test("by the relative tolerance, the absolute one, or the limit, whichever comes first", () => {
    const { residualNorms } = solve({ relativeTolerance: 1e-6 });
    expect(residualNorms[residualNorms.length - 1]).toBeLessThanOrEqual(1e-6 * residualNorms[0]);
    expect(residualNorms[residualNorms.length - 2]).toBeGreaterThan(1e-6 * residualNorms[0]);
    expect(solve({ relativeTolerance: 0, absoluteTolerance: 1e-6 }).reason).toEqual({ kind: "converged", by: "absolute-tolerance" });
    expect(solve({ relativeTolerance: 0, maxIterations: 2 })).toMatchObject({ iterations: 2, reason: { kind: "stopped", by: "max-iterations" } });
  });
});

describe("when the iteration leaves the numbers", () => {
  /** A step that is finite where it is used as a fine one and overflows as a coarse one. */
  const exploding: StepFunction = {
    stateSize: 2,
    step: (at, state, next) => state.forEach((u, j) => (next[j] = at.level === 0 ? Math.cos(u + j) : u * 1e300 + 1e300)),
  };
  const start = Float64Array.of(0.3, 0.4);

  test("the states are those of the serial march, bit for bit, and the reason says so", () => {
    const hierarchy = timeHierarchy(uniformTimeGrid(1, N), { levels: 2 });
    const solver = mgrit(hierarchy, exploding);
    const { reason } = solver.solve({ initialState: start });
    expect(reason).toMatchObject({ kind: "fell-back", by: "non-finite", iteration: 1 });
    expect(bitsApart(states(solver), plainStates(hierarchy, exploding, start))).toBe(0);
  });

  test("and the march leaves them too, the solve has failed", () => {
    const hopeless: StepFunction = { stateSize: 2, step: (_at, state, next) => state.forEach((u, j) => (next[j] = 1e200 * u * u)) };
    expect(mgrit(hierarchyOf(N, { levels: 2 }), hopeless).solve({ initialState: start }).reason).toMatchObject({ kind: "failed", by: "non-finite" });
    expect(mgrit(hierarchyOf(N, { levels: 1 }), hopeless).solve({ initialState: start }).reason).toMatchObject({ kind: "failed", by: "non-finite" });
  });
});

test("a step function that changes from sweep to sweep, as fresh dropout masks do, keeps the residual from converging", () => {
  let calls = 0;
  const masked = (frozen: boolean): StepFunction => ({
    stateSize: network.stateSize,
    step(at, state, next) {
      network.step(at, state, next);
      const dropped = (frozen ? at.fine.first : calls++) % next.length;
      next[dropped] = state[dropped];
    },
  });
  const reduction = (frozen: boolean): number => {
    const { residualNorms } = mgrit(hierarchyOf(N, { levels: 2 }), masked(frozen)).solve({ initialState }, { relativeTolerance: 1e-10, maxIterations: 10 });
    return residualNorms[residualNorms.length - 1] / residualNorms[0];
  };
  expect(reduction(true)).toBeLessThanOrEqual(1e-10);
  expect(reduction(false)).toBeGreaterThan(1e-2);
});

describe("a predator and its prey by Runge and Kutta, a plain ODE", () => {
  const slope = ([x, y]: readonly number[]): number[] => [x * (1.5 - y), y * (x - 3)];
  const along = (u: readonly number[], h: number, k: readonly number[]): number[] => u.map((value, j) => value + h * k[j]);
  const rungeKutta: StepFunction = {
    stateSize: 2,
    step({ size: h }, state, next) {
      const u = [...state];
      const k1 = slope(u);
      const k2 = slope(along(u, h / 2, k1));
      const k3 = slope(along(u, h / 2, k2));
      const k4 = slope(along(u, h, k3));
      u.forEach((value, j) => (next[j] = value + (h / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j])));
    },
  };
  const initialState = Float64Array.of(4, 1);

  test("is marched over two periods in half of the cycles after which it must be exact (MGR.5)", () => {
    const [serial, parallel] = [1, 2].map((levels) => mgrit(hierarchyOf(256, { levels, duration: 6 }), rungeKutta));
    serial.solve({ initialState });
    const { reason, iterations } = parallel.solve({ initialState, guess: "nested" }, { relativeTolerance: 1e-12 });
    expect(reason.kind).toBe("converged");
    expect(iterations).toBeLessThanOrEqual(64 / 2 / 2);
    for (let n = 0; n <= 256; n += 32) expect(relativeDistance(parallel.state(n), serial.state(n))).toBeLessThan(1e-10);
  });

  test("keeps x − 3 log x + y − 1.5 log y as the fine steps do, not as the coarse ones do", () => {
    const invariant = ([x, y]: Float64Array): number => x - 3 * Math.log(x) + y - 1.5 * Math.log(y);
    const drift = (steps: number, levels: number): number => {
      const solver = mgrit(hierarchyOf(steps, { levels, duration: 6 }), rungeKutta);
      solver.solve({ initialState }, { relativeTolerance: 1e-12 });
      return Math.abs(invariant(solver.state(steps)) - invariant(initialState));
    };
    expect(drift(256, 2)).toBeLessThan(2 * drift(256, 1));
    expect(drift(64, 1)).toBeGreaterThan(50 * drift(256, 2));
  });
});
