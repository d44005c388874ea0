import {
  backwardEuler,
  boxGrid,
  choleskySolver,
  diffusionOperator,
  serialCommunicator,
  spaceTimeDiscretization,
  timeGrid,
  timePartition,
  wholeIntervalSweep,
  writeStep,
  type Communicator,
} from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { differingBits, seededRandom, simulateRanks, toStepOrder } from "@parakkt/testing";

const steps = 19;
const grid = timeGrid(Array.from({ length: steps + 1 }, (_, n) => 2 * (n / steps) ** 1.3));
const operator = diffusionOperator(boxGrid({ extent: [1, 0.7], cells: [6, 8] }), (x, y) => 1 + x + 2 * y);
const integrator = backwardEuler({ operator, solver: choleskySolver(operator) });

interface Case {
  readonly create: () => Kernels;
  readonly subdomains: number;
  /** Factor on the couplings. */
  readonly memory?: number;
}

/** The steps of this rank after a sweep to another vector and one to and fro in place, from values that belong to the steps. */
function swept({ create, subdomains, memory = 1 }: Case, communicator: Communicator): Float64Array {
  const kernels = create();
  const discretization = spaceTimeDiscretization({
    ...{ integrator, lanes: integrator.lanes?.(kernels), communicator, arena: kernels },
    ...{ partition: timePartition(grid, subdomains, 0), regularization: 1 },
  });
  const layout = discretization.stateLayout;
  const [x, y] = [kernels.allocate(layout.length), kernels.allocate(layout.length)];
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data: x }, n, seededRandom(n).normalVector(layout.dofs));
  const sweep = wholeIntervalSweep(discretization, (step) => ({ step, reaction: 0, scale: 1, coupling: memory * (1 - 0.01 * step.index), adjointCoupling: memory }));
  sweep.forward(x, y);
  sweep.forward(x);
  const sameInPlace = differingBits(x, y);
  sweep.adjoint(x);
  return Float64Array.of(...toStepOrder([layout], y), ...toStepOrder([layout], x), sameInPlace);
}

describe.each([
  ["SIMD", simdKernels],
  ["plain", plainKernels],
])("a sweep over the whole interval on %s kernels", (_, create) => {
  const single = swept({ create, subdomains: 1 }, serialCommunicator());

  test("has the same bits in any number of lanes, of equal length or not, in place or not", () => {
    expect(single[single.length - 1]).toBe(0);
    for (const subdomains of [2, 7, 8, 15, 19]) expect(differingBits(swept({ create, subdomains }, serialCommunicator()), single)).toBe(0);
  });

  test("does not without what enters a step from the one before it", () => {
    expect(differingBits(swept({ create, subdomains: 8, memory: 0 }, serialCommunicator()), single)).toBeGreaterThan(single.length / 2);
  });

  test("has the same bits on two and three ranks", () => {
    for (const ranks of [2, 3]) {
      const parts = simulateRanks(ranks, (communicator) => swept({ create, subdomains: 11 }, communicator));
      const half = (part: Float64Array, k: number): number[] => [...part.subarray((k * (part.length - 1)) / 2, ((k + 1) * (part.length - 1)) / 2)];
      const joined = Float64Array.from([0, 1].flatMap((k) => parts.flatMap((part) => half(part, k))));
      expect(differingBits(joined, single.subarray(0, -1))).toBe(0);
    }
  });
});
