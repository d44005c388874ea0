import { timeGrid } from "@parakkt/core";
import { adjointMgrit, identity, integratorSteps, mgrit, timeHierarchy, type InitialGuess, type Mgrit, type ParametrisedStepFunction, type TimeHierarchy } from "@parakkt/layers";
import { denseIntegrator, dot, euclideanNorm, relativeDistance, seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { denseNetwork, hierarchyOf, lossGradient, randomState, randomWeights, recurrentNetwork, smoothWeights } from "./network-cases.js";

const width = 6;
const dense = (steps: number): ParametrisedStepFunction => denseNetwork({ weights: randomWeights({ steps, width, seed: 3 }), width });

/** Enough cycles for rounding. */
const CONVERGED = 25;

function gradientOf(hierarchy: TimeHierarchy, steps: ParametrisedStepFunction, cycles: { forward: number; backward: number; adjointGuess?: InitialGuess }): Float64Array {
  const [initialState, target] = [randomState(steps.stateSize, 1), randomState(steps.stateSize, 2)];
  return lossGradient({ hierarchy, steps, initialState, target, ...cycles }).gradient;
}

describe.each<[string, ParametrisedStepFunction, number, number]>([
  ["a dense residual network of 96 layers", dense(96), 96, 5],
  ["an implicit gated recurrent unit over a sequence of 96", recurrentNetwork({ steps: 96, features: 5, seed: 4 }), 96, 96],
  ["a residual network whose depth no factor divides", dense(61), 61, 5],
])("the gradient of %s", (_name, steps, N, duration) => {
  const serial = gradientOf(hierarchyOf(N, { levels: 1, duration }), steps, { forward: 0, backward: 0 });

  test.each([
    ["two levels, c = 4", { levels: 2 }],
    ["two levels, c = 8", { levels: 2, coarsening: 8 }],
    ["three levels", { levels: 3, coarsening: 3 }],
  ])("is that of serial backpropagation to 1e-12 when the solves have converged, %s", (_levels, options) => {
    const hierarchy = hierarchyOf(N, { ...options, duration });
    expect(relativeDistance(gradientOf(hierarchy, steps, { forward: CONVERGED, backward: CONVERGED }), serial)).toBeLessThan(1e-12);
  });

  test("and is another one after two forward cycles and one backward cycle", () => {
    expect(relativeDistance(gradientOf(hierarchyOf(N, { levels: 2, duration }), steps, { forward: 2, backward: 1 }), serial)).toBeGreaterThan(1e-8);
  });
});

describe("a linear network", () => {
  const N = 48;
  const network = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 5 }).map((theta) => theta.fill(0, width * width)), width, activation: identity });
  const hierarchy = hierarchyOf(N, { levels: 3, coarsening: 3, duration: 3 });
  const g = (n: number): Float64Array => randomState(network.stateSize, 100 + n);
  const [initialState, finalAdjoint] = [randomState(network.stateSize, 1), randomState(network.stateSize, 2)];

  test("satisfies ⟨u_N, λ_N⟩ = ⟨u₀, λ₀⟩ + Σ ⟨gₙ, λₙ⟩ to 1e-12 once both marches have converged, and not after one cycle (MGR.7)", () => {
    const defect = (cycles: number): number => {
      const forward = mgrit(hierarchy, network);
      const adjoint = adjointMgrit(forward, network);
      const limits = { relativeTolerance: 0, maxIterations: cycles };
      forward.solve({ initialState, rightHandSide: (n, out) => out.set(g(n)) }, limits);
      adjoint.solve({ finalAdjoint }, limits);
      const sources = Array.from({ length: N }, (_, k) => dot(g(k + 1), adjoint.adjoint(k + 1))).reduce((a, b) => a + b, 0);
      return Math.abs(dot(forward.state(N), finalAdjoint) - dot(initialState, adjoint.adjoint(0)) - sources) / (euclideanNorm(forward.state(N)) * euclideanNorm(finalAdjoint));
    };
    expect(defect(CONVERGED)).toBeLessThan(1e-12);
    expect(defect(1)).toBeGreaterThan(1e-8);
  });
});

