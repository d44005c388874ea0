import {
  boxGrid,
  choleskySolver,
  heapArena,
  heatProblem,
  serialCommunicator,
  spaceTimeDiscretization,
  subdomainIntegration,
  timeGrid,
  timeIntegration,
  timePartition,
  writeStep,
  type Communicator,
  type SpaceTimeDiscretization,
} from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { differingBits, seededRandom, simulateRanks, toStepOrder } from "@parakkt/testing";

const STEPS = 23;

/** With µ about 29 ν and T = 2, subdomains forget with ν = 1; with ν = 0.1 halves of the steps forget enough, quarters do not. */
const problemOf = (diffusivity: number) =>
  heatProblem({
    space: boxGrid({ extent: [1, 0.7], cells: [4, 5] }),
    time: timeGrid(Array.from({ length: STEPS + 1 }, (_, n) => 2 * (n / STEPS) ** 1.3)),
    diffusivity,
    regularization: 0.03,
    initialState: () => 0,
    target: () => 0,
    spatialSolver: choleskySolver,
  });

interface Setting {
  readonly diffusivity?: number;
  readonly subdomains: number;
  readonly communicator?: Communicator;
  readonly kernels?: Kernels | undefined;
}

function discretize({ diffusivity = 1, subdomains, communicator = serialCommunicator(), kernels }: Setting): SpaceTimeDiscretization {
  const { integrator, grid, regularization } = problemOf(diffusivity);
  return spaceTimeDiscretization({
    integrator,
    lanes: kernels && integrator.lanes?.(kernels),
    partition: timePartition(grid, subdomains, 0),
    regularization,
    communicator,
    arena: kernels ?? heapArena(),
  });
}

/** Normal values that belong to the step, of the steps that are wanted. */
function field({ arena, stateLayout: layout }: SpaceTimeDiscretization, wanted: (n: number) => boolean = () => true): Float64Array {
  const data = arena.allocate(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) if (wanted(n)) writeStep({ layout, data }, n, seededRandom(n).normalVector(layout.dofs));
  return data;
}

/** The values of all steps, one behind the other. */
function integrated(setting: Setting): Float64Array {
  const discretization = discretize(setting);
  const x = field(discretization);
  subdomainIntegration(discretization)!.integrate(x);
  return toStepOrder([discretization.stateLayout], x);
}

/** By exact integrations, each from the steps of one subdomain. */
function oneByOne(subdomains: number, diffusivity = 1): Float64Array {
  const discretization = discretize({ subdomains, diffusivity });
  const { partition, stateLayout } = discretization;
  const out = new Float64Array(STEPS * stateLayout.dofs);
  for (let i = 0; i < subdomains; i++) {
    const { first, last } = partition.owned(i);
    const x = field(discretization, (n) => n >= first && n <= last);
    timeIntegration(discretization).forward(x);
    const own = [(first - 1) * stateLayout.dofs, last * stateLayout.dofs] as const;
    out.set(toStepOrder([stateLayout], x).subarray(...own), own[0]);
  }
  return out;
}

const distance = (x: Float64Array, y: Float64Array): number => Math.hypot(...x.map((value, i) => value - y[i])) / Math.hypot(...y);

describe.each<[string, () => Kernels | undefined]>([
  ["without kernels", () => undefined],
  ["plain kernels", () => plainKernels()],
  ["SIMD kernels", () => simdKernels()],
])("integration subdomain by subdomain, %s", (_, kernels) => {
  test.each([2, 3, 5])("is J⁻¹ of each of %i subdomains by itself", (subdomains) => {
    expect(distance(integrated({ subdomains, kernels: kernels() }), oneByOne(subdomains))).toBeLessThan(1e-13);
  });

  test("is not J⁻¹, but near it where subdomains forget", () => {
    const discretization = discretize({ subdomains: 3, kernels: kernels() });
    const x = field(discretization);
    timeIntegration(discretization).forward(x);
    const left = distance(integrated({ subdomains: 3, kernels: kernels() }), toStepOrder([discretization.stateLayout], x));
    expect(left).toBeGreaterThan(1e-3);
    expect(left).toBeLessThan(0.25);
  });

  test("is J⁻¹ of each of two halves where four subdomains are too short", () => {
    const halves = integrated({ subdomains: 4, diffusivity: 0.1, kernels: kernels() });
    expect(distance(halves, oneByOne(2, 0.1))).toBeLessThan(1e-13);
    expect(distance(halves, oneByOne(4, 0.1))).toBeGreaterThan(1e-3);
  });

  test.each([2, 3, 4, 6])("of two halves has the bits of one rank on %i ranks", (ranks) => {
    const setting = { subdomains: 4, diffusivity: 0.1 };
    const parts = simulateRanks(ranks, (communicator) => integrated({ ...setting, communicator, kernels: kernels() }));
    expect(differingBits(Float64Array.from(parts.flatMap((part) => [...part])), integrated({ ...setting, kernels: kernels() }))).toBe(0);
  });

  test("is not to be had where they do not, nor for a single subdomain", () => {
    expect(subdomainIntegration(discretize({ subdomains: 3, diffusivity: 0.05, kernels: kernels() }))).toBeUndefined();
    expect(subdomainIntegration(discretize({ subdomains: 1, kernels: kernels() }))).toBeUndefined();
  });

  test.each([2, 3, 4, 5, 7])("has the bits of one rank on %i ranks, whether they cut subdomains or not", (ranks) => {
    const parts = simulateRanks(ranks, (communicator) => integrated({ subdomains: 5, communicator, kernels: kernels() }));
    expect(differingBits(Float64Array.from(parts.flatMap((part) => [...part])), integrated({ subdomains: 5, kernels: kernels() }))).toBe(0);
  });
});

test("ranks send a state where they cut a subdomain, or one of the halves, and nothing elsewhere", () => {
  const messages = (ranks: number, setting: Setting): number[] =>
    simulateRanks(ranks, (communicator) => {
      integrated({ ...setting, communicator });
      return communicator.messages;
    });
  const [five, halves] = [{ subdomains: 5 }, { subdomains: 4, diffusivity: 0.1 }];
  expect(messages(5, five)).toEqual([0, 0, 0, 0, 0]);
  expect(messages(7, five).reduce((sum, sent) => sum + sent, 0)).toBeGreaterThan(0);
  expect(messages(2, halves)).toEqual([0, 0]);
  expect(messages(4, halves)).toEqual([1, 0, 1, 0]);
});
