import {
  backwardEuler,
  boxGrid,
  cg,
  choleskySolver,
  diffusionOperator,
  frequencySchurComplement,
  frequencySchurFormulation,
  heapArena,
  heatProblem,
  optimalControlSolver,
  reducedFormulation,
  schurComplement,
  serialCommunicator,
  spaceTimeDiscretization,
  timeGrid,
  timePartition,
  timeTransform,
  uniformTimeGrid,
  writeStep,
  type FormulationFactory,
  type SpaceTimeDiscretization,
  type TimeGrid,
  type TimeIntegrator,
} from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { differingBits, randomSpaceTimeVector, relativeDistance, seededRandom, simulateRanks, toStepOrder } from "@parakkt/testing";

const operator = diffusionOperator(boxGrid({ extent: [1, 0.7], cells: [6, 5] }), (x, y) => 0.1 + x * y);
const integrator = backwardEuler({ operator, solver: choleskySolver(operator), controlScale: 1.3 });
const kernelSets: readonly [string, (() => Kernels) | undefined][] = [
  ["one state at a time", undefined],
  ["plain kernels", plainKernels],
  ["SIMD kernels", () => simdKernels()!],
];

function discretize(grid: TimeGrid, options: { subdomains?: number; kernels?: Kernels | undefined; integrator?: TimeIntegrator } = {}): SpaceTimeDiscretization {
  const { subdomains = 5, kernels, integrator: used = integrator } = options;
  return spaceTimeDiscretization({
    integrator: used,
    partition: timePartition(grid, subdomains, 0),
    regularization: 1e-2,
    communicator: serialCommunicator(),
    arena: kernels ?? heapArena(),
    lanes: kernels && used.lanes?.(kernels),
  });
}

describe.each(kernelSets)("on %s", (_name, kernels) => {
  test.each([
    [1, 16],
    [5, 23],
    [9, 18],
  ])("V S V in %i subdomains and %i steps is block diagonal plus a coupling of rank one in time (DIA.3)", (subdomains, steps) => {
    const d = discretize(uniformTimeGrid(2, steps), { subdomains, kernels: kernels?.() });
    const transform = timeTransform(d.stateLayout, d.communicator, d.arena);
    const [x, image, expected] = [0, 1, 2].map(() => d.arena.allocate(d.stateLayout.length));
    x.set(randomSpaceTimeVector(d.stateLayout, 4));
    schurComplement(d).apply(x, expected);
    transform.apply(x);
    transform.apply(expected);
    const inFrequencies = frequencySchurComplement(d);
    inFrequencies.apply(x, image);
    expect(relativeDistance(image, expected)).toBeLessThan(1e-13);
    const product = inFrequencies.applyInnerProduct?.(x, image);
    if (product !== undefined) expect(Math.abs(product / d.stateSpace.innerProduct(x, image) - 1)).toBeLessThan(1e-13);
  });
});

test("the coupling is needed: without the sum over the frequencies the operator is another one (negative control)", () => {
  const d = discretize(uniformTimeGrid(2, 16));
  const x = randomSpaceTimeVector(d.stateLayout, 4);
  const [image, blocks] = [new Float64Array(x.length), new Float64Array(x.length)];
  frequencySchurComplement(d).apply(x, image);
  const silent = { ...d, communicator: { ...d.communicator, size: 2, broadcast: (_root: number, sum: Float64Array) => void sum.fill(0), receive: () => undefined } };
  frequencySchurComplement(silent).apply(x, blocks);
  expect(relativeDistance(blocks, image)).toBeGreaterThan(1e-3);
});