test("the adjoint of a scheme without any symmetry, by its integrator, satisfies ⟨u_N, λ_N⟩ = ⟨u₀, λ₀⟩ on unequal steps", () => {
  const random = seededRandom(2);
  const integrator = denseIntegrator({ implicit: Matrix.random(3, 3, { random: random.uniform }), explicit: Matrix.random(3, 3, { random: random.uniform }) });
  const times = [0];
  for (let n = 0; n < 30; n++) times.push(times[n] + 0.02 + 0.05 * random.uniform());
  const steps = integratorSteps(integrator);
  const forward = mgrit(timeHierarchy(timeGrid(times), { levels: 3, coarsening: 3 }), steps);
  const adjoint = adjointMgrit(forward, steps);
  const [initialState, finalAdjoint] = [random.normalVector(3), random.normalVector(3)];
  forward.solve({ initialState }, { relativeTolerance: 1e-15 });
  adjoint.solve({ finalAdjoint }, { relativeTolerance: 1e-15 });
  const scale = euclideanNorm(forward.state(30)) * euclideanNorm(finalAdjoint);
  expect(Math.abs(dot(forward.state(30), finalAdjoint) - dot(initialState, adjoint.adjoint(0)))).toBeLessThan(1e-12 * scale);
  expect(Math.abs(dot(forward.state(29), finalAdjoint) - dot(initialState, adjoint.adjoint(0)))).toBeGreaterThan(1e-6 * scale);
});

describe("a loss that sees every state", () => {
  const N = 48;
  const steps = recurrentNetwork({ steps: N, features: 4, seed: 6 });
  const [initialState, weights] = [randomState(steps.stateSize, 1), Array.from({ length: N + 1 }, (_, n) => randomState(steps.stateSize, 200 + n))];
  const loss = (start: Float64Array): number => {
    const forward = mgrit(hierarchyOf(N, { levels: 1, duration: N }), steps);
    forward.solve({ initialState: start });
    return weights.reduce((sum, w, n) => sum + dot(w, forward.state(n)), 0);
  };

  test.each(["constant", "nested"] as const)("has the derivative ⟨λ₀, d⟩ for its initial state, with the states' slopes as sources, from the guess %s", (guess) => {
    const forward = mgrit(hierarchyOf(N, { levels: 2, duration: N }), steps);
    const adjoint = adjointMgrit(forward, steps);
    forward.solve({ initialState }, { relativeTolerance: 1e-14 });
    adjoint.solve({ finalAdjoint: weights[N], source: (n, out) => out.set(weights[n]), guess }, { relativeTolerance: 1e-14 });
    const d = randomState(steps.stateSize, 3);
    const central = (epsilon: number): number => (loss(initialState.map((u, j) => u + epsilon * d[j])) - loss(initialState.map((u, j) => u - epsilon * d[j]))) / (2 * epsilon);
    const derivative = (4 * central(1e-3) - central(2e-3)) / 3;
    expect(Math.abs(dot(adjoint.adjoint(0), d) - derivative)).toBeLessThan(1e-9 * Math.abs(derivative));
  });
});

test("coarse adjoint steps are linearised at the states of the finest level, also when the forward solve made no cycle", () => {
  const N = 64;
  const steps = dense(N);
  const hierarchy = hierarchyOf(N, { levels: 3, duration: 5 });
  const [initialState, finalAdjoint] = [randomState(steps.stateSize, 1), randomState(steps.stateSize, 2)];
  const converged = mgrit(hierarchy, steps);
  converged.solve({ initialState }, { relativeTolerance: 1e-14 });
  const given = mgrit(hierarchy, steps);
  given.solve({ initialState, guess: (n, out) => out.set(converged.state(n)) }, { maxIterations: 0 });
  const stale = mgrit(hierarchy, steps);
  stale.solve({ initialState: initialState.map((u) => u + 0.1) }, { relativeTolerance: 1e-14 });
  const firstAdjoint = (forward: Mgrit): Float64Array => {
    const adjoint = adjointMgrit(forward, steps);
    adjoint.solve({ finalAdjoint }, { relativeTolerance: 0, maxIterations: 1 });
    return adjoint.adjoint(0);
  };
  expect(relativeDistance(firstAdjoint(given), firstAdjoint(converged))).toBeLessThan(1e-12);
  expect(relativeDistance(firstAdjoint(stale), firstAdjoint(converged))).toBeGreaterThan(1e-6);
});

test("a guess of zeros costs accuracy against the constant one, and must be asked for", () => {
  const N = 256;
  const steps = denseNetwork({ weights: smoothWeights({ steps: N, width, seed: 7 }), width });
  const serial = gradientOf(hierarchyOf(N, { levels: 1, duration: 5 }), steps, { forward: 0, backward: 0 });
  const error = (adjointGuess?: InitialGuess): number =>
    relativeDistance(gradientOf(hierarchyOf(N, { duration: 5 }), steps, { forward: 2, backward: 1, ...(adjointGuess && { adjointGuess }) }), serial);
  const zeros: InitialGuess = (_n, out) => void out.fill(0);
  expect(error("constant")).toBe(error());
  expect(error(zeros)).toBeGreaterThan(1.5 * error("constant"));
  expect(error("nested")).toBeLessThan(error("constant"));
});