test.each([2, 3, 5])("S in frequencies has the bits of one rank on %i ranks, and sends one sum", (ranks) => {
  const grid = uniformTimeGrid(1, 23);
  const field = (d: SpaceTimeDiscretization): Float64Array => {
    const data = new Float64Array(d.stateLayout.length);
    for (let n = d.stateLayout.steps.first; n <= d.stateLayout.steps.last; n++) writeStep({ layout: d.stateLayout, data }, n, seededRandom(n).normalVector(d.stateLayout.dofs));
    return data;
  };
  const program = (communicator: SpaceTimeDiscretization["communicator"]): { image: Float64Array; messages: number } => {
    const d = spaceTimeDiscretization({ integrator, partition: timePartition(grid, 5, 0), regularization: 1e-2, communicator, arena: heapArena() });
    const image = new Float64Array(d.stateLayout.length);
    frequencySchurComplement(d).apply(field(d), image);
    return { image: toStepOrder([d.stateLayout], image), messages: communicator.messages };
  };
  const results = simulateRanks(ranks, program);
  expect(differingBits(Float64Array.from(results.flatMap(({ image }) => [...image])), program(serialCommunicator()).image)).toBe(0);
  expect(results.reduce((sum, { messages }) => sum + messages, 0)).toBe(ranks);
});

describe("the formulation in frequencies", () => {
  const solveWith = (formulation: FormulationFactory) => {
    const problem = heatProblem({
      space: boxGrid({ extent: [1, 1], cells: [8, 8] }),
      time: uniformTimeGrid(1, 20),
      diffusivity: (x, y) => 0.05 + x * y,
      initialState: (x, y) => Math.sin(Math.PI * x) * y * (1 - y),
      target: (x, y, _z, t) => t * x * (1 - x) * y,
      source: (x, _y, _z, t) => x * t,
      regularization: 1e-2,
      spatialSolver: choleskySolver,
    });
    return optimalControlSolver(problem, { formulation, method: cg, decomposition: { subdomains: 4, overlap: 0 }, criteria: { maxIterations: 2000 } }).solve();
  };

  test("finds the certified optimum that reduced CG finds", () => {
    const [found, reference] = [solveWith(frequencySchurFormulation), solveWith(reducedFormulation)];
    expect(found.reason.kind).toBe("converged");
    expect(found.relativeResidual).toBeLessThanOrEqual(1e-8);
    expect(Math.abs(found.objective.total / reference.objective.total - 1)).toBeLessThan(1e-7);
  });
});

describe("what (DIA.1) rests on is required:", () => {
  const refused = (grid: TimeGrid, used: TimeIntegrator = integrator) => () => frequencySchurComplement(discretize(grid, { integrator: used }));
  const grid = uniformTimeGrid(1, 10);

  test("equal steps", () => {
    expect(refused(timeGrid([0, 0.1, 0.3, 0.6, 1, 2]))).toThrow("got steps of unequal size");
  });
  test("an operator that does not depend on time", () => {
    const heating: TimeIntegrator = { ...integrator, residual: (step, previous, current, out) => integrator.residual(step, previous, current.map((value) => value * (1 + step.index)), out) };
    expect(refused(grid, heating)).toThrow("got an operator that depends on time");
  });
  test("a previous state that enters as it is", () => {
    const forgetful: TimeIntegrator = { ...integrator, residual: (step, previous, current, out) => integrator.residual(step, previous.map((value) => value / 2), current, out) };
    expect(refused(grid, forgetful)).toThrow("got a previous state that does not enter as it is");
  });
  test("a symmetric operator", () => {
    const drifting: TimeIntegrator = {
      ...integrator,
      residual(step, previous, current, out) {
        integrator.residual(step, previous, current, out);
        for (let j = 1; j < out.length; j++) out[j] += current[j - 1];
      },
    };
    expect(refused(grid, drifting)).toThrow("got an operator that is not symmetric");
  });
  test("a control that is distributed and enters as s τ z", () => {
    expect(refused(grid, { ...integrator, controlSize: 3 })).toThrow("not distributed over all degrees of freedom");
    expect(refused(grid, { ...integrator, controlScale: 2 })).toThrow("got a control that does not enter as s τ z");
  });
});
